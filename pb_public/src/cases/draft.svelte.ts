// One case while it is written: saved on the server a moment after the last key, and never over someone else's words. What could
// not be saved stays in this page's memory, also when the page around it is built anew.

import { ApiError, api } from "../page/api.js";
import type { Safety } from "../page/drafts.svelte.js";
import { memory } from "../page/here.js";
import type { Kept, Managed, Waiting } from "./cases.js";
import { type Form, formOf, readForm } from "./form.js";

/** Other words stand where one's own would go: both are kept until a person has chosen. */
export interface Conflict {
	/** Somebody's draft, a text that was posted meanwhile, or what is posted since the draft ended. */
	kind: "draft" | "posted" | "ended";
	theirs: Form;
	revision: number;
	name: string;
	updated: string;
}

/** Stands in the address of a case that is yet to be written. */
const NEW = "new";
const PAUSE = 1200;
const unsaved = memory<{ revision: number; form: Form }>();

export class CaseDraft {
	form = $state() as Form;
	safety = $state<Safety>("empty");
	savedAt = $state("");
	/** Who saved the draft that was found here. */
	author = $state("");
	conflict = $state.raw<Conflict | null>(null);
	fault = $state.raw<ApiError | null>(null);
	revision = 0;
	#place: string;
	#slug: string;
	/** What is posted, and what of this form is known here already. */
	#posted: string;
	#seen = "";
	#timer: ReturnType<typeof setTimeout> | undefined;
	#saving: Promise<void> = Promise.resolve();

	constructor(
		readonly one: Managed | undefined,
		readonly policy: string,
		waiting: Waiting,
	) {
		this.#slug = one?.slug ?? NEW;
		this.#place = one?.slug ?? `${NEW} on ${policy}`;
		this.form = formOf(one, policy);
		this.#posted = this.#said();
		this.revision = waiting.revision;
		if (waiting.draft) this.#begin(waiting.draft);
		const here = unsaved.get(this.#place);
		if (here) {
			this.form = structuredClone(here.form);
			this.revision = here.revision;
			this.safety = "here_only";
		}
		this.#seen = this.#said();
	}

	#begin(kept: Kept) {
		this.form = readForm(kept, this.policy);
		this.revision = kept.revision;
		this.savedAt = kept.updated;
		this.author = kept.author.name;
		this.safety = "saved";
	}

	#said = () => JSON.stringify($state.snapshot(this.form));

	#copy = (): Form => structuredClone($state.snapshot(this.form)) as Form;

