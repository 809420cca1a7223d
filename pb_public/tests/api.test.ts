// The way to the server, with a fetch that answers as the server does.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type ApiError, api, listen, Once } from "../src/page/api.js";
import { need } from "../src/page/messages.svelte.js";
import { Sending } from "../src/page/sending.svelte.js";

type Sent = { url: string; method: string; headers: Headers; body: string | undefined };
let sent: Sent[] = [];
let answers: (Response | Error)[] = [];
const json = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });
const signInRequired = () =>
	json(401, { status: 401, message: "Sign in", data: { error: { code: "sign_in_required", message: "Sign in" } } });

beforeEach(async () => {
	sent = [];
	await need();
	vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
		sent.push({ url, method: init.method ?? "", headers: new Headers(init.headers), body: init.body as string });
		const answer = answers.shift();
		if (!answer || answer instanceof Error) throw answer ?? new TypeError("nothing more to answer");
		return answer;
	});
});
afterEach(() => {
	answers = [];
	listen({ passwordNeeded: async () => false, active: () => {}, owing: () => {} });
	vi.unstubAllGlobals();
});

const failure = async (asked: Promise<unknown>): Promise<ApiError> =>
	asked.then(
		() => expect.fail("it should have failed"),
		(fault) => fault,
	);

test("a fault of the whole request carries its code, sentence and parameters", async () => {
	answers = [
		json(409, {
			status: 409,
			message: "m",
			data: { error: { code: "offer_callback", message: "Call us", params: { phone: "5" } } },
		}),
	];
	const fault = await failure(api.get("/x"));
	expect(fault).toMatchObject({
		status: 409,
		code: "offer_callback",
		message: "Call us",
		fields: {},
		params: { phone: "5" },
	});
});

test("faults of fields stand at their fields", async () => {
	answers = [
		json(400, { status: 400, message: "Look again", data: { email: { code: "required", message: "Fill in" } } }),
	];
	const sending = new Sending();
	expect(await sending.run(() => api.post("/x", {}))).toBe(false);
	expect(sending.fault?.message).toBe("Look again");
	expect(sending.at("email")).toBe("Fill in");
	expect(sending.at("name")).toBeUndefined();
});

test("an answer that is no JSON, and no answer at all, are said in plain words", async () => {
	answers = [new Response("<html>", { status: 502 }), new TypeError("network")];
	expect(await failure(api.get("/x"))).toMatchObject({
		status: 502,
		code: "unwell",
		message: expect.stringContaining("our side"),
	});
	expect(await failure(api.get("/x"))).toMatchObject({
		status: 0,
		code: "unreachable",
		message: expect.stringContaining("Nothing you typed is lost"),
	});
});

test("off line it says so", async () => {
	vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
	answers = [new TypeError("network")];
	expect(await failure(api.get("/x"))).toMatchObject({ code: "offline" });
	vi.restoreAllMocks();
});

test("pressing again sends the same key, other words or a success another one", async () => {
	const once = new Once();
	const key = () => sent.at(-1)?.headers.get("Idempotency-Key");
	answers = [new TypeError("lost"), json(201, {}), json(201, {}), json(201, {})];
	await failure(api.post("/posts", { body: "a" }, { once }));
	const first = key();
	await api.post("/posts", { body: "a" }, { once });
	expect(key()).toBe(first);
	await api.post("/posts", { body: "a" }, { once });
	const third = key();
	expect(third).not.toBe(first);
	await api.post("/posts", { body: "b" }, { once });
	expect(key()).not.toBe(third);
	expect(first).toBeTruthy();
});

test("a session that ended asks for a sign-in, then sends the same request again", async () => {
	const passwordNeeded = vi.fn(async () => true);
	listen({ passwordNeeded, active: () => {}, owing: () => {} });
	answers = [signInRequired(), json(201, { id: "p1" })];
	expect(await api.post<{ id: string }>("/posts", { body: "kept words" })).toEqual({ id: "p1" });
	expect(passwordNeeded).toHaveBeenCalledOnce();
	expect(sent).toHaveLength(2);
	expect(sent[1]?.body).toBe(sent[0]?.body);
	expect(sent[1]?.headers.get("Idempotency-Key")).toBe(sent[0]?.headers.get("Idempotency-Key"));
});

test("who does not sign in again gets the fault, and a background request never asks", async () => {
	const passwordNeeded = vi.fn(async () => false);
	listen({ passwordNeeded, active: () => {}, owing: () => {} });
	answers = [signInRequired(), signInRequired()];
	expect(await failure(api.get("/me"))).toMatchObject({ status: 401, code: "sign_in_required" });
	expect(await failure(api.get("/me", { background: true }))).toMatchObject({ status: 401 });
	expect(passwordNeeded).toHaveBeenCalledOnce();
	expect(sent[1]?.headers.get("X-Background")).toBe("1");
	expect(sent[0]?.headers.get("X-Background")).toBeNull();
});

test("only what a person asked for counts as activity", async () => {
	const active = vi.fn();
	listen({ passwordNeeded: async () => false, active, owing: () => {} });
	answers = [json(200, {}), json(200, {})];
	await api.get("/a", { background: true });
	expect(active).not.toHaveBeenCalled();
	await api.get("/b");
	expect(active).toHaveBeenCalledOnce();
});

test("a door that wants the password fresh asks for it, then opens", async () => {
	const passwordNeeded = vi.fn(async () => true);
	listen({ passwordNeeded, active: () => {}, owing: () => {} });
	const closed = {
		status: 403,
		message: "",
		data: { error: { code: "fresh_sign_in_required", message: "Password, please" } },
	};
	answers = [json(403, closed), json(200, { rights: [] })];
	expect(await api.put("/members/m1/rights", { rights: [] })).toEqual({ rights: [] });
	expect(passwordNeeded).toHaveBeenCalledExactlyOnceWith("fresh");
});

test("owing an acknowledgement is told to the session", async () => {
	const owing = vi.fn();
	listen({ passwordNeeded: async () => false, active: () => {}, owing });
	answers = [
		json(403, {
			status: 403,
			message: "",
			data: { error: { code: "policy_acknowledgement_required", message: "Read first" } },
		}),
	];
	await failure(api.get("/communities"));
	expect(owing).toHaveBeenCalledOnce();
});

test("nothing is sent twice at once", async () => {
	const sending = new Sending();
	let release = () => {};
	const work = vi.fn(() => new Promise<void>((resolve) => (release = resolve)));
	const first = sending.run(work);
	expect(await sending.run(work)).toBe(false);
	expect(work).toHaveBeenCalledOnce();
	expect(sending.busy).toBe(true);
	release();
	expect(await first).toBe(true);
	expect(sending.busy).toBe(false);
});

test("an answer without content is no JSON", async () => {
	answers = [new Response(null, { status: 204 })];
	expect(await api.delete("/session")).toBeUndefined();
});
