// What the kinds of posts need, and how a poll, a quote and the views are made of what is there.

import { expect, test } from "vitest";
import type { Me } from "../src/page/types.js";
import { parts } from "../src/poll/poll.js";
import { beyondWords, choicesOf, readBeyond } from "../src/post/beyond.js";
import { announces, minutes, type Poll, quoted } from "../src/post/post.js";
import { viewIn } from "../src/post/views.js";

const poll = (votes: (number | null)[], counted: number): Poll => ({
	choices: votes.map((one, i) => ({ label: `choice ${i}`, votes: one })),
	ends: "2026-05-01T00:00:00.000Z",
	ended: false,
	results: "running",
	counted,
	withheld: 0,
	voted: 0,
	closed: false,
});

test("a poll shows nothing before there are results, and then shares of what was counted", () => {
	expect(parts(poll([null, null], 0))).toEqual([]);
	expect(parts(poll([6, 5], 11)).map(({ votes, percent }) => [votes, percent])).toEqual([
		[6, 55],
		[5, 45],
	]);
	// Votes that stand nowhere are counted all the same.
	expect(parts(poll([9, 0], 11)).map(({ percent }) => percent)).toEqual([82, 0]);
});

test("a quote is Markdown with the name above, whatever stands in either", () => {
	expect(quoted("Quiet Heron wrote:", "First line\n\n# second\n> third")).toBe(
		"> Quiet Heron wrote:\n>\n> First line\n>\n> \\# second\n> \\> third\n\n",
	);
	expect(quoted("*Bold* [x](y) wrote:", "1. one")).toBe("> \\*Bold\\* \\[x\\]\\(y\\) wrote:\n>\n> 1\\. one\n\n");
});

test("what waits with a draft is sent as its kind needs it", () => {
	const more = JSON.stringify({ choices: [" Monday ", "", "Thursday"], days: 3, results: "end" });
	expect(choicesOf({ more })).toEqual(["Monday", "Thursday"]);
	const sent = beyondWords({ more, kind: "poll" }) as { poll: { choices: string[]; ends: string; results: string } };
	expect(sent.poll.results).toBe("end");
	expect(Math.round((Date.parse(sent.poll.ends) - Date.now()) / 86_400_000)).toBe(3);
	expect(beyondWords({ more, kind: "question" })).toEqual({});
	expect(beyondWords({ more: "", kind: "announcement" })).toHaveProperty("until");
	expect(readBeyond({ more: "{broken" }).choices).toEqual(["", ""]);
});

test("who announces", () => {
	const me = (role: Me["role"], lead: boolean, rights: Me["rights"] = []) =>
		({ role, rights, communities: [{ id: "a", name: "A", lead }] }) as unknown as Me;
	expect(announces("a", me("provider", true))).toBe(true);
	expect(announces("a", me("provider", false))).toBe(false);
	expect(announces("a", me("staff", false, ["moderate"]))).toBe(true);
	expect(announces("a", me("patient", false))).toBe(false);
	expect(announces("a", null)).toBe(false);
});

test("views and minutes", () => {
	expect([viewIn("unanswered"), viewIn("saved"), viewIn("media"), viewIn("other"), viewIn(null)]).toEqual([
		"unanswered",
		"saved",
		"media",
		"",
		"",
	]);
	expect([minutes("<p>word</p>"), minutes(`<p>${"word ".repeat(1000)}</p>`)]).toEqual([1, 5]);
});