	get #address() {
		return `/manage/cases/${encodeURIComponent(this.#slug)}`;
	}

	/** Call whenever it may have changed: what was put there by itself is no change. */
	changed() {
		const now = this.#said();
		if (now === this.#seen) return;
		this.#seen = now;
		this.safety = "unsaved";
		unsaved.set(this.#place, { revision: this.revision, form: this.#copy() });
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
		const sent = this.#copy();
		const body = { ...sent, position: Number(sent.position), revision: this.revision };
		this.safety = "saving";
		try {
			const keepalive = JSON.stringify(body).length < 60_000; // as much as a page that goes away may send
			const answer = await api.put<{ revision: number; saved: string }>(`${this.#address}/draft`, body, {
				background,
				keepalive,
			});
			this.#safe(sent, answer.revision, answer.saved);
		} catch (fault) {
			if (!(fault instanceof ApiError)) throw fault;
			this.safety = "here_only";
			if (!(await this.meet(fault, sent))) this.fault = fault;
		}
	}

	#safe(sent: Form, revision: number, saved: string) {
		const same = JSON.stringify(sent) === this.#said();
		this.revision = revision;
		if (same) unsaved.delete(this.#place);
		else unsaved.set(this.#place, { revision, form: this.#copy() });
		this.safety = same ? "saved" : "unsaved";
		this.savedAt = saved;
		this.author = "";
		this.fault = null;
	}

	/** Takes a refusal of `mine` that brings other words; false where it is of another kind. */
	async meet(fault: ApiError, mine = this.#copy()): Promise<boolean> {
		if (fault.code === "case_changed_meanwhile") {
			const theirs = formOf(fault.params.case as Managed, this.policy);
			this.conflict = { kind: "posted", theirs, revision: this.revision, name: "", updated: "" };
			return true;
		}
		if (fault.code !== "case_draft_changed") return false;
		const other = fault.params as unknown as Omit<Kept, "author"> & { open: boolean; name: string; draft: Kept };
		const { revision, name, updated } = other;
		this.fault = null;
		if (other.open) {
			const theirs = readForm({ ...other.draft, number: other.number }, this.policy);
			// The same words: this page's own save, before it was built anew.
			if (JSON.stringify({ ...theirs, number: 0 }) === JSON.stringify({ ...mine, number: 0 })) {
				this.#safe(mine, revision, updated);
			} else this.conflict = { kind: "draft", theirs, revision, name, updated };
			return true;
		}
		// Posted or thrown away meanwhile. What stands against these words is what is posted now; against a new case, nothing.
		const now = this.one && (await api.get<Managed>(this.#address).catch(() => null));
		if (now === null) return false;
		if (now) this.conflict = { kind: "ended", theirs: formOf(now, this.policy), revision, name, updated };
		else {
			this.revision = revision;
			this.#again();
		}
		return true;
	}

	/** These words go on, on top of what was met. */
	#again() {
		this.#seen = "";
		this.changed();
	}

	/** One's own words go on, on top of the others'. */
	async over() {
		const met = this.conflict;
		if (!met) return;
		this.form.number = Math.max(this.form.number, met.theirs.number);
		this.revision = met.revision;
		this.conflict = null;
		this.#again();
		await this.save();
	}

	/** The others' words go on, and one's own are let go. */
	async take() {
		const met = this.conflict;
		if (!met) return;
		this.form = structuredClone(met.theirs);
		this.revision = met.revision;
		this.conflict = null;
		this.fault = null;
		this.#seen = this.#said();
		unsaved.delete(this.#place);
		if (met.kind === "draft") {
			Object.assign(this, { safety: "saved", savedAt: met.updated, author: met.name });
			return;
		}
		this.#posted = this.#seen;
		this.safety = "empty";
		if (met.kind !== "posted") return;
		// A save of what is written from here on waits for it. Where the draft stays, it is found again.
		this.#saving = this.#saving.then(this.#drop).then(
			() => {
				this.revision = 0; // that of a draft which ended is not known here
				const here = unsaved.get(this.#place);
				if (here) here.revision = 0;
			},
			() => {},
		);
		await this.#saving;
	}

	/**
	 * Sends the words as the case's text, after what is already on its way; a save of what is written meanwhile waits until it is
	 * answered. False where other words were met instead.
	 */
	post(send: (sent: Form, revision: number) => Promise<Managed>): Promise<boolean> {
		clearTimeout(this.#timer);
		const posting = this.#saving.then(async () => (await this.#post(send)) ?? (await this.#post(send)) ?? false);
		this.#saving = posting.then(
			() => {},
			() => {},
		);
		return posting;
	}

	/** Undefined where nothing was met but this page's own draft: it can be sent once more. */
	async #post(send: (sent: Form, revision: number) => Promise<Managed>): Promise<boolean | undefined> {
		const sent = this.#copy();
		try {
			this.done(await send(sent, this.revision), sent);
			return true;
		} catch (fault) {
			if (fault instanceof ApiError && (await this.meet(fault, sent))) return this.conflict ? false : undefined;
			throw fault;
		}
	}

	/** It was posted as it was sent: that is no longer needed as a draft. What was written since goes on as one. */
	done(after: Managed, sent: Form) {
		clearTimeout(this.#timer);
		const further = JSON.stringify(sent) !== this.#said();
		this.#posted = JSON.stringify({ ...sent, slug: after.slug, number: after.number });
		this.form.slug = after.slug;
		this.form.number = after.number;
		this.#seen = this.#said();
		this.#empty();
		this.#slug = this.#place = after.slug; // no longer a new one
		if (further) this.#again();
	}

	/** Back to what is posted. */
	async discard() {
		clearTimeout(this.#timer);
		await this.#saving;
		await this.#drop();
		this.form = JSON.parse(this.#posted);
		this.#seen = this.#posted;
		this.#empty();
	}

	#drop = () =>
		api.delete(`${this.#address}/draft?revision=${this.revision}&policy=${encodeURIComponent(this.policy)}`);

	#empty() {
		unsaved.delete(this.#place);
		Object.assign(this, { revision: 0, safety: "empty", savedAt: "", author: "", conflict: null, fault: null });
	}

	/** The page goes away: what is not saved yet is saved now. */
	close() {
		if (this.safety === "unsaved") void this.save(true);
	}
}
