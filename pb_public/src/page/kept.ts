// What a member last read, on a device that they have said is theirs alone: a bounded number of answers, for a bounded time, read
// only where the network does not answer. It is wiped when they sign out, when the server says that the session has ended, when
// somebody else signs in, and when they take the word back. Who is here by profession never keeps anything.

import { professional } from "./gate.js";
import { reading } from "./reading.svelte.js";
import type { Me } from "./types.js";

/** The service worker looks whether this is there. */
export const STORE = "kinward-own";
export const MOST = 60;
export const DAYS = 7;
const AT = "X-Kept-At";

/** What is read on the way to, and on, the pages that open without a network. */
const READ =
	/^\/(?:practice|me|home|communities(?:\/[a-z0-9]+(?:\/posts)?)?|posts\/[a-z0-9]+(?:\/comments\?after=[\w%-]+)?|marks\?[\w=&%,]+)$/;

export const mayKeep = (me: Me) => !professional(me);

/** The name under which an answer is kept: never one that a server answers at. */
const name = (path: string) => `/kept${path}`;

const old = (response: Response, now: number) =>
	now - Date.parse(response.headers.get(AT) ?? "") > DAYS * 24 * 3600 * 1000;

/** Rises when all is forgotten: an answer that was on its way then is not kept after it. */
let turn = 0;

export const kept = {
	/** Keeps a good answer, in place of the one before, and forgets the oldest above the bound. */
	async keep(path: string, answer: Response, asked = turn, now = Date.now()) {
		if (asked !== turn || !READ.test(path) || !(await caches.has(STORE))) return;
		const body = await answer.text();
		if (asked !== turn) return;
		const cache = await caches.open(STORE);
		if (asked !== turn) return;
		await cache.delete(name(path));
		const headers = { "Content-Type": "application/json", [AT]: new Date(now).toISOString() };
		await cache.put(name(path), new Response(body, { headers }));
		const all = await cache.keys();
		for (const one of all.slice(0, Math.max(0, all.length - MOST))) await cache.delete(one);
	},
	/** What was answered last, where the network does not answer now. Whoever has kept anything was signed in then. */
	async find(path: string, now = Date.now()): Promise<Response | undefined> {
		if (!(await caches.has(STORE))) return undefined;
		const cache = await caches.open(STORE);
		const found = await cache.match(name(path === "/session" ? "/me" : path));
		if (!found || old(found, now)) {
			if (found) await cache.delete(name(path));
			return undefined;
		}
		reading.from(found.headers.get(AT) ?? "");
		return path === "/session" ? Response.json({ signed_in: true }) : found;
	},
	turn: () => turn,
	/** The server answers again. */
	answered: reading.fresh,
	/** Begins to keep. */
	async begin() {
		await caches.open(STORE);
	},
	/** Forgets everything, and whether to keep with `end`. */
	async wipe({ end = false } = {}) {
		turn++;
		await caches.delete(STORE);
		if (!end) await caches.open(STORE);
	},
};
