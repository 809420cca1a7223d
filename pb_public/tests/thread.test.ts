import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { News } from "../src/event/live.js";
import { router } from "../src/page/router.svelte.js";
import { FeedOf } from "../src/post/feed.svelte.js";
import type { Comment, Post } from "../src/post/post.js";
import { ThreadOf, tombstone } from "../src/post/thread.svelte.js";

const at = (minute: number) => `2026-03-01T10:${String(minute).padStart(2, "0")}:00.000Z`;
const can = { edit: true, delete: true, comment: true };
const comment = (id: string, minute: number, parent = "") =>
	({ id, post: "p", parent, created: at(minute), status: "shown", html: `<p>${id}</p>`, can }) as Comment;
const post = (id: string, minute: number) => ({ id, created: at(minute), status: "shown", comments: 0, can }) as Post;
const ids = (items: { id: string }[]) => items.map(({ id }) => id).join(" ");

let answers: Record<string, unknown>;
beforeEach(() => {
	answers = {};
	router.forget();
	vi.stubGlobal("fetch", async (url: string) => {
		const found = answers[url.replace("/api/clinic", "")];
		return new Response(JSON.stringify(found ?? {}), { status: found ? 200 : 404 });
	});
});
afterEach(() => vi.unstubAllGlobals());

function thread() {
	answers["/drafts"] = { items: [{ place: "comment:a" }], next: null };
	answers["/posts/p"] = {
		...post("p", 0),
		comments: { items: [comment("a", 1), comment("b", 2)], next: "after b" },
		comment_count: 4,
	};
	answers["/posts/p/comments?after=after%20b"] = { items: [comment("c", 3), comment("a1", 4, "a")], next: null };
	return new ThreadOf("p").open();
}

test("a thread knows its comments, how many more there are, and where drafts wait", async () => {
	const one = await thread();
	expect(ids(one.comments)).toBe("a b");
	expect(one.count).toBe(4);
	expect(one.drafts.has("comment:a")).toBe(true);
	const first = await one.more();
	expect(first?.id).toBe("c");
	expect(one.next).toBe("");
	expect(one.arranged.groups.map((group) => `${group.comment.id}(${ids(group.replies)})`).join(" ")).toBe(
		"a(a1) b() c()",
	);
});

test("what is written before all is loaded stands behind the gap until the gap is gone", async () => {
	const one = await thread();
	one.add(comment("mine", 9));
	one.add(comment("reply", 9, "b"));
	expect(ids(one.arranged.groups.map((group) => group.comment))).toBe("a b");
	expect(ids(one.arranged.groups[1]?.replies ?? [])).toBe("reply");
	expect(ids(one.arranged.later.map((group) => group.comment))).toBe("mine");
	expect(one.count).toBe(6);
	await one.more();
	expect(ids(one.arranged.groups.map((group) => group.comment))).toBe("a b c mine");
	expect(one.arranged.later).toEqual([]);
});

test("coming back finds what was loaded, and nothing from beyond a gap", async () => {
	const one = await thread();
	await one.more();
	expect(ids((await thread()).comments)).toBe("a b c a1");
	router.forget();
	const other = await thread();
	other.add(comment("mine", 9));
	const back = await thread();
	expect(ids(back.comments)).toBe("a b");
	expect(back.next).toBe("after b");
});

test("an edit and a tombstone take the place of what was there", async () => {
	const one = await thread();
	one.put({ ...comment("a", 1), html: "<p>new</p>", edited: at(5) });
	expect(one.comments[0]).toMatchObject({ html: "<p>new</p>", edited: at(5) });
	one.put(tombstone(one.comments[1] as Comment, "practice", "It named a patient."));
	expect(one.count).toBe(3);
	expect(one.comments[1]).toMatchObject({
		status: "deleted",
		by: "practice",
		reason: "It named a patient.",
		html: undefined,
	});
	one.put(tombstone(one.comments[1] as Comment, "practice", "Twice."));
	expect(one.count).toBe(3);
	one.put({ ...post("p", 0), html: "<p>post</p>" } as unknown as Comment);
	expect(one.post?.html).toBe("<p>post</p>");
});

test("a feed grows at both ends and is found again", async () => {
	answers["/communities/c/posts"] = { items: [post("d", 4), post("c", 3)], next: "before c" };
	answers["/communities/c/posts?before=before%20c"] = { items: [post("b", 2)], next: null };
	const feed = await new FeedOf("c").open();
	expect((await feed.more())?.id).toBe("b");
	feed.add(post("e", 5));
	expect(ids(feed.items)).toBe("e d c b");
	expect(feed.next).toBe("");
	answers["/communities/c/posts"] = { items: [post("f", 6), post("e", 5), post("d", 4)], next: "before d" };
	const back = await new FeedOf("c").open();
	expect(ids(back.items)).toBe("e d c b");
	await vi.waitFor(() => expect(ids(back.items)).toBe("f e d c b"));
});

test("of older posts the first is one below, and not one that stands on top", async () => {
	answers["/communities/c/posts"] = { items: [post("d", 4)], next: "before d", top: [post("c", 3)] };
	answers["/communities/c/posts?before=before%20d"] = { items: [post("c", 3), post("b", 2)], next: null };
	const feed = await new FeedOf("c").open();
	expect((await feed.more())?.id).toBe("b");
	expect(ids(feed.below)).toBe("d b");
});

test("what waits for a person is not counted, and what became of one's own is asked for only then", async () => {
	const one = await thread();
	expect(one.holds.size).toBe(0);
	answers["/holds?active=1"] = { items: [{ id: "h", post: "p", comment: "mine", state: "open" }], next: "" };
	one.add({ ...comment("mine", 9), mine: true, status: "held" });
	expect(one.count).toBe(4);
	await vi.waitFor(() => expect(one.holds.get("mine")?.id).toBe("h"));
	one.put({ ...comment("mine", 9), mine: true, status: "shown" });
	expect(one.count).toBe(5);
});

test("a comment is counted once, whether the event or the answer comes first", async () => {
	const one = await thread();
	one.heard("new", { comment: "x", comments: 5 } as News);
	one.add(comment("x", 9));
	expect(one.count).toBe(5);
	one.add(comment("y", 10));
	one.heard("new", { comment: "y", comments: 6 } as News);
	expect(one.count).toBe(6);
	one.heard("changed", { comment: "x", comments: 5 } as News);
	one.put(tombstone(comment("x", 9), "author", ""));
	expect(one.count).toBe(5);
	one.put(tombstone(comment("y", 10), "author", ""));
	expect(one.count).toBe(4);
});
