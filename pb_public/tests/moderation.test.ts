// What was found in a text, and where it stands.

import { expect, test } from "vitest";
import { type Finding, fieldsOf, foundIn, shownOf, stretches } from "../src/moderation/moderation.js";
import { sitsAtDesk } from "../src/page/gate.js";
import type { Me } from "../src/page/types.js";

const at = (start: number, end: number) => ({ start, end }) as Finding;

test("a text is cut where findings begin and end, counted in code points", () => {
	const text = "😀 call 555-0142, José";
	const findings = [at(18, 22), at(7, 15)];
	expect(foundIn(text, at(7, 15))).toBe("555-0142");
	expect(stretches(text, findings)).toEqual([
		{ text: "😀 call " },
		{ text: "555-0142", found: 2 },
		{ text: ", J" },
		{ text: "osé", found: 1 },
	]);
});

test("words for a file are marked where they were found, captions without their times", () => {
	const words = {
		title: "a.webm",
		body: "",
		transcript: "Call 555-0142",
		captions: "WEBVTT\n\n00:00.000 --> 00:01.000\nA &lt; B\n",
	};
	expect(fieldsOf(words)).toMatchObject({ transcript: "Call 555-0142", captions: "A < B" });
	const found = { ...at(5, 13), field: "transcript" };
	expect(stretches("Call 555-0142", [at(0, 2), found], "transcript")).toEqual([
		{ text: "Call " },
		{ text: "555-0142", found: 2 },
	]);
	expect(shownOf({ alt: "", transcript: "Before", captions: "" }, words)).toEqual({
		title: "",
		body: "",
		transcript: "Before",
		captions: "",
	});
});

test("no letter is lost or doubled, however findings lie", () => {
	const text = "abcdefghij";
	for (const findings of [
		[],
		[at(0, 10)],
		[at(2, 6), at(4, 8)],
		[at(2, 6), at(2, 6)],
		[at(8, 99)],
		[at(5, 5), at(9, 3)],
		[at(-3, 2)],
	]) {
		const parts = stretches(text, findings);
		expect(parts.map((part) => part.text).join(""), JSON.stringify(findings)).toBe(text);
		expect(parts.every((part) => part.text !== "")).toBe(true);
	}
	expect(stretches("", [at(0, 3)])).toEqual([]);
});

test("leads, who moderates in a community, and admins sit at the desk", () => {
	const me = (role: Me["role"], rights: Me["rights"], ...leads: boolean[]) =>
		({ role, rights, communities: leads.map((lead, i) => ({ id: String(i), name: "", lead })) }) as unknown as Me;
	expect(sitsAtDesk(me("provider", [], false, true))).toBe(true);
	expect(sitsAtDesk(me("provider", [], false))).toBe(false);
	expect(sitsAtDesk(me("staff", ["moderate"], false))).toBe(true);
	expect(sitsAtDesk(me("staff", ["moderate"]))).toBe(false);
	expect(sitsAtDesk(me("staff", ["policies"], false))).toBe(false);
	expect(sitsAtDesk(me("provider", ["admin"]))).toBe(true);
	expect(sitsAtDesk(me("patient", [], false))).toBe(false);
});
