// One post and its comments as far as they are loaded.

import { type News, quietly, type What } from "../event/live.js";
import { steady, writing } from "../event/steady.js";
import { moment } from "../event/wait.js";
import { marks } from "../follow/marks.svelte.js";
import { ownHolds } from "../moderation/mine.js";
import type { OwnHold } from "../moderation/moderation.js";
import { ApiError, api } from "../page/api.js";
import { router } from "../page/router.svelte.js";
import { arrange, type Listed, merge, oldestFirst, takenAway } from "./lists.js";
import type { Comment, List, Piece, Thread } from "./post.js";

export class ThreadOf {
	post = $state.raw<Omit<Thread, "comments">>();
	comments = $state.raw<Comment[]>([]);
	next = $state("");
	/** Where the comments before the first one begin, when a link led into the midst of a long thread. */
	previous = $state("");
	/** How many comments there are, loaded or not. */
	count = $state(0);
	/** Where the drafts of this member wait: replies and edits that were begun. */
	drafts = $state.raw<Set<string>>(new Set());
	/** What became at the desk of what this member wrote here, by the id of the piece. */
	holds = $state.raw<Map<string, OwnHold>>(new Map());
	/** Comments that came while the page was open. */
	fresh = $state.raw<Set<string>>(new Set());
	/** Those of them that are not shown yet, since somebody writes here. */
	waiting = $state.raw<Comment[]>([]);
	/** The member may not read this any more. */
	lost = $state(false);
	/** When this began to be read. */
	readonly read = performance.now();
	/** The comments that the post points at: what helped, what corrects it. */
	linked = $state.raw<Comment[]>([]);
	/** The last comment that came by a page: what was written here since may lie beyond a gap. */
	#reached = $state.raw<Comment>();
	/** By how much an event has changed the count for a comment: it may come before the answer to who wrote or deleted it. */
	readonly #counted = new Map<string, number>();

	constructor(readonly id: string) {}

