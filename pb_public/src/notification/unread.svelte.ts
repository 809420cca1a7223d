// How many things this member has not read yet, for the bell. Looked at in the background: when the member's own topic tells
// that it may be another number, and when a page opens, at most every twenty seconds.

import { live } from "../event/live.js";
import { moment } from "../event/wait.js";
import { api } from "../page/api.js";
import { owesAll } from "../page/gate.js";
import type { Me } from "../page/types.js";
import { zoneHere } from "./notification.js";

const REST = 20_000;
let count = $state(0);
let looked = 0;
let whose = "";
let looking: Promise<void> = Promise.resolve();
let leave = () => {};
let ringing: ReturnType<typeof setTimeout> | undefined;

/** The server sends letters by the member's own clock: the first page that knows says which one that is. */
function tellZone() {
	const zone = zoneHere();
	if (zone) api.patch("/me/notifications", { zone_guessed: zone }, { background: true }).catch(() => {});
}

/** The device's push belongs to who is signed in on it. */
function settlePush() {
	if (!("Notification" in window) || Notification.permission !== "granted") return;
	import("./push.js").then(({ settle }) => settle()).catch(() => {});
}

async function ask(first = false) {
	const id = whose;
	looked = Date.now();
	try {
		const now = await api.get<{ unread: number; zone: string }>("/notifications/unread", { background: true });
		if (id !== whose) return;
		count = now.unread;
		if (first && !now.zone) tellZone();
	} catch {
		// The number that was known stays, and the next page looks again.
	}
}

/** Something may be new, or was read in another tab. What concerns a whole room is not asked for by all at once. */
function rung() {
	clearTimeout(ringing);
	ringing = setTimeout(() => {
		looking = ask();
	}, moment());
}

export const unread = {
	get count() {
		return count;
	},
	put(now: number) {
		count = now;
		looked = Date.now();
	},
	look(me: Me | null) {
		const id = me && !owesAll(me) ? me.id : "";
		const first = whose !== id;
		if (first) {
			leave();
			clearTimeout(ringing);
			whose = id;
			count = 0;
			leave = id ? live.watch(`member:${id}`, performance.now(), rung) : () => {};
			if (id) settlePush();
		}
		if (!id || (!first && Date.now() - looked < REST)) return;
		looking = ask(first);
	},
	/** A page that shows a thread was opened, or left after more came: what was told of it is read. */
	async opened(thread: string, surely = false) {
		await looking;
		if (count === 0 && !surely) return;
		api
			.post<{ unread: number }>("/notifications/read", { thread }, { background: true })
			.then((now) => unread.put(now.unread))
			.catch(() => {});
	},
};
