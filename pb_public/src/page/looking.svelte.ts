// What the server makes of words while they are written, a moment after the last key: their preview, and what is wrong with them.

import { ApiError } from "./api.js";

const PAUSE = 400;

export class Looking<T> {
	now = $state.raw<T | null>(null);
	fault = $state.raw<ApiError | null>(null);
	#timer: ReturnType<typeof setTimeout> | undefined;
	#abort: AbortController | undefined;
	#place = "";
	#asked = "";

	/** Call with the words as they are now; asks only if they are others. Those of another place are asked for at once. */
	at(place: string, words: unknown, ask: (signal: AbortSignal) => Promise<T>) {
		const asked = JSON.stringify([place, words]);
		if (asked === this.#asked) return;
		const first = place !== this.#place;
		[this.#place, this.#asked] = [place, asked];
		clearTimeout(this.#timer);
		this.#abort?.abort();
		this.#timer = setTimeout(() => this.#ask(ask), first ? 0 : PAUSE);
	}

	async #ask(ask: (signal: AbortSignal) => Promise<T>) {
		const abort = new AbortController();
		this.#abort = abort;
		try {
			this.now = await ask(abort.signal);
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
