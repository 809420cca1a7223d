// Whether this device is its member's own, as they have said in their settings. Small: every page asks it; what it needs beyond
// comes only where the answer is yes.

import { keepBy } from "./api.js";
import type { Me } from "./types.js";

const MARK = "kinward.own";
const marked = () => localStorage.getItem(MARK) ?? "";

/** Tells the service worker to keep the page itself, or to let it go. */
const tell = async () => {
	const registration = await navigator.serviceWorker?.ready;
	registration?.active?.postMessage({ kind: "own" });
};

async function store() {
	return (await import("./kept.js")).kept;
}

export const own = {
	possible: () => "caches" in globalThis && "serviceWorker" in navigator,
	/** True where this member has said so here. */
	is: (me: Me) => marked() === me.id,
	/** Before anything is asked for: what was kept stands in where the network does not answer. A page that was left while it marked the
	    device, or wiped it, may have left the mark without a place to keep anything: it is made anew. */
	async start() {
		if (!marked() || !own.possible()) return;
		const kept = await store();
		await kept.begin().catch(() => {}); // a browser that lets nothing be kept
		keepBy(kept);
	},
	/** Somebody is signed in: what belongs to another, or to who works here, goes. */
	async signedIn(me: Me) {
		if (!marked()) return;
		const { mayKeep } = await import("./kept.js");
		if (marked() !== me.id || !mayKeep(me)) await own.unmark();
		else if (navigator.onLine) void tell();
	},
	async mark(me: Me) {
		const { kept, mayKeep } = await import("./kept.js");
		if (!mayKeep(me)) return;
		localStorage.setItem(MARK, me.id);
		await kept.begin();
		keepBy(kept);
		await tell();
	},
	async unmark() {
		localStorage.removeItem(MARK);
		keepBy(undefined);
		await (await store()).wipe({ end: true });
		await tell();
	},
	/** The session is over, and the server or the member has said so: nothing of what was read stays. */
	async ended() {
		if (marked() && own.possible()) await (await store()).wipe();
	},
};
