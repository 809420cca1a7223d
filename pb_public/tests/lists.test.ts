import { expect, test } from "vitest";
import { bytes, MOST, nearlyFull } from "../src/post/bytes.js";
import { arrange, merge, newestFirst, oldestFirst, refreshed, takenAway } from "../src/post/lists.js";
import { type Comment, excerpt } from "../src/post/post.js";

const at = (id: string, minute: number, more = {}) => ({
	id,
	created: `2026-03-01T10:${String(minute).padStart(2, "0")}:00.000Z`,
	...more,
});
const ids = (items: { id: string }[]) => items.map(({ id }) => id).join(" ");

test("bytes are counted as the server counts them", () => {
	expect(bytes("abc")).toBe(3);
	expect(bytes("año")).toBe(4);
	expect(bytes("👩🏽‍⚕️")).toBe(17);
	expect(bytes("\ud800")).toBe(3);
});

test("the writer is told of the limit only near it", () => {
	expect(nearlyFull("a".repeat(17_999))).toBeUndefined();
	expect(nearlyFull("a".repeat(18_000))).toBe(18_000);
	expect(nearlyFull("é".repeat(9_000))).toBe(18_000);
	expect(nearlyFull("€".repeat(6_667))).toBe(MOST + 1);
});

test("pages and new posts make one list in order, each post once", () => {
	const one = [at("c", 3), at("b", 2)];
	const two = [at("b", 2, { comments: 5 }), at("a", 1), at("d", 4)];
	const all = merge<ReturnType<typeof at>>(one, two, newestFirst);
	expect(ids(all)).toBe("d c b a");
	expect(all[2]).toMatchObject({ comments: 5 });
	expect(ids(merge([at("y", 1)], [at("x", 1)], oldestFirst))).toBe("x y");
});

test("coming back to a feed keeps what was loaded and puts the newest page right", () => {
	const kept = { items: [at("d", 4), at("c", 3), at("b", 2), at("a", 1)], next: "" };
	const newest = { items: [at("e", 5), at("d", 4), at("b", 2)], next: "after b" };
	expect(ids(refreshed(kept, newest).items)).toBe("e d b a");
	expect(refreshed(kept, newest).next).toBe("");
	const far = { items: [at("z", 9), at("y", 8)], next: "after y" };
	expect(refreshed(kept, far)).toBe(far);
	const all = { items: [at("d", 4)], next: "" };
	expect(refreshed(kept, all)).toBe(all);
});

test("what was taken away unseen is told from what is new and from what lies beyond the page", () => {
	const shown = [at("d", 4), at("c", 3), at("b", 2), at("a", 1)];
	const read = { items: [at("e", 5), at("d", 4), at("b", 2)], next: "after b" };
	expect(ids(takenAway(shown, read, newestFirst))).toBe("c");
	expect(ids(takenAway(shown, { ...read, next: "" }, newestFirst))).toBe("c a");
	expect(ids(takenAway(shown, { items: [], next: "" }, newestFirst))).toBe("d c b a");
	expect(ids(takenAway([...shown].reverse(), { items: [at("a", 1), at("c", 3)], next: "after c" }, oldestFirst))).toBe(
		"b",
	);
});

const comment = (id: string, minute: number, parent = "") => at(id, minute, { parent }) as Comment;

test("replies stand under the comment they answer", () => {
	const { groups, later } = arrange(
		[comment("a", 1), comment("b", 2), comment("a2", 5, "a"), comment("a1", 3, "a"), comment("lost", 4, "gone")],
		undefined,
	);
	expect(groups.map((group) => `${group.comment.id}(${ids(group.replies)})`).join(" ")).toBe("a(a1 a2) b() lost()");
	expect(later).toEqual([]);
});

test("what was just written stands after the pages that are still to come", () => {
	const reached = at("b", 2);
	const { groups, later } = arrange(
		[comment("a", 1), comment("b", 2), comment("mine", 9), comment("to-a", 9, "a")],
		reached,
	);
	expect(ids(groups.map((group) => group.comment))).toBe("a b");
	expect(ids(groups[0]?.replies ?? [])).toBe("to-a");
	expect(ids(later.map((group) => group.comment))).toBe("mine");
});

test("a line of a post is text", () => {
	expect(excerpt("<p>Hello <strong>you</strong>, there.</p>\n<ul><li>one</li></ul>", 80)).toBe("Hello you, there. one");
	expect(excerpt("<p>&lt;b&gt;not bold&lt;/b&gt; &amp;amp; &quot;so&quot;</p>", 80)).toBe('<b>not bold</b> &amp; "so"');
	expect(excerpt("<p>one two three four</p>", 10)).toBe("one two …");
	expect(excerpt(`<p>${"x".repeat(50)}</p>`, 10)).toBe("xxxxx …");
});
