import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { moment, waitBefore } from "../src/event/wait.js";
import { router } from "../src/page/router.svelte.js";
import { FeedOf } from "../src/post/feed.svelte.js";
import type { Comment, Post } from "../src/post/post.js";
import { ThreadOf } from "../src/post/thread.svelte.js";

const at = (minute: number) => `2026-03-01T10:${String(minute).padStart(2, "0")}:00.000Z`;
const can = { edit: true, delete: true, comment: true };
const comment = (id: string, minute: number) =>
	({ id, post: "p", parent: "", created: at(minute), status: "shown", html: `<p>${id}</p>`, can }) as Comment;
const post = (id: string, minute: number) => ({ id, created: at(minute), status: "shown", comments: 0, can }) as Post;
const ids = (items: { id: string }[]) => items.map(({ id }) => id).join(" ");
const topic = { topic: "community:c" };

let answers: Record<string, unknown>;
let asked: string[];
beforeEach(() => {
	vi.useFakeTimers();
	answers = {};
	asked = [];
	router.forget();
	vi.stubGlobal("fetch", async (url: string) => {
		asked.push(url.replace("/api/clinic", ""));
		const found = answers[asked.at(-1) as string];
		return new Response(JSON.stringify(found ?? {}), { status: found ? 200 : 404 });
	});
});
afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

const feed = () => {
	answers["/communities/c/posts"] = { items: [post("b", 2), post("a", 1)], next: null };
	return new FeedOf("c").open();
};

const thread = (next: string | null = null) => {
	answers["/drafts"] = { items: [] };
	answers["/posts/p"] = { ...post("p", 0), comments: { items: [comment("a", 1)], next }, comment_count: 1 };
	return new ThreadOf("p").open();
};

test("a new post waits until it is asked for, one's own does not", async () => {
	const one = await feed();
	answers["/posts/mine"] = { ...post("mine", 4), comments: { items: [], next: null }, comment_count: 0 };
	one.heard("new", { ...topic, post: "c" });
	one.heard("new", { ...topic, post: "mine" });
	one.add(post("mine", 4));
	await vi.runAllTimersAsync();
	expect([...one.waiting]).toEqual(["c"]);
	expect(ids(one.items)).toBe("mine b a");
	answers["/communities/c/posts"] = { items: [post("mine", 4), post("c", 3), post("b", 2), post("a", 1)], next: null };
	const first = await one.show();
	expect(first?.id).toBe("c");
	expect(ids(one.items)).toBe("mine c b a");
	expect(one.waiting.size).toBe(0);
});

test("counts, changes and what is gone come to the posts that are shown, and to no others", async () => {
	const one = await feed();
	asked = [];
	one.heard("counts", { ...topic, post: "a", comments: 3, last_comment: at(9) });
	expect(one.items.at(-1)).toMatchObject({ comments: 3, last_comment: at(9) });
	answers["/posts/b"] = { ...post("b", 2), title: "Changed", comments: { items: [], next: null }, comment_count: 7 };
	one.heard("changed", { ...topic, post: "b" });
	one.heard("changed", { ...topic, post: "elsewhere" });
	await vi.runAllTimersAsync();
	expect(one.items[0]).toMatchObject({ title: "Changed", comments: 7 });
	expect(asked).toEqual(["/posts/b"]);
	one.heard("gone", { ...topic, post: "b" });
	expect(ids(one.items)).toBe("a");
	one.heard("ended", topic);
	expect(one.lost).toBe(true);
});

test("a post that cannot be read any more when it is asked for goes", async () => {
	const one = await feed();
	one.heard("changed", { ...topic, post: "b" });
	await vi.runAllTimersAsync();
	expect(ids(one.items)).toBe("a");
});

test("after something was missed the newest page is looked at: what is new waits, and what is gone goes", async () => {
	const one = await feed();
	answers["/communities/c/posts"] = { items: [post("c", 3), { ...post("b", 2), comments: 5 }], next: null };
	one.heard("again", topic);
	await vi.runAllTimersAsync();
	expect([...one.waiting]).toEqual(["c"]);
	expect(one.items[0]?.comments).toBe(5);
	expect(ids(one.items)).toBe("b");
});

test("a comment comes by itself with a mark, and counts once, also one's own", async () => {
	const one = await thread();
	answers["/comments/b"] = comment("b", 2);
	one.heard("new", { topic: "post:p", post: "p", comment: "b", comments: 2 });
	await vi.runAllTimersAsync();
	expect(ids(one.comments)).toBe("a b");
	expect(one.fresh.has("b")).toBe(true);
	expect(one.count).toBe(2);
	one.add(comment("b", 2));
	expect(one.count).toBe(2);
	one.heard("gone", { topic: "post:p", post: "p", comment: "b", comments: 1 });
	expect(ids(one.comments)).toBe("a");
});

test("a comment that went away unseen goes, and one's own that came meanwhile stays", async () => {
	const one = await thread();
	one.add(comment("b", 2));
	answers["/posts/p"] = { ...post("p", 0), comments: { items: [comment("b", 2)], next: null }, comment_count: 1 };
	one.heard("again", { topic: "post:p" });
	one.add(comment("mine", 3));
	await vi.runAllTimersAsync();
	expect(ids(one.comments)).toBe("b mine");
});

