// What the form of a check tells of what was measured: of one detector, and of the family of all that points to a person.

import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, test } from "vitest";
import { need } from "../src/page/messages.svelte.js";
import DetectorFacts from "../src/policy/manage/DetectorFacts.svelte";

let mounted: Record<string, unknown> | undefined;
beforeEach(() => need(["manage"]));
afterEach(() => {
	if (mounted) void unmount(mounted);
	document.body.replaceChildren();
});

const one = (id: string, family: string, version: number) => ({
	id,
	family,
	version,
	title: id,
	explains: "",
	finds: [{ language: "en", text: `${id} found` }],
	spares: [{ language: "en", text: `${id} spared` }],
	figures: { kept: { precision: 0.875, recall: 0.9 }, tuning: { precision: 1, recall: 0.98 } },
});
const detectors = [one("email", "identifier", 3), one("phone", "identifier", 2), one("crisis", "crisis", 4)];
const half = (lines: number) => ({
	lines,
	harmless: 297,
	recall: 0.92,
	false_alarms: 0.047,
	identifier_recall: 0.984,
	identifier_precision: 0.976,
});

function said(id: string) {
	mounted = mount(DetectorFacts, {
		target: document.body,
		props: { id, detectors, measured: { kept: half(522), tuning: half(1117) } },
	});
	flushSync();
	return document.body.textContent?.replace(/\s+/g, " ") ?? "";
}

test("of a detector: what it finds and leaves alone, both halves, all together, and its version", () => {
	const text = said("crisis");
	for (const words of [
		"crisis found",
		"crisis spared",
		"90 % of what it should find",
		"88 % of what it found",
		"98 % found, 100 % right",
	])
		expect(text).toContain(words);
	expect(text).toContain(
		"on 522 lines that were kept apart: 92 % found, and a false alarm in 5 % of the 297 harmless ones",
	);
	expect(text).toContain("on the 1,117 lines that it was made with");
	expect(text).toContain("Version 4");
	expect(text).not.toContain("email");
});

test("of a family: what is in it, an example of each, and what was measured of it as a whole", () => {
	const text = said("identifier");
	for (const words of [
		"Any of these: E-mail addresses and Phone numbers.",
		"email found",
		"phone found",
		"phone spared",
		"98 % of what it should find",
	])
		expect(text).toContain(words);
	expect(text).not.toContain("Version");
});

test("where nothing is known, nothing is said", () => {
	expect(said("nothing").trim()).toBe("");
});