	readonly arranged = $derived(arrange(this.comments, this.next ? this.#reached : undefined));

	/** With `at`, the part of the thread around that comment. */
	async open(at = ""): Promise<this> {
		const [{ comments, comment_count, linked = [], ...post }, drafts] = await Promise.all([
			api.get<Thread>(`/posts/${this.id}${at ? `?at=${encodeURIComponent(at)}` : ""}`),
			api
				.get<List<{ place: string }>>("/drafts", { background: true })
				.then(({ items }) => items.map(({ place }) => place))
				.catch(() => []),
		]);
		const kept = router.kept<Listed<Comment>>(this.id);
		this.post = { ...post, comment_count };
		this.count = comment_count;
		this.linked = linked;
		this.drafts = new Set(drafts);
		this.previous = comments.previous ?? "";
		const further = !this.previous && kept && kept.items.length > comments.items.length;
		const first = { items: comments.items, next: comments.next ?? "" };
		this.#take(further ? { items: merge(kept.items, comments.items, oldestFirst), next: kept.next } : first);
		await this.#ask([this.post, ...this.comments]);
		return this;
	}

	/** Loads the comments that come next and gives the first of them. */
	async more(): Promise<Comment | undefined> {
		const page = await api.get<List<Comment>>(`/posts/${this.id}/comments?after=${encodeURIComponent(this.next)}`);
		const reached = page.items.at(-1);
		this.#take({ items: merge(this.comments, page.items, oldestFirst), next: page.next ?? "" }, reached);
		await this.#ask(page.items);
		return page.items[0];
	}

	/** Loads the comments that come before the first and gives the last of them. */
	async earlier(): Promise<Comment | undefined> {
		const page = await api.get<List<Comment>>(`/posts/${this.id}/comments?before=${encodeURIComponent(this.previous)}`);
		this.comments = merge(this.comments, page.items, oldestFirst);
		this.previous = page.previous ?? "";
		this.#keep();
		await this.#ask(page.items);
		return page.items.at(-1);
	}

	/** A comment that was just written. */
	add(comment: Comment) {
		if (comment.status === "shown" && !this.#has(comment.id)) this.#count(comment.id, 1);
		this.comments = merge(this.comments, [comment], oldestFirst);
		this.#keep();
		void this.#ask([comment]);
	}

	/** What happens in this thread while the page is open. */
	readonly heard = (what: What, { comment, comments }: News) => {
		if (comments !== undefined) {
			if (comment) this.#counted.set(comment, Math.sign(comments - this.count));
			this.count = comments;
		}
		if (what === "again") void this.#look().catch(() => {});
		else if (what === "ended") this.lost = true;
		else if (what === "gone" && comment) this.#gone(comment);
		// One's own comment is on its way here by the answer, too.
		else if (comment) setTimeout(() => void this.#meet(comment, what === "new"), moment());
		else setTimeout(() => void this.#again(), moment());
	};

	#has = (id: string) => this.comments.some((one) => one.id === id);

	/** Counts a comment that came or went, unless an event has counted it. */
	#count(id: string, by: number) {
		if (this.#counted.get(id) !== by) this.count += by;
		this.#counted.delete(id);
	}

	/** Shows the comments that waited, and gives the first. */
	async show(): Promise<Comment | undefined> {
		const { waiting } = this;
		this.waiting = [];
		await this.#join(waiting);
		return waiting[0];
	}

	async #join(comments: Comment[]) {
		if (comments.length === 0) return;
		this.fresh = new Set([...this.fresh, ...comments.map(({ id }) => id)]);
		await steady(() => {
			this.comments = merge(this.comments, comments, oldestFirst);
			if (!this.next) this.#reached = this.comments.at(-1);
			this.#keep();
		});
	}

	#gone(id: string) {
		this.waiting = this.waiting.filter((one) => one.id !== id);
		void steady(() => {
			this.comments = this.comments.filter((one) => one.id !== id);
			this.#keep();
		});
	}

	/** Asks for a comment that is new, or has changed. What lies beyond the pages that are loaded comes with its page. */
	async #meet(id: string, isNew: boolean) {
		const here = this.#has(id);
		if (!here && (!isNew || this.next)) return;
		try {
			const comment = await quietly<Comment>(`/comments/${id}`);
			const { count } = this;
			if (this.#has(id)) {
				this.put(comment);
				this.count = count; // the event has told it
			} else if (writing()) this.waiting = merge(this.waiting, [comment], oldestFirst);
			else await this.#join([comment]);
		} catch (fault) {
			if (fault instanceof ApiError && fault.status === 404) this.#gone(id);
		}
	}

	/** Asks for the post anew. */
	async #again() {
		try {
			const { comments: _, linked = [], ...post } = await quietly<Thread>(`/posts/${this.id}`);
			this.post = post;
			this.linked = linked;
			this.count = post.comment_count;
			this.lost = false;
		} catch (fault) {
			if (fault instanceof ApiError && fault.status === 404) this.lost = true;
		}
	}

	/** Reads what is shown anew, since something may have been missed. */
	async #look() {
		const shown = [...this.comments, ...this.waiting];
		const [first] = this.comments;
		// What stands before the first that is shown was not asked for yet.
		const from = this.previous && first ? `?at=${encodeURIComponent(first.id)}` : "";
		const { comments, comment_count, linked = [], ...post } = await quietly<Thread>(`/posts/${this.id}${from}`);
		this.post = { ...post, comment_count };
		this.linked = linked;
		this.count = comment_count;
		const whole = !this.next;
		const all = [...comments.items];
		const last = this.comments.at(-1);
		let next = comments.next;
		while (next) {
			const reached = all.at(-1);
			if (!whole && last && reached && oldestFirst(reached, last) >= 0) break;
			const page = await quietly<List<Comment>>(`/posts/${this.id}/comments?after=${encodeURIComponent(next)}`);
			all.push(...page.items);
			next = page.next;
		}
		for (const { id } of takenAway(shown, { items: all, next: next ?? "" }, oldestFirst)) this.#gone(id);
		const known = all.filter(({ id }) => this.#has(id));
		this.comments = merge(this.comments, known, oldestFirst);
		const later = (one: Comment) => !this.previous || !first || oldestFirst(one, first) > 0;
		const added = whole ? all.filter((one) => !this.#has(one.id) && later(one)) : [];
		if (writing()) this.waiting = merge(this.waiting, added, oldestFirst);
		else await this.#join(added);
	}

	/** The post and its first comments once more, with what is linked: a mark was put on one of them, or taken away. */
	async again() {
		const { comments, comment_count, linked = [], ...post } = await api.get<Thread>(`/posts/${this.id}`);
		this.post = { ...post, comment_count };
		this.count = comment_count;
		this.linked = linked;
		this.comments = merge(this.comments, comments.items, oldestFirst);
		this.#keep();
	}

	/** Marks the comment that helped, or takes the mark back. */
	async helped(comment: string) {
		await api.put(`/posts/${this.id}/helped`, { comment });
		await this.again();
	}

	/** A provider's comment that corrects the post or one of its comments. */
	async correct(piece: Piece, correction: string, until: string) {
		const what = piece.id === this.id ? "posts" : "comments";
		await api.post(`/${what}/${piece.id}/review`, { verdict: "corrected", correction, until, edited: piece.edited });
		await this.again();
		if (what === "comments" && !this.comments.slice(0, 30).some(({ id }) => id === piece.id)) await this.open();
	}

	/** Asks what became of one's own pieces that others do not see, if there are any. */
	async #ask(pieces: Piece[]) {
		void marks.about(pieces.map(({ id }) => id));
		if (!pieces.some((piece) => piece.mine && (piece.status === "held" || piece.by === "practice"))) return;
		this.holds = new Map((await ownHolds()).map((hold) => [hold.comment || hold.post, hold]));
	}

	/** The post or a comment as it is after an edit, or its tombstone. */
	put(piece: Piece) {
		if (piece.id === this.id) {
			this.post = { ...(this.post as Thread), ...piece };
			void this.#ask([piece]);
			return;
		}
		const before = this.comments.find(({ id }) => id === piece.id) as Comment;
		this.#count(piece.id, Number(piece.status === "shown") - Number(before.status === "shown"));
		this.comments = merge(this.comments, [{ ...before, ...piece }], oldestFirst);
		this.#keep();
		void this.#ask([piece]);
	}

	#take({ items, next }: Listed<Comment>, reached = items.at(-1)) {
		this.comments = items;
		this.next = next;
		this.#reached = reached;
		this.#keep();
	}

	/** For the way back; what lies beyond a gap is left out, so that the list stays whole. */
	#keep() {
		if (this.previous) return;
		const reached = this.#reached;
		const whole = (item: Comment) => !this.next || !reached || oldestFirst(item, reached) <= 0;
		router.keep(this.id, { items: this.comments.filter(whole), next: this.next });
	}
}

/** What is left of a piece that was deleted here a moment ago, as the server will show it. */
export function tombstone<T extends Piece>(piece: T, by: "author" | "practice", reason: string): T {
	const can = { edit: false, delete: false, comment: false, report: false };
	const gone = { note: undefined, author: undefined, html: undefined, body: undefined, title: undefined };
	return { ...piece, ...gone, status: "deleted", by, reason, can };
}
