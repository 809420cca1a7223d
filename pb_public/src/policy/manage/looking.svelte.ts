// What the server makes of the text, a moment after the last key: preview, reading level, problems, and what changed.

import { ApiError } from "../../page/api.js";
import type { Language } from "../../page/types.js";
import { look } from "./server.js";
import type { Look, Work } from "./types.js";

const PAUSE = 400;

export class Looking {
	now = $state.raw<Look | null>(null);
	fault = $state.raw<ApiError | null>(null);
	#timer: ReturnType<typeof setTimeout> | undefined;
	#abort: AbortController | undefined;
	#asked = "";

	/** Call with the work as it is now; asks only if it is another one. */
	at(slug: string, language: Language, work: Work) {
		const asked = JSON.stringify([slug, language, work.texts[language], work.checks, work.strip[language]]);
		if (asked === this.#asked) return;
		const first = !this.#asked || JSON.parse(this.#asked)[1] !== language;
		this.#asked = asked;
		clearTimeout(this.#timer);
		this.#abort?.abort();
		const sent = structuredClone(work);
		this.#timer = setTimeout(() => this.#ask(slug, language, sent), first ? 0 : PAUSE);
	}

	async #ask(slug: string, language: Language, work: Work) {
		const abort = new AbortController();
		this.#abort = abort;
		try {
			this.now = await look(slug, language, work, abort.signal);
			this.fault = null;
		} catch (fault) {
			if (abort.signal.aborted) return;
			if (!(fault instanceof ApiError)) throw fault;
			this.fault = fault;
			this.#asked = "";
		}
	}

	close() {
		clearTimeout(this.#timer);
		this.#abort?.abort();
	}
}
