// How many things this member has not read yet, for the bell. Looked at in the background: when a page opens, at most every
// twenty seconds, and whenever something tells that it has changed.

import { api } from "../page/api.js";
import { owesAll } from "../page/gate.js";
import type { Me } from "../page/types.js";
import { zoneHere } from "./notification.js";

const REST = 20_000;
let count = $state(0);
let looked = 0;
let whose = "";
let looking: Promise<void> = Promise.resolve();
let last: Me | null = null;

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

export const unread = {
	get count() {
		return count;
	},
	put(now: number) {
		count = now;
		looked = Date.now();
	},
	look(me: Me | null) {
		last = me;
		if (!me || owesAll(me)) {
			count = 0;
			looked = 0;
			whose = "";
			return;
		}
		if (whose !== me.id) settlePush();
		if (whose === me.id && Date.now() - looked < REST) return;
		const first = whose !== me.id;
		whose = me.id;
		looked = Date.now();
		looking = api
			.get<{ unread: number; zone: string }>("/notifications/unread", { background: true })
			.then((now) => {
				count = now.unread;
				if (first && !now.zone) tellZone();
			})
			.catch(() => {});
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

/** A page that stays open looks now and then, while somebody sees it. */
const AGAIN = 120_000;
setInterval(() => {
	if (document.visibilityState === "visible") unread.look(last);
}, AGAIN);
document.addEventListener("visibilitychange", () => {
	if (document.visibilityState === "visible") unread.look(last);
});
