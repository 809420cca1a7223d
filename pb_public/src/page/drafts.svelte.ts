// What a member is writing, kept on the server while they write, so that a shared computer keeps nothing. Words that could
// not be saved (off line, signed out meanwhile) stay in this page's memory until the same member is back.

import { ApiError, api } from "./api.js";
import { here, memory } from "./here.js";

export interface Words {
	title: string;
	body: string;
	kind: string;
	/** The ids of the files that go with them. */
	files: string[];
	/** What the kind needs beside its words, as JSON: what a poll asks, how long an announcement stands on top. */
	more?: string;
}

/** Words on their way, with the ids of the findings that their writer has read and posts in spite of. */
export type Sent = Words & { confirm: string[] };

/** How safe the words are, for the page to tell. */
export type Safety = "empty" | "unsaved" | "saving" | "saved" | "here_only";

const PAUSE = 1200;

/** What is written in on the page as it is. */
interface Open {
	readonly safety: Safety;
	save(background?: boolean): Promise<void>;
}
const open = new Set<Open>();
const unsaved = memory<Words>();
let owner = "";

/** One place that someone writes in: community:ID, post:ID, comment:ID, post-edit:ID or comment-edit:ID. */
export class Draft {
	title = $state("");
	body = $state("");
	kind = $state("");
	files = $state.raw<string[]>([]);
	more = $state("");
	safety = $state<Safety>("empty");
	savedAt = $state("");
	#timer: ReturnType<typeof setTimeout> | undefined;
	#saving: Promise<void> = Promise.resolve();

	constructor(readonly place: string) {}

	/** Begins with what was kept for this place, else with the words given. Close it when the page goes. */
	async open(begin: Partial<Words> = {}) {
		open.add(this);
		const mine = unsaved.get(this.place);
		const kept = mine ?? (await this.#kept());
		const words = kept && {
			title: kept.title,
			body: kept.body,
			kind: kept.kind,
			files: kept.files ?? [],
			more: kept.more ?? "",
		};
		Object.assign(this, { title: "", body: "", kind: "", more: "", files: [], ...begin, ...words });
		this.savedAt = kept && "updated" in kept ? String(kept.updated) : "";
		this.safety = mine ? "here_only" : kept ? "saved" : "empty";
		if (mine) await this.save();
	}

	async #kept(): Promise<(Words & { updated: string }) | undefined> {
		try {
			const kept = await api.get<Words & { updated: string }>(`/drafts/${encodeURIComponent(this.place)}`, {
				background: true,
			});
			return kept.title || kept.body || kept.files?.length ? kept : undefined;
		} catch (fault) {
			if (fault instanceof ApiError) return undefined;
			throw fault;
		}
	}

	/** Call on every change of a word. */
	changed() {
		this.safety = "unsaved";
		unsaved.set(this.place, this.#words());
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => this.save(), PAUSE);
	}

	#words = (): Words => ({
		title: this.title,
		body: this.body,
		kind: this.kind,
		files: this.files,
		...(this.more && { more: this.more }),
	});

	save(background = false): Promise<void> {
		clearTimeout(this.#timer);
		this.#saving = this.#put(background);
		return this.#saving;
	}

	async #put(background: boolean) {
		const words = this.#words();
		this.safety = "saving";
		try {
			await api.put(`/drafts/${encodeURIComponent(this.place)}`, words, { background, keepalive: true });
			const same = JSON.stringify(words) === JSON.stringify(this.#words());
			if (same) unsaved.delete(this.place);
			this.safety = same ? "saved" : "unsaved";
			this.savedAt = new Date().toISOString();
		} catch (fault) {
			if (!(fault instanceof ApiError)) throw fault;
			this.safety = "here_only";
		}
	}

	/** The words have been posted, or thrown away. */
	async discard() {
		clearTimeout(this.#timer);
		// A save that is still on its way must not arrive after the end.
		await this.#saving;
		unsaved.delete(this.place);
		Object.assign(this, { title: "", body: "", more: "", files: [], safety: "empty" });
		await api.delete(`/drafts/${encodeURIComponent(this.place)}`, { background: true }).catch(() => {});
	}

	/** The page goes away: what is not saved yet is saved now. */
	close() {
		open.delete(this);
		if (this.safety === "unsaved") void this.save(true);
	}
}

export const drafts = {
	/** Saves everything that is not saved yet; before a warning, and before signing out. */
	async flush() {
		await Promise.all(
			[...open].filter((draft) => draft.safety !== "saved" && draft.safety !== "empty").map((d) => d.save(true)),
		);
	},
	/** Another kind of draft that is written in: it is saved with the rest, until it goes. */
	join(draft: Open): () => void {
		open.add(draft);
		return () => open.delete(draft);
	},
	/** Where words wait that are not saved yet. */
	places: () => [...unsaved.keys()],
	/** Words of one member are never shown to another. */
	belongTo(member: string) {
		if (owner && owner !== member) here.forget();
		owner = member;
	},
	forget() {
		here.forget();
	},
	/** A page that is put away may never be looked at again: what is not saved yet is saved then, and when the network is back. */
	start() {
		addEventListener("online", () => void drafts.flush());
		document.addEventListener("visibilitychange", () => {
			if (document.visibilityState === "hidden") void drafts.flush();
		});
	},
	/** True where words that could not be saved stand on the page. */
	get onlyHere() {
		return [...open].some((draft) => draft.safety === "here_only");
	},
	/** True where words would be lost with this page. */
	get atRisk() {
		return here.any;
	},
};
