// The life of a session on the page: the warning, the end, signing in again in place, the other tabs.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { api } from "../src/page/api.js";
import { drafts } from "../src/page/drafts.svelte.js";
import { need, speak, spoken } from "../src/page/messages.svelte.js";
import { router } from "../src/page/router.svelte.js";
import { session } from "../src/page/session.svelte.js";
import type { Me } from "../src/page/types.js";

const MINUTE = 60_000;
const member = (id: string): Me => ({
	id,
	name: "Blue Heron",
	email: `${id}@example.org`,
	title: "",
	language: "en",
	role: "patient",
	rights: [],
	owes: [],
	communities: [],
	session: {
		idle_seconds: 900,
		idle_seconds_left: 900,
		warn_seconds: 120,
		expires: new Date(Date.now() + 12 * 60 * MINUTE).toISOString(),
	},
});

/** What the server thinks: who is signed in, and how long they still have. */
let server: { member: string | null; left: number };
let asked: string[];
const answer = (status: number, body?: unknown) =>
	new Response(body === undefined ? null : JSON.stringify(body), { status });

function serve(method: string, path: string, body: string): Response {
	const { member: id } = server;
	if (`${method} ${path}` === "GET /session")
		return answer(200, { signed_in: id !== null, idle_seconds_left: server.left });
	if (`${method} ${path}` === "POST /session") {
		const { email, password } = JSON.parse(body);
		if (password !== "right")
			return answer(401, { message: "Not right", data: { error: { code: "sign_in_wrong", message: "Not right" } } });
		server = { member: email.split("@")[0], left: 900 };
		return answer(200, member(server.member as string));
	}
	if (!id)
		return answer(401, { message: "Sign in", data: { error: { code: "sign_in_required", message: "Sign in" } } });
	if (`${method} ${path}` === "DELETE /session") {
		server.member = null;
		return answer(204);
	}
	if (`${method} ${path}` === "GET /me") return answer(200, member(id));
	if (path === "/session/keep") {
		server.left = 900;
		return answer(200, { idle_seconds_left: 900 });
	}
	return answer(200, { done: true });
}

beforeEach(async () => {
	vi.useFakeTimers();
	await need();
	asked = [];
	server = { member: "ana", left: 900 };
	vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
		const path = url.replace("/api/clinic", "");
		asked.push(`${init.method} ${path}`);
		return serve(init.method ?? "", path, (init.body as string) ?? "");
	});
	vi.spyOn(router, "go").mockResolvedValue();
	await session.start();
});
afterEach(async () => {
	server.member = "ana";
	if (session.me) await session.signOut({ stay: true });
	vi.clearAllTimers();
	vi.useRealTimers();
	vi.restoreAllMocks();
	vi.unstubAllGlobals();
});

/** Time passes on both sides, and nobody does anything. */
async function idle(minutes: number) {
	for (let i = 0; i < minutes * 60; i += 30) {
		server.left -= 30;
		if (server.left <= 0) server.member = null;
		await vi.advanceTimersByTimeAsync(30_000);
	}
}

test("two minutes before the end it warns, and an answer keeps the session", async () => {
	await idle(12.5);
	expect(session.warning).toBeNull();
	await idle(1);
	expect(session.warning).toBe("idle");
	await session.keep();
	expect(session.warning).toBeNull();
	expect(asked).toContain("POST /session/keep");
});

test("looking at the clock is no activity: only background requests were made", async () => {
	const before = server.left;
	await idle(13.5);
	expect(asked.filter((line) => line.includes("keep"))).toEqual([]);
	expect(server.left).toBe(before - 13.5 * 60);
});

test("unanswered, the page goes and says why, with a way back", async () => {
	await idle(15.5);
	expect(session.me).toBeNull();
	expect(router.go).toHaveBeenCalledWith(expect.stringContaining("/signed-out?because=idle"), { replace: true });
});

test("words that could not be saved wait behind the password, which covers the page, until somebody gives up", async () => {
	vi.spyOn(drafts, "atRisk", "get").mockReturnValue(true);
	await idle(15.5);
	expect(session.asking).toBe("ended");
	expect(router.go).not.toHaveBeenCalled();
	session.giveUp();
	expect(session.me).toBeNull();
	expect(router.go).toHaveBeenCalledWith("/signed-out?because=elsewhere", { replace: true });
});

