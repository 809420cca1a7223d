// A small router on the History API. A page is a file; its routes stand in src/<noun>/routes.ts, and each page is a chunk
// that comes when it is asked for. Back and forward find the page scrolled as it was left.

import type { Component } from "svelte";
import { anotherBuild } from "./api.js";
import { match } from "./match.js";
import { need } from "./messages.svelte.js";

/** Who may see a page. The server decides again on every request; this only spares people a page of refusals. */
export type Access = "anyone" | "signed-in" | "member" | "works" | "provider" | "desk" | "admin" | "policies";

export interface Route {
	/** Such as "/communities/:id". */
	path: string;
	access: Access;
	/** The nouns of the catalogue whose texts the page says. */
	nouns: string[];
	// biome-ignore lint/suspicious/noExplicitAny: each page names its own parameters
	load: () => Promise<{ default: Component<any> }>;
	/** Opened first, it stands with the first halves of its texts (build/two-halves.js). */
	soon?: boolean;
	/** No menu around it: the page is one thing to do. */
	alone?: boolean;
}

export interface Shown {
	route: Route;
	params: Record<string, string>;
	page: Component<Record<string, string>>;
	/** One visit of one page; also the key under which what it keeps is found again. */
	visit: string;
}

interface Entry {
	visit: string;
	scroll: number;
}

/** Decides before a page opens; returns where to go instead, or nothing. */
type Gate = (route: Route | undefined, path: string) => string | undefined;

let shown = $state.raw<Shown | null>(null);
let loading = $state(false);
let failed = $state(false);
let search = $state(location.search);
let pathname = $state(location.pathname);
let routes: Route[] = [];
let gate: Gate = () => undefined;
let notFound: Route;
let turn = 0;
let leave: () => string | undefined = () => undefined;
const memory = new Map<string, unknown>();

const entry = (): Entry => history.state ?? { visit: "first", scroll: 0 };
const fresh = (): Entry => ({ visit: `${Date.now()}.${Math.random()}`, scroll: 0 });

/** Shows the page for the address as it is now. */
async function open(moved: boolean) {
	const mine = ++turn;
	const found = match(routes, location.pathname);
	const instead = gate(found?.route, location.pathname + location.search);
	if (instead !== undefined && instead !== location.pathname + location.search) {
		history.replaceState(fresh(), "", instead);
		return open(moved);
	}
	const route = found?.route ?? notFound;
	loading = true;
	try {
		const [chunk] = await Promise.all([route.load(), need(route.nouns, route.soon && !shown)]);
		if (mine !== turn) return;
		failed = false;
		search = location.search;
		pathname = location.pathname;
		router.moved = moved;
		shown = { route, params: found?.params ?? {}, page: chunk.default, visit: entry().visit };
	} catch {
		// The chunk did not come: off line, or a newer version replaced it, and then the whole page is opened anew.
		if (mine === turn && (await anotherBuild())) location.reload();
		else if (mine === turn) failed = true;
	} finally {
		if (mine === turn) loading = false;
	}
}

/** Comes back to where the page was left, as soon as it is long enough again. */
function restore(y: number) {
	const start = performance.now();
	const step = () => {
		const reach = document.documentElement.scrollHeight - innerHeight;
		if (reach >= y || performance.now() - start > 1500) scrollTo(0, y);
		else requestAnimationFrame(step);
	};
	requestAnimationFrame(step);
}

function keepScroll() {
	history.replaceState({ ...entry(), scroll: scrollY }, "");
}

