// A file on its way: in pieces, each with its place, so that over a bad line it goes on where it stopped.

import { ApiError, api, Once } from "../page/api.js";
import type { About } from "./file.js";
import { shrink } from "./shrink.js";

export type State = "preparing" | "sending" | "waiting" | "cleaning" | "done" | "failed";

interface Begun {
	id: string;
	received: number;
	bytes: number;
	max_chunk: number;
}

const FIRST_PIECE = 256 * 1024;
const LEAST_PIECE = 64 * 1024;
/** A piece should take about as long as a person waits for a sign of life. */
const QUICK = 1000;
const SLOW = 4000;
const MOST_TRIES = 6;

/** How long to wait before the next try, in milliseconds. Pure. */
export const pause = (tries: number) => Math.min(15_000, 1000 * 2 ** tries);

/** The size of the next piece after one that took so long. Pure. */
export function nextPiece(size: number, took: number, most: number): number {
	if (took < QUICK) return Math.min(most, size * 2);
	if (took > SLOW) return Math.max(LEAST_PIECE, Math.floor(size / 2));
	return size;
}

/** Waits, or until the network is back. */
function rest(time: number, signal: AbortSignal): Promise<void> {
	return new Promise((done) => {
		const end = () => {
			clearTimeout(timer);
			removeEventListener("online", end);
			signal.removeEventListener("abort", end);
			done();
		};
		const timer = setTimeout(end, time);
		addEventListener("online", end);
		signal.addEventListener("abort", end);
	});
}

/** What can be tried again without anybody's doing. */
const passing = (fault: unknown): fault is ApiError =>
	fault instanceof ApiError &&
	(fault.status === 0 || fault.status === 429 || (fault.status >= 500 && fault.status !== 507));

export class Upload {
	id = $state("");
	name = $state("");
	bytes = $state(0);
	received = $state(0);
	state = $state<State>("preparing");
	fault = $state.raw<ApiError | null>(null);
	about = $state.raw<About>();
	/** A picture of one's own device, until the server has one. */
	preview = $state("");
	percent = $derived(this.bytes ? Math.floor((this.received / this.bytes) * 100) : 0);
	#abort = new AbortController();
	#once = new Once();
	#content: Blob | undefined;

	constructor(
		readonly community: string,
		readonly file?: File,
	) {
		if (!file) return;
		[this.name, this.bytes] = [file.name, file.size];
		if (file.type.startsWith("image/")) this.preview = URL.createObjectURL(file);
	}

	/** One that is there already: a draft's, or an edited piece's. */
	static of(about: About): Upload {
		const made = new Upload("");
		[made.id, made.name, made.bytes, made.about, made.state] = [about.id, about.name, about.bytes, about, "done"];
		return made;
	}

	/** Sends the file, or goes on with it. True once it is there. */
	async run(): Promise<boolean> {
		this.#abort = new AbortController();
		this.fault = null;
		try {
			await this.#send();
			return true;
		} catch (fault) {
			if (this.#abort.signal.aborted) return false;
			if (!(fault instanceof ApiError)) throw fault;
			this.fault = fault;
			this.state = "failed";
			if (!passing(fault)) [this.id, this.received] = ["", 0]; // the server has thrown it away: another try begins anew
			return false;
		}
	}

	async #send() {
		if (!this.file) return;
		if (!this.#content) this.#content = await shrink(this.file);
		const content = this.#content;
		this.bytes = content.size;
		let most = FIRST_PIECE * 16;
		if (!this.id) {
			const form = { name: this.file.name, bytes: content.size, community: this.community };
			const begun = await this.#patiently(() =>
				api.post<Begun>("/files", form, { once: this.#once, signal: this.#abort.signal }),
			);
			[this.id, this.received, most] = [begun.id, begun.received, begun.max_chunk];
		}
		let piece = FIRST_PIECE;
		while (!this.about) {
			const from = this.received;
			const to = Math.min(content.size, from + piece);
			this.state = to === content.size ? "cleaning" : "sending";
			const started = performance.now();
			const answer = await this.#patiently(() => this.#put(content, from, to));
			if ("status" in answer) this.about = answer;
			this.received = answer.received;
			piece = nextPiece(piece, performance.now() - started, most);
		}
		this.received = this.bytes;
		this.state = "done";
	}

	/** Sends one piece; where the server has another place in mind, it says so. */
	async #put(content: Blob, from: number, to: number): Promise<About | Begun> {
		try {
			const { signal } = this.#abort;
			return await api.put<About | Begun>(`/files/${this.id}/content?from=${from}`, content.slice(from, to), {
				signal,
			});
		} catch (fault) {
			if (fault instanceof ApiError && fault.code === "file_continues_elsewhere") {
				return { id: this.id, received: Number(fault.params.received), bytes: this.bytes, max_chunk: 0 };
			}
			throw fault;
		}
	}

	/** Tries again what fails for a while only. */
	async #patiently<T>(work: () => Promise<T>): Promise<T> {
		for (let tries = 0; ; tries++) {
			try {
				return await work();
			} catch (fault) {
				if (!passing(fault) || tries >= MOST_TRIES || this.#abort.signal.aborted) throw fault;
				const before = this.state;
				this.state = "waiting";
				await rest(pause(tries), this.#abort.signal);
				this.state = before;
			}
		}
	}

	/** Stops it, and takes away what has arrived where it goes with nothing. */
	async cancel(keep = false) {
		this.#abort.abort();
		this.forget();
		if (this.id && !keep) await api.delete(`/files/${this.id}`, { background: true }).catch(() => {});
	}

	/** The picture of one's own device is no longer needed. */
	forget() {
		if (this.preview) URL.revokeObjectURL(this.preview);
		this.preview = "";
	}
}