test("in a thread that was opened in its midst nothing from before comes as new", async () => {
	answers["/drafts"] = { items: [] };
	const shown = { items: [comment("m", 5), comment("n", 6)], previous: "before m", next: null };
	answers["/posts/p?at=n"] = { ...post("p", 0), comments: shown, comment_count: 4 };
	const one = new ThreadOf("p");
	await one.open("n");
	const around = {
		items: [comment("l", 4), comment("m", 5), comment("n", 6), comment("o", 7)],
		previous: "before l",
		next: null,
	};
	answers["/posts/p?at=m"] = { ...post("p", 0), comments: around, comment_count: 5 };
	one.heard("again", { topic: "post:p" });
	await vi.runAllTimersAsync();
	expect(ids(one.comments)).toBe("m n o");
	expect([...one.fresh]).toEqual(["o"]);
});

test("a comment beyond what is loaded is counted and waits for its page", async () => {
	const one = await thread("more");
	asked = [];
	one.heard("new", { topic: "post:p", post: "p", comment: "z", comments: 40 });
	await vi.runAllTimersAsync();
	expect(one.count).toBe(40);
	expect(asked).toEqual([]);
});

test("while somebody writes nothing moves: comments wait", async () => {
	const one = await thread();
	document.body.innerHTML = "<main><textarea></textarea></main>";
	document.querySelector("textarea")?.focus();
	answers["/comments/b"] = comment("b", 2);
	one.heard("new", { topic: "post:p", post: "p", comment: "b", comments: 2 });
	await vi.runAllTimersAsync();
	expect(ids(one.comments)).toBe("a");
	expect(ids(one.waiting)).toBe("b");
	await one.show();
	expect(ids(one.comments)).toBe("a b");
	document.body.innerHTML = "";
});

test("a post that is held again, or a community that one is no longer in, takes its words away", async () => {
	const one = await thread();
	delete answers["/posts/p"];
	one.heard("gone", { topic: "post:p", post: "p" });
	await vi.runAllTimersAsync();
	expect(one.lost).toBe(true);
});

test("what was missed in a thread comes when it is looked at again", async () => {
	const one = await thread();
	answers["/posts/p"] = {
		...post("p", 0),
		comments: { items: [{ ...comment("a", 1), html: "<p>changed</p>" }, comment("b", 2)], next: "on" },
		comment_count: 3,
	};
	answers["/posts/p/comments?after=on"] = { items: [comment("c", 3)], next: null };
	one.heard("again", { topic: "post:p" });
	await vi.runAllTimersAsync();
	expect(ids(one.comments)).toBe("a b c");
	expect(one.comments[0]?.html).toBe("<p>changed</p>");
	expect(one.count).toBe(3);
});

/** A stream that a test speaks for. */
class Stream extends EventTarget {
	static readonly CLOSED = 2;
	static readonly OPEN = 1;
	static all: Stream[] = [];
	readyState = Stream.OPEN;
	constructor(readonly url: string) {
		super();
		Stream.all.push(this);
	}
	close() {
		this.readyState = Stream.CLOSED;
	}
	say(name: string, data: object) {
		this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data), lastEventId: "now.1" }));
	}
}

test("the member's own topic waits for the page's, shares its stream, and goes on when the page has gone", async () => {
	vi.stubGlobal("EventSource", Stream);
	vi.resetModules();
	Stream.all = [];
	const { live } = await import("../src/event/live.js");
	const heard: string[] = [];
	const leave = live.watch("member:m", performance.now(), (what) => heard.push(what));
	await vi.advanceTimersByTimeAsync(100);
	expect(Stream.all).toHaveLength(0);
	const left = live.watch("community:c", performance.now(), () => heard.push("page"));
	await vi.advanceTimersByTimeAsync(10);
	expect(Stream.all.map(({ url }) => url)).toEqual(["/api/clinic/events?topic=community%3Ac&topic=member%3Am"]);
	Stream.all[0]?.say("ready", { quiet: 5000 });
	Stream.all[0]?.say("changed", { topic: "member:m" });
	expect(heard).toEqual(["changed"]);

	left();
	live.watch("post:p", performance.now(), () => heard.push("page"))();
	await vi.advanceTimersByTimeAsync(2100);
	expect(Stream.all).toHaveLength(2);
	expect(Stream.all[1]?.url).toBe("/api/clinic/events?topic=member%3Am&since=now.1");

	await vi.advanceTimersByTimeAsync(60_000);
	const again = live.watch("post:p", performance.now(), (what) => heard.push(`post ${what}`));
	await vi.advanceTimersByTimeAsync(10);
	expect(Stream.all[2]?.url).not.toContain("since");
	Stream.all[2]?.say("ready", { quiet: 30_000 });
	expect(heard).toEqual(["changed"]);

	again();
	leave();
	await vi.advanceTimersByTimeAsync(10);
	expect(Stream.all.every(({ readyState }) => readyState === Stream.CLOSED)).toBe(true);
});

test("who comes back does not come with everybody else", () => {
	expect(waitBefore(1, 60_000, 0)).toBe(3000);
	expect(waitBefore(1, 60_000, 1)).toBe(5000);
	expect(waitBefore(9, 60_000, 1)).toBe(75_000);
	expect(moment(0)).toBe(150);
	expect(moment(1)).toBe(800);
});
