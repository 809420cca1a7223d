// The practice whose house this is: its name and phone stand on every page.

import { api } from "./api.js";
import { wearAccent } from "./colour.js";
import type { Practice } from "./types.js";

let now = $state.raw<Practice | null>(null);

export const practice = {
	/** Null only until the server has answered for the first time. */
	get now() {
		return now;
	},
	/** `language` where the page does not speak any yet. */
	async load(language?: string) {
		now = await api.get<Practice>("/practice", { background: true, language });
		wearAccent(now.accent, document.documentElement);
	},
};
