import { expect, test } from "vitest";
import { hrefOf } from "../src/follow/lists.js";
import { stepped } from "../src/follow/marks.svelte.js";
import { mentionOf, typedName } from "../src/mention/mention.js";

test("one more or one fewer, and none is left out", () => {
	expect(stepped({}, "helpful", true)).toEqual({ helpful: 1 });
	expect(stepped({ helpful: 2, with_you: 1 }, "helpful", false)).toEqual({ helpful: 1, with_you: 1 });
	expect(stepped({ helpful: 1 }, "helpful", false)).toEqual({});
	expect(stepped({}, "helpful", false)).toEqual({});
});

test("a saved comment leads to its place in the thread", () => {
	expect(hrefOf({ id: "c", kind: "comment", post: "p" })).toBe("/posts/p?at=c");
	expect(hrefOf({ id: "p", kind: "question", post: "p" })).toBe("/posts/p");
});

test("a name is being typed after an @ that begins a word", () => {
	const at = (text: string) => typedName(text, text.length)?.words;
	expect(at("@")).toBe("");
	expect(at("Hello @Qui")).toBe("Qui");
	expect(at("Hello\n(@Quiet He")).toBe("Quiet He");
	expect(at("Gracias, @José")).toBe("José");
	expect(at("¡@Ana")).toBe("Ana");
	expect(at("me@example")).toBeUndefined();
	expect(at("@Quiet, he said")).toBeUndefined();
	expect(at("@one two three four")).toBeUndefined();
	expect(at("@Ana\nand")).toBeUndefined();
	expect(typedName("a @Qui b", 6)).toEqual({ from: 2, to: 6, words: "Qui" });
});

test("a chosen name becomes what the server knows, whatever signs are in it", () => {
	const person = { id: "abcdefghijklmno", name: "Maple [St*eet]_" };
	const edit = mentionOf({ from: 2, to: 6, words: "Map" }, person);
	expect(edit.insert).toBe("@[Maple \\[St\\*eet\\]\\_](member:abcdefghijklmno) ");
	expect([edit.from, edit.to, edit.start]).toEqual([2, 6, 2 + edit.insert.length]);
});
