// The one way to the server: /api/clinic, with the session's cookie. Every failure is an ApiError whose message a person
// can read. A session that ended while someone was writing is mended in place: passwordNeeded asks for the password, and
// the same request is sent again with the same Idempotency-Key.

import { spoken, t } from "./messages.svelte.js";

export interface Fault {
	code: string;
	message: string;
	params?: Record<string, unknown>;
}

export class ApiError extends Error {
	constructor(
		readonly status: number,
		readonly code: string,
		message: string,
		/** One fault for each field of the request that has one. */
		readonly fields: Record<string, Fault> = {},
		readonly params: Record<string, unknown> = {},
	) {
		super(message);
	}

	/** What a page says that refuses a form itself, before anything is sent. */
	static ofFields(fields: Record<string, string>): ApiError {
		const faults = Object.entries(fields).map(([name, message]) => [name, { code: "refused_here", message }]);
		return new ApiError(0, "check_the_fields", t("page.check_the_fields"), Object.fromEntries(faults));
	}
}

/** Keeps the Idempotency-Key of one intention until it has succeeded: pressing twice creates once. */
export class Once {
	#key = "";
	#body = "";

	/** The key for this body; other words are another intention. */
	keyFor(body: string): string {
		if (!this.#key || this.#body !== body) {
			this.#key = crypto.randomUUID?.() ?? randomKey();
			this.#body = body;
		}
		return this.#key;
	}

	done() {
		this.#key = "";
	}
}

/** randomUUID is there only under TLS and on localhost; a practice may first look at its own page by address. */
const randomKey = () =>
	Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

export interface Options {
	/** Not activity: does not keep the session alive, and never asks for a sign-in. */
	background?: boolean;
	/** For creates: keeps the key across retries of the same intention. */
	once?: Once;
	/** The answer where a 401 is meant for the caller: signing in itself. */
	plain?: boolean;
	signal?: AbortSignal;
	/** The answer is a file, not JSON. */
	file?: boolean;
	/** Goes on its way even while the page is being closed. */
	keepalive?: boolean;
	/** To answer in, before the page speaks any. */
	language?: string;
	/** Only the server's own answer counts, and not what this device has kept. */
	fresh?: boolean;
}

/** What keeps answers on a member's own device, for when the network does not answer. */
export interface Keeper {
	keep: (path: string, answer: Response, turn: number) => Promise<void>;
	/** The turn in which something is asked: what is answered in a later one is not kept. */
	turn: () => number;
	find: (path: string) => Promise<Response | undefined>;
	answered: () => void;
}

let keeper: Keeper | undefined;

export function keepBy(next: Keeper | undefined) {
	keeper = next;
}

/** Why the password is asked for in place. */
export type Why = "ended" | "fresh";

interface Listeners {
	/** Asks for the password over the page, since the session ended or a door wants it once more; true once it was right. */
	passwordNeeded: (why: Why) => Promise<boolean>;
	/** Activity was noted by the server. */
	active: () => void;
	/** The member owes an acknowledgement that blocks everything. */
	owing: () => void;
}

let told: Listeners = { passwordNeeded: async () => false, active: () => {}, owing: () => {} };

export function listen(listeners: Listeners) {
	told = listeners;
}

/** What stands for the session's cookie, where there is none: an operator's token in the dashboard. */
let authorization: () => string = () => "";

export function authorize(header: () => string) {
	authorization = header;
}

/** What boot.js has asked for before this script came; each answer is taken once, and only while the page begins. */
type Early = Record<string, Promise<Response>>;
const began = globalThis as { kinwardEarly?: Early };
began.kinwardEarly ??= {};
const EARLY_FOR = 15_000;

function early(path: string, request: RequestInit): Promise<Response> | undefined {
	const name = `${new Headers(request.headers).get("Accept-Language")} ${path}`;
	const found = began.kinwardEarly?.[name];
	if (!found || request.method !== "GET" || performance.now() > EARLY_FOR) return undefined;
	delete began.kinwardEarly?.[name];
	return found;
}