test("another tab was active: no warning here", async () => {
	await idle(12.5);
	server.left = 900;
	await vi.advanceTimersByTimeAsync(60_000);
	expect(session.warning).toBeNull();
	expect(session.me?.id).toBe("ana");
});

test("a person who moves keeps the session, without being asked", async () => {
	await idle(5);
	document.body.dispatchEvent(new Event("pointerdown", { bubbles: true }));
	await vi.advanceTimersByTimeAsync(0);
	expect(asked.filter((line) => line === "POST /session/keep")).toHaveLength(1);
	document.body.dispatchEvent(new Event("pointerdown", { bubbles: true }));
	await vi.advanceTimersByTimeAsync(0);
	expect(asked.filter((line) => line === "POST /session/keep")).toHaveLength(1);
});

test("a session that ended elsewhere asks for the password in place, and what was sent goes through", async () => {
	server.member = null;
	const sent = api.post("/posts", { body: "words" });
	await vi.advanceTimersByTimeAsync(0);
	expect(session.asking).toBe("ended");
	await expect(session.signIn("ana@example.org", "wrong")).rejects.toMatchObject({ code: "sign_in_wrong" });
	expect(session.asking).toBe("ended");
	await session.signIn("ana@example.org", "right");
	expect(await sent).toEqual({ done: true });
	expect(session.asking).toBeNull();
	expect(asked.filter((line) => line === "POST /posts")).toHaveLength(2);
});

test("what this page does itself ends its session and brings another: it waits for the answer", async () => {
	server.member = null; // as the stream says a moment before the answer is here
	let answerIt = (_: Response) => {};
	const before = fetch;
	vi.stubGlobal("fetch", (url: string, init: RequestInit) =>
		url.endsWith("/accept") ? new Promise<Response>((resolve) => (answerIt = resolve)) : before(url, init),
	);
	const sent = api.post("/accept", {});
	const looked = session.check();
	await vi.advanceTimersByTimeAsync(100);
	expect(session.me?.id).toBe("ana");
	server.member = "ana";
	answerIt(answer(201, member("ana")));
	await sent;
	await looked;
	expect(session.me?.id).toBe("ana");
	expect(session.asking).toBeNull();
	expect(router.go).not.toHaveBeenCalled();
});

test("who leaves instead is signed out, and the request fails", async () => {
	server.member = null;
	const sent = api.post("/posts", { body: "words" }).catch((fault) => fault);
	await vi.advanceTimersByTimeAsync(0);
	session.giveUp();
	expect(await sent).toMatchObject({ code: "sign_in_required" });
	expect(session.me).toBeNull();
	expect(router.go).toHaveBeenCalledWith("/signed-out?because=elsewhere", { replace: true });
});

test("signing in follows the account's language; choosing another one changes the account", async () => {
	await session.signOut({ stay: true });
	await speak("es");
	server.member = "ana";
	await session.signIn("ana@example.org", "right");
	await vi.waitFor(() => expect(spoken()).toBe("en"));
	await session.speak("es");
	expect(asked).toContain("PATCH /me");
	expect(session.me?.language).toBe("es");
	// Chosen on the way in: the account follows.
	await session.signOut({ stay: true });
	asked = [];
	await session.signIn("ana@example.org", "right");
	await vi.waitFor(() => expect(asked).toContain("PATCH /me"));
	expect(spoken()).toBe("es");
});

test("signing out goes to a page that says so; the server is told", async () => {
	await session.signOut();
	expect(asked).toContain("DELETE /session");
	expect(session.me).toBeNull();
	expect(router.go).toHaveBeenCalledWith("/signed-out?because=asked", { replace: true });
});

test("signing out saves what is written, and asks where it cannot be saved", async () => {
	const draft = {
		safety: "unsaved" as "unsaved" | "here_only",
		async save() {
			draft.safety = "here_only";
		},
	};
	const gone = drafts.join(draft);
	router.guard(() => (draft.safety === "here_only" ? "Leave all the same?" : undefined));
	const ask = vi.fn(() => false);
	vi.stubGlobal("confirm", ask);
	await session.signOut();
	expect(ask).toHaveBeenCalledWith("Leave all the same?");
	expect(session.me).not.toBeNull();
	expect(asked).not.toContain("DELETE /session");
	ask.mockReturnValue(true);
	await session.signOut();
	expect(session.me).toBeNull();
	gone();
});
