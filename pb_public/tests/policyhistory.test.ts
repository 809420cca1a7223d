// What the public history of a policy says of the days on which it was in force, and of those on which it was not.

import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, test } from "vitest";
import { need } from "../src/page/messages.svelte.js";
import { type PolicyVersion, sameWords, type Withdrawal } from "../src/policy/policy.js";
import Times from "../src/policy/Times.svelte";

let mounted: Record<string, unknown> | undefined;
beforeEach(() => need(["history"]));
afterEach(() => {
	if (mounted) void unmount(mounted);
	document.body.replaceChildren();
});

/** What is read of a version of 2 March, at noon so that no zone of time moves a day. */
function said(withdrawals: Partial<Withdrawal>[], until: string | null = null) {
	const version = { published: "2026-03-02T12:00:00Z", until, withdrawals } as PolicyVersion;
	mounted = mount(Times, { target: document.body, props: { version } });
	flushSync();
	return document.body.textContent?.replace(/\s+/g, " ").trim();
}
const because = (text: string) => ({ text, language: "en" });

test("a time without the policy is told from its first day to its last, with both reasons", () => {
	expect(
		said(
			[
				{
					from: "2026-04-01T12:00:00Z",
					to: "2026-04-09T12:00:00Z",
					reason: because("Counsel reads it."),
					again: because("It is right."),
				},
			],
			"2026-05-20T12:00:00Z",
		),
	).toBe(
		"In force from March 2, 2026 to May 20, 2026 Withdrawn from April 1, 2026 to April 9, 2026: Counsel reads it. Posted again: It is right.",
	);
});

test("within one day it is told as that day, and while it lasts as since then", () => {
	expect(
		said([
			{ from: "2026-04-01T12:00:00Z", to: "2026-04-01T12:05:00Z", reason: because("A slip.") },
			{ from: "2026-06-01T12:00:00Z", to: null },
		]),
	).toBe(
		"In force since March 2, 2026 Withdrawn on April 1, 2026, and posted again that day: A slip. Withdrawn since June 1, 2026",
	);
});

test("a version is the same in a language where its words, its title and its summary are", () => {
	const one = (over: Partial<PolicyVersion>) =>
		({ language: "es", sha256: "a", title: "T", summary: "S", ...over }) as PolicyVersion;
	expect(sameWords(one({}), one({}))).toBe(true);
	for (const over of [{ sha256: "b" }, { title: "U" }, { summary: "R" }, { language: "en" }])
		expect(sameWords(one(over), one({}))).toBe(false);
	expect(sameWords(one({}))).toBe(false);
});
