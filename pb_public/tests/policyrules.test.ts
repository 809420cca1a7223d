// What two versions of a policy are said to differ in beside their words.

import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, test } from "vitest";
import { need } from "../src/page/messages.svelte.js";
import Changes from "../src/policy/Changes.svelte";
import type { RulesDiff } from "../src/policy/policy.js";

let mounted: Record<string, unknown> | undefined;
beforeEach(() => need(["history"]));
afterEach(() => {
	if (mounted) void unmount(mounted);
	document.body.replaceChildren();
});

const same = [{ op: "equal" as const, text: "1. Be kind." }];

function said(rules?: RulesDiff | null) {
	mounted = mount(Changes, {
		target: document.body,
		props: { parts: { diff: same, rules }, label: "All", language: "es" },
	});
	flushSync();
	return document.body.textContent?.replace(/\s+/g, " ").trim();
}

test("a check that holds no more is told where no word of the text changed, to who hears it as well", () => {
	const fields = [{ name: "What happens then?", was: "Hold", now: "Say it", own: false }];
	const checks = [{ op: "changed" as const, clause: "be-kind", title: "Phone numbers", fields }];
	const strip = [{ name: "For providers and staff", was: "", now: "Hable en general.", own: true }];
	const asked = [{ name: "Ask again each year", was: "No", now: "Yes", own: false }];
	expect(said({ checks, strip, asked })).toBe(
		"Checks Check changed: Phone numbers #be-kind What happens then? [gone:Hold] [new:Say it] " +
			"Lines shown while writing For providers and staff [new:Hable en general.] " +
			"How often it is asked Ask again each year [gone:No] [new:Yes]",
	);
	expect(document.querySelector("del")?.textContent).toContain("Hold");
	expect(document.querySelector("dd[lang=es]")?.textContent).toContain("Hable");
});

test("who may see the checks reads that none is different; who may not reads of the words alone", () => {
	expect(said({ checks: [], strip: [], asked: [] })).toBe(
		"Both say the same, word for word. No check, and no line shown while writing, is different.",
	);
	document.body.replaceChildren();
	expect(said()).toBe("Both say the same, word for word.");
});
