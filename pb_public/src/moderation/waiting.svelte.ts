// How many things wait for this member at the desk, for the menu. Looked at in the background, at most twice a minute.

import { api } from "../page/api.js";
import { owesAll, sitsAtDesk } from "../page/gate.js";
import type { Me } from "../page/types.js";
import type { Counts } from "./moderation.js";

const REST = 30_000;
let count = $state(0);
let looked = 0;

export const waiting = {
	get count() {
		return count;
	},
	/** What a page of the desk has just been told. */
	put(now: number) {
		count = now;
		looked = Date.now();
	},
	look(me: Me | null) {
		if (!me || owesAll(me) || !sitsAtDesk(me)) {
			count = 0;
			looked = 0;
			return;
		}
		if (Date.now() - looked < REST) return;
		looked = Date.now();
		api
			.get<Counts>("/desk/counts", { background: true })
			.then((counts) => (count = counts.waiting))
			.catch(() => {});
	},
};
