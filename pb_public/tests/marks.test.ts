import { afterEach, expect, test, vi } from "vitest";
import { hrefOf } from "../src/follow/lists.js";
import { type Counts, marks, stepped } from "../src/follow/marks.svelte.js";
import { mentionOf, typedName } from "../src/mention/mention.js";

test("one more or one fewer, and none is left out", () => {
	expect(stepped({}, "helpful", true)).toEqual({ helpful: 1 });
	expect(stepped({ helpful: 2, with_you: 1 }, "helpful", false)).toEqual({ helpful: 1, with_you: 1 });
	expect(stepped({ helpful: 1 }, "helpful", false)).toEqual({});
	expect(stepped({}, "helpful", false)).toEqual({});
});

afterEach(() => vi.unstubAllGlobals());

/** Reactions to one piece, and how the server answers each when the test says so. */
function reacting(piece: string) {
	const asked: { what: string; answer: (status: number, body: unknown) => void }[] = [];
	vi.stubGlobal("fetch", (url: string, { method }: RequestInit) => {
		return new Promise((resolve) => {
			const answer = (status: number, body: unknown) => resolve(new Response(JSON.stringify(body), { status }));
			asked.push({ what: `${method} ${url.split("/").at(-1)}`, answer });
		});
	});
	const now = { counts: {} as Counts };
	const press = (kind: "helpful" | "with_you") =>
		marks.react(
			"post",
			piece,
			kind,
			() => now.counts,
			(next) => (now.counts = next),
		);
	return { asked, now, press };
}

test("a second reaction that is pressed before the first is answered counts, and goes after it", async () => {
	const { asked, now, press } = reacting("one");
	const both = [press("with_you"), press("helpful")];
	expect(marks.given("one")).toEqual(["with_you", "helpful"]);
	expect(now.counts).toEqual({ with_you: 1, helpful: 1 });
	await vi.waitFor(() => expect(asked.map(({ what }) => what)).toEqual(["PUT with_you"]));
	asked[0]?.answer(200, { reactions: { with_you: 1 }, mine: ["with_you"] });
	await both[0];
	expect(marks.given("one")).toEqual(["with_you", "helpful"]);
	await vi.waitFor(() => expect(asked).toHaveLength(2));
	asked[1]?.answer(200, { reactions: { with_you: 1, helpful: 4 }, mine: ["with_you", "helpful"] });
	await both[1];
	expect(now.counts).toEqual({ with_you: 1, helpful: 4 });
});

test("a reaction that does not reach the server is taken back alone, once the others are answered", async () => {
	const { asked, now, press } = reacting("two");
	const both = [press("with_you"), press("helpful")];
	const failed = expect(both[0]).rejects.toThrow();
	await vi.waitFor(() => expect(asked).toHaveLength(1));
	asked[0]?.answer(500, {});
	await failed;
	await vi.waitFor(() => expect(asked).toHaveLength(2));
	asked[1]?.answer(200, { reactions: { helpful: 1 }, mine: ["helpful"] });
	await both[1];
	expect(marks.given("two")).toEqual(["helpful"]);
	expect(now.counts).toEqual({ helpful: 1 });
});

test("pressed and taken back, and neither reached the server: it stands as it stood", async () => {
	const { asked, now, press } = reacting("three");
	const both = [press("helpful"), press("helpful")];
	const failed = both.map((one) => expect(one).rejects.toThrow());
	await vi.waitFor(() => expect(asked.map(({ what }) => what)).toEqual(["PUT helpful"]));
	asked[0]?.answer(500, {});
	await vi.waitFor(() => expect(asked[1]?.what).toBe("DELETE helpful"));
	asked[1]?.answer(500, {});
	await Promise.all(failed);
	expect(marks.given("three")).toEqual([]);
	expect(now.counts).toEqual({});
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
