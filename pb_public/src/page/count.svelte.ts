// How many things wait for this member behind one door, for the menu. Looked at in the background, at most twice a minute.

import { api } from "./api.js";
import { owesAll } from "./gate.js";
import type { Me } from "./types.js";

const REST = 30_000;

/** A count that is asked for at `path` by whom `may` lets ask; `read` finds it in the answer. */
export function counted<Answer>(path: string, may: (me: Me) => boolean, read: (answer: Answer) => number) {
	let count = $state(0);
	let looked = 0;
	return {
		get count() {
			return count;
		},
		/** What a page has just been told, or has just done. */
		put(now: number) {
			count = Math.max(0, now);
			looked = Date.now();
		},
		look(me: Me | null) {
			if (!me || owesAll(me) || !may(me)) {
				count = 0;
				looked = 0;
				return;
			}
			if (Date.now() - looked < REST) return;
			looked = Date.now();
			api
				.get<Answer>(path, { background: true })
				.then((answer) => (count = read(answer)))
				.catch(() => {});
		},
	};
}
