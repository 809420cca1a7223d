// One post and its comments as far as they are loaded.

import { ownHolds } from "../moderation/mine.js";
import type { OwnHold } from "../moderation/moderation.js";
import { api } from "../page/api.js";
import { router } from "../page/router.svelte.js";
import { arrange, type Listed, merge, oldestFirst } from "./lists.js";
import type { Comment, List, Piece, Thread } from "./post.js";

export class ThreadOf {
	post = $state.raw<Omit<Thread, "comments">>();
	comments = $state.raw<Comment[]>([]);
	next = $state("");
	/** How many comments there are, loaded or not. */
	count = $state(0);
	/** Where the drafts of this member wait: replies and edits that were begun. */
	drafts = $state.raw<Set<string>>(new Set());
	/** What became at the desk of what this member wrote here, by the id of the piece. */
	holds = $state.raw<Map<string, OwnHold>>(new Map());
	/** The last comment that came by a page: what was written here since may lie beyond a gap. */
	#reached = $state.raw<Comment>();

	constructor(readonly id: string) {}

	readonly arranged = $derived(arrange(this.comments, this.next ? this.#reached : undefined));

	async open(): Promise<this> {
		const [{ comments, comment_count, ...post }, drafts] = await Promise.all([
			api.get<Thread>(`/posts/${this.id}`),
			api
				.get<List<{ place: string }>>("/drafts", { background: true })
				.then(({ items }) => items.map(({ place }) => place))
				.catch(() => []),
		]);
		const kept = router.kept<Listed<Comment>>(this.id);
		this.post = { ...post, comment_count };
		this.count = comment_count;
		this.drafts = new Set(drafts);
		const further = kept && kept.items.length > comments.items.length;
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

	/** A comment that was just written. */
	add(comment: Comment) {
		this.comments = merge(this.comments, [comment], oldestFirst);
		if (comment.status === "shown") this.count += 1;
		this.#keep();
		void this.#ask([comment]);
	}

	/** Asks what became of one's own pieces that others do not see, if there are any. */
	async #ask(pieces: Piece[]) {
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
		this.count += Number(piece.status === "shown") - Number(before.status === "shown");
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
