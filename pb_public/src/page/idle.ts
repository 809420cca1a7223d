// How long a session still lives. Pure: time is an argument, in milliseconds.

import type { SessionState } from "./types.js";

/** At most one "still here" in this time. */
const KEEP_EVERY = 60_000;

export class Clock {
	#idle = 0;
	#warn = 0;
	#until = 0;
	#expires = 0;
	#touched = 0;

	start(state: SessionState, now: number) {
		this.#idle = state.idle_seconds * 1000;
		// A very short idle time must not be nothing but warning.
		this.#warn = Math.min(state.warn_seconds * 1000, this.#idle / 2);
		this.#expires = Date.parse(state.expires);
		this.#touched = now;
		this.correct(state.idle_seconds_left, now);
	}

	/** The server, or another tab, says how much is left. */
	correct(secondsLeft: number, now: number) {
		this.#until = now + secondsLeft * 1000;
	}

	/** The server has just noted activity. */
	touched(now: number) {
		this.#touched = now;
		this.#until = now + this.#idle;
	}

	mayKeep(now: number): boolean {
		return now - this.#touched > Math.min(KEEP_EVERY, this.#idle / 4);
	}

	left(now: number): number {
		return Math.min(this.#until, this.#expires) - now;
	}

	/** "idle" where an answer would keep the session, "over" where its longest life ends all the same. */
	stage(now: number): "idle" | "over" | null {
		if (this.left(now) > this.#warn) return null;
		return this.#expires <= this.#until ? "over" : "idle";
	}
}