async function send(path: string, request: RequestInit, options: Options) {
	const turn = keeper?.turn() ?? 0;
	try {
		const soon = options.fresh ? undefined : early(path, request);
		const response = await (soon ?? fetch(`/api/clinic${path}`, { ...request, credentials: "same-origin" }));
		keeper?.answered();
		if (request.method === "GET" && response.ok) void keeper?.keep(path, response.clone(), turn).catch(() => {});
		return response;
	} catch (cause) {
		if (request.signal?.aborted) throw cause;
		const found = request.method === "GET" && !options.fresh ? await keeper?.find(path) : undefined;
		if (found) return found;
		const code = navigator.onLine ? "unreachable" : "offline";
		throw new ApiError(0, code, t(`page.fault.${code}`));
	}
}

/** Whether the server has another build of the page by now: the parts of this one are gone from it then. */
export async function anotherBuild(): Promise<boolean> {
	const mine = document.querySelector('script[type="module"][src]')?.getAttribute("src");
	const page = await fetch("/", { cache: "no-store" })
		.then((answer) => (answer.ok ? answer.text() : ""))
		.catch(() => "");
	return Boolean(mine && page && !page.includes(mine));
}

export async function readError(response: Response): Promise<ApiError> {
	const answer = await response.json().catch(() => null);
	const { error, ...fields } = (answer?.data ?? {}) as Record<string, Fault>;
	const message = error?.message || answer?.message || t("page.fault.unwell");
	return new ApiError(response.status, error?.code ?? answer?.code ?? "unwell", message, fields, error?.params);
}

async function wantsPassword(response: Response): Promise<Why | undefined> {
	if (response.status === 401) return "ended";
	if (response.status !== 403) return undefined;
	return (await readError(response.clone())).code === "fresh_sign_in_required" ? "fresh" : undefined;
}

/** What somebody has sent off on this page, and what has not been answered yet. */
const underway = new Set<Promise<Response>>();
const AT_MOST = 10_000;

/** Waits until what was sent off is answered, though not for ever; false where nothing was. An answer may bring another session. */
export async function answered(): Promise<boolean> {
	if (underway.size === 0) return false;
	await Promise.race([Promise.allSettled(underway), new Promise((resolve) => setTimeout(resolve, AT_MOST))]);
	return true;
}

async function call<T>(method: string, path: string, body: unknown, options: Options): Promise<T> {
	const headers = new Headers({ "Accept-Language": options.language ?? spoken() });
	let payload: BodyInit | undefined;
	if (body instanceof FormData || body instanceof Blob) payload = body;
	else if (body !== undefined) {
		payload = JSON.stringify(body);
		headers.set("Content-Type", "application/json");
	}
	if (options.background) headers.set("X-Background", "1");
	if (authorization()) headers.set("Authorization", authorization());
	if (method === "POST") {
		const once = options.once ?? new Once();
		headers.set("Idempotency-Key", once.keyFor(typeof payload === "string" ? payload : path));
	}
	const request = { method, body: payload, headers, signal: options.signal, keepalive: options.keepalive };
	const sent = send(path, request, options);
	if (method !== "GET" && !options.background) {
		underway.add(sent);
		const gone = () => underway.delete(sent);
		sent.then(gone, gone);
	}
	let response = await sent;
	const why = options.plain || options.background ? undefined : await wantsPassword(response);
	if (why && (await told.passwordNeeded(why))) {
		response = await send(path, request, options);
	}
	if (!options.background && response.status !== 401 && response.status < 500) told.active();
	if (!response.ok) {
		const error = await readError(response);
		if (error.code === "policy_acknowledgement_required" && !options.background) told.owing();
		throw error;
	}
	options.once?.done();
	if (options.file) return (await response.blob()) as T;
	return (response.status === 204 ? undefined : await response.json()) as T;
}

export const api = {
	get: <T>(path: string, options: Options = {}) => call<T>("GET", path, undefined, options),
	post: <T>(path: string, body: unknown = {}, options: Options = {}) => call<T>("POST", path, body, options),
	put: <T>(path: string, body: unknown, options: Options = {}) => call<T>("PUT", path, body, options),
	patch: <T>(path: string, body: unknown, options: Options = {}) => call<T>("PATCH", path, body, options),
	/** With a body only where the server asks why. */
	delete: <T>(path: string, options: Options & { body?: unknown } = {}) =>
		call<T>("DELETE", path, options.body, options),
};
