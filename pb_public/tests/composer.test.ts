// What is written is sent once, and never lost.

import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Once } from "../src/page/api.js";
import { api } from "../src/page/api.js";
import { drafts, type Words } from "../src/page/drafts.svelte.js";
import { need } from "../src/page/messages.svelte.js";
import Composer from "../src/post/Composer.svelte";
import EditPiece from "../src/post/EditPiece.svelte";
import type { Piece } from "../src/post/post.js";

interface Seen {
	method: string;
	path: string;
	key: string | null;
	body: Record<string, unknown>;
}
let seen: Seen[];
let answer: (request: Seen) => Response | Promise<Response> | undefined;
let mounted: Record<string, unknown>[] = [];
const json = (value: unknown, status = 200) => new Response(JSON.stringify(value), { status });
const sends = (method: string) => seen.filter((one) => one.method === method && !/drafts|preview/.test(one.path));

beforeEach(async () => {
	await need(["post"]);
	drafts.forget();
	seen = [];
	answer = () => undefined;
	vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
		const request = {
			method: init.method ?? "GET",
			path: url.replace("/api/clinic", ""),
			key: new Headers(init.headers).get("Idempotency-Key"),
			body: init.body ? JSON.parse(init.body as string) : {},
		};
		seen.push(request);
		const given = await answer(request);
		return given ?? json(request.path === "/preview" ? { html: "" } : { title: "", body: "", kind: "", updated: "" });
	});
});
afterEach(() => {
	for (const component of mounted) void unmount(component);
	mounted = [];
	document.body.replaceChildren();
	vi.unstubAllGlobals();
});

const one = <T extends Element = HTMLElement>(selector: string) => document.querySelector<T>(selector) as T;
const area = () => one<HTMLTextAreaElement>("textarea");
const settled = async () => {
	for (let i = 0; i < 12; i++) await Promise.resolve();
	await vi.waitFor(() => flushSync());
};
const there = () => vi.waitFor(() => expect(area()).not.toBeNull());

function type(text: string) {
	area().value = text;
	area().dispatchEvent(new Event("input", { bubbles: true }));
	flushSync();
}
const press = (init: KeyboardEventInit) =>
	area().dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...init }));

// biome-ignore lint/suspicious/noExplicitAny: components of every shape
async function show(component: any, props: Record<string, unknown>) {
	mounted.push(mount(component, { target: document.body, props }));
	await there();
}
const compose = (more: Record<string, unknown> = {}) =>
	show(Composer, {
		place: "community:c1",
		label: "Your words",
		action: () => "Send",
		kinds: true,
		titled: true,
		send: ({ title, body, kind }: Words, once: Once) =>
			api.post("/communities/c1/posts", { title, body, kind }, { once }),
		onclose: () => {},
		...more,
	});

test("a draft that waits is there again, with its kind", async () => {
	answer = ({ path }) =>
		path.startsWith("/drafts")
			? json({ title: "Sleep", body: "half a", kind: "question", updated: "2026-03-01" })
			: undefined;
	await compose();
	expect(area().value).toBe("half a");
	expect(one<HTMLInputElement>("[value=question]").checked).toBe(true);
});

test("nothing is sent that is empty or too long, and the fault is told at the field and in the summary", async () => {
	await compose();
	press({ key: "Enter", ctrlKey: true });
	await settled();
	expect(sends("POST")).toEqual([]);
	expect(document.activeElement?.querySelector("a")?.getAttribute("href")).toBe(`#${area().id}`);
	expect(area().getAttribute("aria-invalid")).toBe("true");
	type("é".repeat(10_001));
	press({ key: "Enter", ctrlKey: true });
	await settled();
	expect(sends("POST")).toEqual([]);
	expect(document.body.textContent).toContain("too long by 2 bytes");
});

test("what could not be sent stays, and goes again under the same key", async () => {
	let reachable = false;
	const sent = vi.fn();
	answer = ({ method, path }) => {
		if (method !== "POST" || path === "/preview") return undefined;
		if (!reachable) throw new TypeError("network");
		return json({ id: "p1" }, 201);
	};
	await compose({ onsent: sent });
	type("Good morning");
	press({ key: "Enter", ctrlKey: true });
	await vi.waitFor(() => expect(document.body.textContent).toContain("Nothing you typed is lost"));
	expect(area().value).toBe("Good morning");
	expect(sent).not.toHaveBeenCalled();
	reachable = true;
	press({ key: "Enter", metaKey: true });
	await vi.waitFor(() => expect(sent).toHaveBeenCalledOnce());
	const [first, second] = sends("POST");
	expect(second?.key).toBe(first?.key);
	expect(second?.body).toEqual({ title: "", body: "Good morning", kind: "discussion" });
	expect(seen.at(-1)).toMatchObject({ method: "DELETE", path: "/drafts/community%3Ac1" });
});

test("a second press while the first is on its way sends nothing", async () => {
	let free: (response: Response) => void = () => {};
	answer = ({ method, path }) =>
		method === "POST" && path !== "/preview" ? new Promise<Response>((resolve) => (free = resolve)) : undefined;
	const sent = vi.fn();
	await compose({ onsent: sent });
	type("Once");
	press({ key: "Enter", ctrlKey: true });
	await settled();
	press({ key: "Enter", ctrlKey: true });
	await settled();
	expect(area().readOnly).toBe(true);
	free(json({ id: "p1" }, 201));
	await vi.waitFor(() => expect(sent).toHaveBeenCalledOnce());
	expect(sends("POST")).toHaveLength(1);
});

const piece = {
	id: "p1",
	title: "Sleep",
	body: "My words",
	updated: "2026-03-01T10:00:00.000Z",
	mine: true,
} as unknown as Piece;

test("where another text was saved meanwhile both are there, and saving again counts on that one", async () => {
	const saved = vi.fn();
	const theirs = { title: "Sleep", body: "Other words", updated: "2026-03-01T11:00:00.000Z" };
	answer = ({ method, body }) => {
		if (method !== "PATCH") return undefined;
		if (body.updated === theirs.updated) return json({ ...piece, body: body.body });
		const error = { code: "edited_meanwhile", message: "Changed meanwhile.", params: theirs };
		return json({ status: 409, message: error.message, data: { error } }, 409);
	};
	await show(EditPiece, { piece, what: "post", onsaved: saved, onclose: () => {} });
	type("My new words");
	press({ key: "Enter", ctrlKey: true });
	await vi.waitFor(() => expect(one("pre")?.textContent).toContain("Other words"));
	expect(area().value).toBe("My new words");
	const [keep, append] = document.querySelectorAll<HTMLButtonElement>(".notice button");
	expect(keep).toBeDefined();
	append?.click();
	flushSync();
	expect(area().value).toBe("My new words\n\nOther words");
	press({ key: "Enter", ctrlKey: true });
	await vi.waitFor(() => expect(saved).toHaveBeenCalledOnce());
	expect(sends("PATCH").at(-1)?.body).toMatchObject({ body: "My new words\n\nOther words", updated: theirs.updated });
});

test("a draft from before the last change shows what it would replace", async () => {
	answer = ({ method, path }) =>
		method === "GET" && path.startsWith("/drafts")
			? json({ title: "Sleep", body: "Old draft", kind: "", updated: "2026-03-01T09:00:00.000Z" })
			: undefined;
	await show(EditPiece, { piece, what: "post", onsaved: () => {}, onclose: () => {} });
	await vi.waitFor(() => expect(one("pre")?.textContent).toContain("My words"));
	expect(area().value).toBe("Old draft");
});
