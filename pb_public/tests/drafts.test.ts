import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Draft, drafts } from "../src/page/drafts.svelte.js";

let server: Map<string, string>;
let reachable: boolean;

beforeEach(() => {
	vi.useFakeTimers();
	server = new Map();
	reachable = true;
	drafts.forget();
	vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
		if (!reachable) throw new TypeError("network");
		const place = decodeURIComponent(url.split("/").at(-1) ?? "");
		if (init.method === "PUT") server.set(place, init.body as string);
		if (init.method === "DELETE") server.delete(place);
		const kept = server.get(place);
		return kept ? new Response(kept) : new Response("{}", { status: init.method === "GET" ? 404 : 200 });
	});
});
afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

const body = (place: string) => JSON.parse(server.get(place) ?? "{}").body;

test("words are saved a moment after the last key", async () => {
	const draft = new Draft("community:c1");
	await draft.open();
	expect(draft.safety).toBe("empty");
	draft.body = "Good mor";
	draft.changed();
	await vi.advanceTimersByTimeAsync(600);
	draft.body = "Good morning";
	draft.changed();
	expect(draft.safety).toBe("unsaved");
	await vi.advanceTimersByTimeAsync(600);
	expect(server.size).toBe(0);
	await vi.advanceTimersByTimeAsync(700);
	expect(body("community:c1")).toBe("Good morning");
	expect(draft.safety).toBe("saved");
	expect(drafts.atRisk).toBe(false);
});

test("what was begun is found again", async () => {
	server.set("post:p1", JSON.stringify({ title: "", body: "half a sentence", kind: "" }));
	const draft = new Draft("post:p1");
	await draft.open();
	expect(draft.body).toBe("half a sentence");
	expect(draft.safety).toBe("saved");
});

test("words that cannot be saved stay in the page, and are saved when its member is back", async () => {
	drafts.belongTo("ana");
	const draft = new Draft("community:c1");
	await draft.open();
	reachable = false;
	draft.body = "written off line";
	draft.changed();
	await vi.advanceTimersByTimeAsync(2000);
	expect(draft.safety).toBe("here_only");
	draft.close();
	reachable = true;
	drafts.belongTo("ana");
	const again = new Draft("community:c1");
	await again.open();
	expect(again.body).toBe("written off line");
	expect(body("community:c1")).toBe("written off line");
});

test("words of one member are never shown to another", async () => {
	drafts.belongTo("ana");
	const draft = new Draft("community:c1");
	await draft.open();
	reachable = false;
	draft.body = "private";
	draft.changed();
	await vi.advanceTimersByTimeAsync(2000);
	draft.close();
	reachable = true;
	drafts.belongTo("ben");
	const other = new Draft("community:c1");
	await other.open();
	expect(other.body).toBe("");
});

test("before a warning everything open is saved", async () => {
	const draft = new Draft("post:p2");
	await draft.open();
	draft.body = "not yet saved";
	draft.changed();
	await drafts.flush();
	expect(body("post:p2")).toBe("not yet saved");
	draft.close();
});

test("what was posted is no draft any more", async () => {
	const draft = new Draft("post:p3");
	await draft.open();
	draft.body = "posted";
	draft.changed();
	await draft.discard();
	await vi.advanceTimersByTimeAsync(5000);
	expect(server.size).toBe(0);
	expect(drafts.atRisk).toBe(false);
});
