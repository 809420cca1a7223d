import { beforeEach, expect, test, vi } from "vitest";
import { api, keepBy } from "../src/page/api.js";
import { DAYS, kept, MOST, mayKeep, STORE } from "../src/page/kept.js";
import { own } from "../src/page/own.js";
import { reading } from "../src/page/reading.svelte.js";
import type { Me } from "../src/page/types.js";

/** The browser's store of answers, as far as it is used: in the order in which they came. */
class Caches {
	all = new Map<string, Map<string, Response>>();
	has = async (name: string) => this.all.has(name);
	delete = async (name: string) => this.all.delete(name);
	open = async (name: string) => {
		const store = this.all.get(name) ?? new Map<string, Response>();
		this.all.set(name, store);
		return {
			put: async (key: string, answer: Response) => void store.set(key, answer),
			match: async (key: string) => store.get(key)?.clone(),
			delete: async (key: string) => store.delete(key),
			keys: async () => [...store.keys()],
		};
	};
	names = () => [...(this.all.get(STORE)?.keys() ?? [])];
}

let caches: Caches;
beforeEach(() => {
	caches = new Caches();
	vi.stubGlobal("caches", caches);
	reading.fresh();
});
const answer = (words: string) => new Response(JSON.stringify({ words }));
const DAY = 24 * 3600 * 1000;

test("nothing is kept before the member says so", async () => {
	await kept.keep("/posts/abc", answer("x"));
	expect(await kept.find("/posts/abc")).toBeUndefined();
	expect(caches.all.size).toBe(0);
});

test("what was read is found again, with when it was read", async () => {
	await kept.begin();
	await kept.keep("/posts/abc", answer("before"), kept.turn(), 1000);
	await kept.keep("/posts/abc", answer("after"), kept.turn(), 2000);
	expect(await (await kept.find("/posts/abc", 3000))?.json()).toEqual({ words: "after" });
	expect(reading.since).toBe(new Date(2000).toISOString());
	kept.answered();
	expect(reading.since).toBe("");
});

test("only feeds, threads and what leads to them are kept", async () => {
	await kept.begin();
	const read = [
		"/practice",
		"/me",
		"/communities",
		"/communities/abc",
		"/communities/abc/posts",
		"/posts/abc",
		"/posts/abc/comments?after=xyz",
	];
	const not = [
		"/drafts",
		"/members",
		"/communities/abc/members",
		"/posts/abc/versions",
		"/search",
		"/desk",
		"/holds",
		"/files/abc",
		"/sessions",
	];
	for (const path of [...read, ...not]) await kept.keep(path, answer(path));
	expect(caches.names()).toEqual(read.map((path) => `/kept${path}`));
});

test("it is bounded in number and in age", async () => {
	await kept.begin();
	for (let i = 0; i < MOST + 5; i++) await kept.keep(`/posts/p${i}`, answer("x"), kept.turn(), i);
	expect(caches.names().length).toBe(MOST);
	expect(await kept.find("/posts/p4", 100)).toBeUndefined();
	expect(await kept.find("/posts/p5", 100)).toBeDefined();
	expect(await kept.find("/posts/p5", DAYS * DAY + 100)).toBeUndefined();
	expect(caches.names()).not.toContain("/kept/posts/p5");
});

test("whoever has kept anything was signed in", async () => {
	await kept.begin();
	expect(await kept.find("/session")).toBeUndefined();
	await kept.keep("/me", answer("me"), kept.turn(), 0);
	expect(await (await kept.find("/session", 1))?.json()).toEqual({ signed_in: true });
});

test("it is wiped, and what was on its way then is not kept", async () => {
	await kept.begin();
	await kept.keep("/me", answer("me"));
	let come = (_: string) => {};
	const late = { text: () => new Promise<string>((resolve) => (come = resolve)) } as Response;
	const keeping = kept.keep("/posts/abc", late);
	await Promise.resolve();
	await kept.wipe();
	come("{}");
	await keeping;
	expect(caches.names()).toEqual([]);
	expect(await caches.has(STORE)).toBe(true);
	await kept.wipe({ end: true });
	expect(await caches.has(STORE)).toBe(false);
});

test("who is here by profession keeps nothing", () => {
	const as = (role: string) => mayKeep({ role } as Me);
	expect(["patient", "caregiver", "staff", "provider", "outside"].map(as)).toEqual([true, true, false, false, false]);
});

test("what was asked for before the sign-out is not kept when it comes after it", async () => {
	await kept.begin();
	keepBy(kept);
	let arrive: (answer: Response) => void = () => {};
	vi.stubGlobal("fetch", () => new Promise<Response>((done) => (arrive = done)));
	const going = api.get("/home");
	await kept.wipe();
	const late = Response.json({ secret: 1 });
	const keep = vi.spyOn(kept, "keep");
	arrive(late);
	await going;
	await Promise.all(keep.mock.results.map((result) => result.value));
	expect(keep).toHaveBeenCalledOnce();
	expect(caches.names()).toEqual([]);
	vi.stubGlobal("fetch", async () => Response.json({ again: 1 }));
	await api.get("/home");
	await Promise.all(keep.mock.results.map((result) => result.value));
	expect(caches.names()).toEqual(["/kept/home"]);
	keep.mockRestore();
	keepBy(undefined);
});

test("a mark that a page left without a place to keep anything gets one when the next page begins", async () => {
	vi.stubGlobal("navigator", { serviceWorker: {} });
	vi.stubGlobal("localStorage", { getItem: () => "heron" });
	await own.start();
	await kept.keep("/posts/abc", answer("read"));
	expect(caches.names()).toHaveLength(1);
	caches.open = async () => {
		throw new Error("nothing may be kept here");
	};
	await own.start();
	vi.stubGlobal("localStorage", { getItem: () => null });
	caches.all.clear();
	await own.start();
	expect(caches.all.size).toBe(0);
	keepBy(undefined);
	vi.unstubAllGlobals();
});
