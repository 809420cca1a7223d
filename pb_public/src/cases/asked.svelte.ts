// How many questions about example cases wait for this member's answer, for the menu. Looked at in the background, at most twice a
// minute.

import { api } from "../page/api.js";
import { answersCases, owesAll } from "../page/gate.js";
import type { Me } from "../page/types.js";

const REST = 30_000;
let count = $state(0);
let looked = 0;

export const asked = {
	get count() {
		return count;
	},
	/** One of them has just been answered. */
	less() {
		count = Math.max(0, count - 1);
	},
	look(me: Me | null) {
		if (!me || owesAll(me) || !answersCases(me)) {
			count = 0;
			looked = 0;
			return;
		}
		if (Date.now() - looked < REST) return;
		looked = Date.now();
		api
			.get<{ open: number }>("/cases/questions/open", { background: true })
			.then(({ open }) => (count = open))
			.catch(() => {});
	},
};
