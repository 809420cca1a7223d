// One policy's draft while it is written: saved on the server a moment after the last key, and never over someone else's
// words. What could not be saved stays in this page's memory, also when the page around it is built anew.

import { ApiError } from "../../page/api.js";
import type { Safety } from "../../page/drafts.svelte.js";
import { memory } from "../../page/here.js";
import { read, saveDraft, throwAway } from "./server.js";
import type { Managed, Texts, Work } from "./types.js";
import { readWork, type WireWork, writeWork } from "./wire.js";

/** Somebody else saved meanwhile: both are kept until a person has chosen. */
export interface Conflict {
	revision: number;
	author: string;
	updated: string;
	/** Their draft was published, or thrown away: theirs is what is posted now. */
	ended: boolean;
	theirs: Work;
}
type Meanwhile = { revision: number; name: string; updated: string; open: boolean } & WireWork;

const PAUSE = 1200;
const unsaved = memory<{ revision: number; work: Work }>();

const copy = (work: Work): Work => structuredClone($state.snapshot(work)) as Work;

export class PolicyDraft {
	work = $state<Work>(readWork({}));
	safety = $state<Safety>("empty");
	savedAt = $state("");
	author = $state("");
	conflict = $state.raw<Conflict | null>(null);
	/** What was not chosen, to be copied from; until the page goes. */
	aside = $state.raw<Texts | null>(null);
	fault = $state.raw<ApiError | null>(null);
	revision = $state(0);
	#posted: string;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#saving: Promise<void> = Promise.resolve();

	constructor(
		readonly slug: string,
		policy: Managed,
	) {
		this.#posted = JSON.stringify(policy.posted);
		this.#begin(policy);
		const here = unsaved.get(slug);
		if (!here) return;
		this.work = here.work;
		this.revision = here.revision;
		this.safety = "here_only";
	}

	#begin({ draft, posted, revision }: Managed) {
		const { texts, checks, strip, yearly } = draft ?? posted;
		this.work = structuredClone({ texts, checks, strip, yearly });
		this.revision = draft?.revision ?? revision;
		this.savedAt = draft?.updated ?? "";
		this.author = draft?.author.name ?? "";
		this.safety = draft ? "saved" : "empty";
	}

	/** True where it says something else than what is posted. */
	get differs() {
		return JSON.stringify($state.snapshot(this.work)) !== this.#posted;
	}

	/** The same, but for how often it is asked. */
	get reworded() {
		const { yearly } = JSON.parse(this.#posted) as Work;
		return JSON.stringify({ ...$state.snapshot(this.work), yearly }) !== this.#posted;
	}

	/** Call on every change. */
	changed() {
		this.safety = "unsaved";
		unsaved.set(this.slug, { revision: this.revision, work: copy(this.work) });
		clearTimeout(this.#timer);
		if (!this.conflict) this.#timer = setTimeout(() => void this.save(), PAUSE);
	}

	/** Saves now, after what is already on its way. Resolves once the server has answered. */
	save(background = false): Promise<void> {
		clearTimeout(this.#timer);
		this.#saving = this.#saving.then(() => this.#put(background));
		return this.#saving;
	}

	async #put(background: boolean) {
		if (this.conflict || this.safety === "saved" || this.safety === "empty") return;
		const sent = copy(this.work);
		this.safety = "saving";
		try {
			const answer = await saveDraft(this.slug, this.revision, sent, { background, keepalive: small(sent) });
			const same = JSON.stringify(sent) === JSON.stringify($state.snapshot(this.work));
			this.revision = answer.revision;
			if (same) unsaved.delete(this.slug);
			else unsaved.set(this.slug, { revision: this.revision, work: copy(this.work) });
			this.safety = same ? "saved" : "unsaved";
			this.savedAt = answer.saved || answer.updated || new Date().toISOString();
			this.author = "";
			this.fault = null;
		} catch (fault) {
			if (!(fault instanceof ApiError)) throw fault;
			this.safety = "here_only";
			if (fault.code === "draft_changed_meanwhile") await this.#meet(fault, sent);
			else this.fault = fault;
		}
	}

	async #meet(fault: ApiError, mine: Work) {
		const other = fault.params as unknown as Meanwhile;
		const { revision, updated, name: author } = other;
		this.fault = null;
		if (other.open && says(readWork(other, mine.yearly), mine)) {
			// The same words: this page's own save, before it was built anew.
			this.revision = revision;
			this.savedAt = updated;
			unsaved.delete(this.slug);
			const same = JSON.stringify(mine) === JSON.stringify($state.snapshot(this.work));
			this.safety = same ? "saved" : "unsaved";
			if (!same) this.changed();
			return;
		}
		if (other.open) {
			this.conflict = { revision, updated, author, ended: false, theirs: readWork(other, mine.yearly) };
			return;
		}
		// Published or thrown away meanwhile: what stands against these words is what is posted now.
		const now = await read(this.slug).catch(() => null);
		if (!now) this.fault = fault;
		else this.conflict = { revision: now.revision, updated, author, ended: true, theirs: now.posted };
	}

	/** A person chose from both: their choice is saved on top of the other's, and what they left out stays in sight. */
	async settle(chosen: Work, left: Texts) {
		const met = this.conflict;
		if (!met) return;
		this.work = structuredClone(chosen);
		this.revision = met.revision;
		this.aside = left;
		this.conflict = null;
		this.changed();
		await this.save();
	}

	/** The draft became another one on the server: it is taken over. What was written here meanwhile stays in sight. */
	async takeOver() {
		const left = this.reworded ? copy(this.work).texts : this.aside;
		clearTimeout(this.#timer);
		unsaved.delete(this.slug);
		this.#begin(await read(this.slug));
		this.aside = left;
	}

	/** Back to what is posted. */
	async discard() {
		clearTimeout(this.#timer);
		await this.#saving;
		await throwAway(this.slug, this.revision);
		unsaved.delete(this.slug);
	}

	/** It was published, or taken from elsewhere: what is kept here is no longer needed. */
	forget() {
		clearTimeout(this.#timer);
		unsaved.delete(this.slug);
	}

	/** The page goes away: what is not saved yet is saved now. */
	close() {
		if (this.safety === "unsaved") void this.save(true);
	}
}

/** True where two drafts say the same, but for what an answer leaves out. */
const says = (one: Work, other: Work) => JSON.stringify(writeWork(one)) === JSON.stringify(writeWork(other));

/** A browser lets a page that goes away send 64 kB. */
const small = (work: Work) => JSON.stringify(work).length < 60_000;