export const router = {
	/** False on the page that was opened first: only later ones move the focus to their heading. */
	moved: false,
	get shown() {
		return shown;
	},
	get loading() {
		return loading;
	},
	get failed() {
		return failed;
	},
	get path() {
		return pathname;
	},
	/** The part of the address after "?": filters of a list stand there. */
	get query() {
		return new URLSearchParams(search);
	},
	/** Goes to another page. */
	async go(to: string, how: { replace?: boolean } = {}) {
		if (!router.mayLeave()) return;
		leave = () => undefined;
		if (how.replace) history.replaceState(fresh(), "", to);
		else {
			keepScroll();
			history.pushState(fresh(), "", to);
		}
		await open(true);
		scrollTo(0, 0);
	},
	/** Changes the filters in the address without leaving the page. */
	filter(values: Record<string, string | undefined>) {
		const next = new URLSearchParams(location.search);
		for (const [name, value] of Object.entries(values)) {
			if (value) next.set(name, value);
			else next.delete(name);
		}
		const text = next.toString();
		history.replaceState(entry(), "", location.pathname + (text ? `?${text}` : ""));
		search = location.search;
	},
	/** Opens the page again: after signing in, or when its chunk did not come. */
	again: () => open(true),
	/** Asks, where the page holds words that would be lost. */
	mayLeave(): boolean {
		const ask = leave();
		return !ask || confirm(ask);
	},
	/** A page that holds unsaved words says here what to ask before it is left. */
	guard(ask: () => string | undefined) {
		leave = ask;
	},
	/** What a list had loaded, found again when a person comes back to it. Forgotten at sign-out. */
	keep(name: string, value: unknown) {
		memory.set(`${entry().visit} ${name}`, value);
	},
	kept<T>(name: string): T | undefined {
		return memory.get(`${entry().visit} ${name}`) as T | undefined;
	},
	/** The session is over: nothing of it is found again, and nothing is asked before its page goes. */
	forget() {
		memory.clear();
		leave = () => undefined;
	},
	/** Begins to fetch the page at this address before it is known who may see it; of members' pages where somebody was signed in. */
	ahead(all: Route[], member: boolean) {
		const route = match(all, location.pathname)?.route;
		if (route && (member || route.access === "anyone"))
			Promise.all([route.load(), need(route.nouns, route.soon)]).catch(() => {});
	},
	/** Nothing can be shown: the server does not answer. */
	lost() {
		failed = true;
	},
	/** The part after "#", taken out of the address bar and the history at once: it may be a secret. */
	takeFragment(): string {
		const taken = location.hash.slice(1);
		if (taken) history.replaceState(history.state, "", location.pathname + location.search);
		return taken;
	},
	async start(all: Route[], missing: Route, decide: Gate) {
		routes = all;
		notFound = missing;
		gate = decide;
		history.scrollRestoration = "manual";
		if (!history.state?.visit) history.replaceState(fresh(), "");
		addEventListener("popstate", async () => {
			// A link of ours with another "#…", opened over this very page, is a new visit.
			if (!history.state?.visit) history.replaceState(fresh(), "");
			const { scroll } = entry();
			await open(true);
			restore(scroll);
		});
		addEventListener("pagehide", keepScroll);
		addEventListener("beforeunload", (event) => {
			if (leave()) event.preventDefault();
		});
		document.addEventListener("click", follow);
		await open(false);
		restore(entry().scroll);
	},
};

/**
 * Leads to a place on the page as it is: the skip link, a table of contents. The browser's own way would be a new entry in the
 * history, for which the page is opened anew, and what was typed on it is lost. False where there is no such place.
 */
function leadTo(hash: string): boolean {
	const place = document.getElementById(decodeURIComponent(hash.slice(1)));
	if (!place) return false;
	history.replaceState(history.state, "", hash);
	if (!place.matches("a[href], button, input, select, textarea, summary, [tabindex]")) place.tabIndex = -1;
	place.scrollIntoView();
	place.focus({ preventScroll: true });
	return true;
}

/** Plain left clicks on links of our own open without a reload. */
function follow(event: MouseEvent) {
	if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
		return;
	const link = (event.target as Element).closest?.("a");
	if (!link || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
	if (link.pathname.startsWith("/api/") || link.pathname.startsWith("/_/")) return;
	// A poster is a document of its own.
	if (/^\/policies\/(.+\/)?poster$/.test(link.pathname)) return;
	if (link.pathname === location.pathname && link.hash) {
		if (link.search === location.search && leadTo(link.hash)) event.preventDefault();
		return;
	}
	event.preventDefault();
	void router.go(link.pathname + link.search + link.hash);
}
