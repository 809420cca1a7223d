import { describe, expect, it } from "vitest";
import { clauseAt, dial, type Finding, filesIn, together, wordsOf } from "../src/check/check.js";

const one = (over: Partial<Finding>): Finding => ({
	id: "1",
	check: "identifier",
	detector: "phone",
	detector_version: 2,
	clause: "no-identifiers",
	policy: "community-guidelines",
	policy_title: "Community guidelines",
	action: "ask",
	field: "body",
	start: 0,
	end: 1,
	say: "Can you leave it out?",
	...over,
});

describe("findings", () => {
	it("count code points, as the server does", () => {
		const words = { title: "Ring 555", body: "🙂 é call 617-555-0182\nnow" };
		expect(wordsOf(one({ start: 9, end: 21 }), words)).toBe("617-555-0182");
		expect(wordsOf(one({ field: "title", start: 5, end: 8 }), words)).toBe("555");
		expect(wordsOf(one({ start: 0, end: 500 }), { title: "", body: "x".repeat(500) })).toHaveLength(92);
	});
	it("that say the same stand together", () => {
		const groups = together([one({ id: "1" }), one({ id: "2", start: 5 }), one({ id: "3", action: "hold" })]);
		expect(groups.map((group) => group.map(({ id }) => id))).toEqual([["1", "2"], ["3"]]);
	});
	it("name each file once, however much is found in it", () => {
		const found = (id: string, file: string) => one({ id, field: "files", file, file_name: `${file}.png` });
		expect(
			filesIn(
				[
					found("1", "a"),
					found("2", "a"),
					one({ id: "3" }),
					found("4", "b"),
					one({ id: "5", field: "files", file: "c", file_name: "a.png" }),
				],
				{},
			),
		).toEqual(["a.png", "b.png"]);
	});
	it("show the words of a file where they are here", () => {
		const found = one({ field: "alt", file: "a", file_name: "a.png", start: 2, end: 6 });
		expect(wordsOf(found, { alt: "A tree" })).toBe("tree");
		expect(filesIn([found], { alt: "A tree" })).toEqual([]);
	});
	it("lead to their clause, and a number to the phone", () => {
		expect(clauseAt(one({}))).toBe("/policies/community-guidelines#clause-no-identifiers");
		expect(dial("(555) 010-0100")).toBe("tel:5550100100");
	});
});
