// A community's posts as far as they are loaded. Coming back to the feed finds it as it was left, put right by a look at the
// newest page.

import { type News, quietly, type What } from "../event/live.js";
import { steady } from "../event/steady.js";
import { moment } from "../event/wait.js";
import { ApiError, api } from "../page/api.js";
import { router } from "../page/router.svelte.js";
import { type Listed, merge, newestFirst, refreshed, takenAway } from "./lists.js";
import type { List, Post, Thread } from "./post.js";

export class FeedOf {
	items = $state.raw<Post[]>([]);
	next = $state("");
	/** New posts that are not shown yet: nothing moves until a person asks for them. */
	waiting = $state.raw<Set<string>>(new Set());
	/** The member may not read this any more. */
	lost = $state(false);
	/** When this began to be read. */
	readonly read = performance.now();
	/** What stands above the newest page: announcements, and what the leads pinned. */
	top = $state.raw<Post[]>([]);
	readonly #path: string;
	readonly #name: string;
	readonly #view: string;

	constructor(community: string, view = "") {
		this.#path = `/communities/${community}/posts`;
		this.#name = `feed ${community} ${view}`;
		this.#view = view;
	}

	/** The list without what stands above it already. */
	readonly below = $derived(this.items.filter(({ id }) => !this.#isTop(id)));

	/** Shows what was loaded before, if there is anything, and then what is there now. */
	async open(): Promise<this> {
		const kept = router.kept<Listed<Post>>(this.#name);
		if (!kept) {
			this.#take(await this.#page(""));
			return this;
		}
		this.#take(kept);
		// The old list is good enough to read; where the newest page does not come it stays.
		void this.#page("", true).then(
			(newest) => this.#take(refreshed({ items: this.items, next: this.next }, newest)),
			() => {},
		);
		return this;
	}

	/** Loads older posts and gives the first of them that stands in the list. */
	async more(): Promise<Post | undefined> {
		const page = await this.#page(this.next);
		this.#take({ items: merge(this.items, page.items, newestFirst), next: page.next });
		return page.items.find(({ id }) => !this.#isTop(id));
	}

	/** The newest page once more: something was put on top or taken down. */
	async again() {
		this.#take(await this.#page(""));
	}

	add(post: Post) {
		this.#take({ items: merge(this.items, [post], newestFirst), next: this.next });
		this.#await(post.id, false);
	}

	/** Shows what is new and gives the first of it. */
	async show(): Promise<Post | undefined> {
		const before = new Set(this.items.map(({ id }) => id));
		this.#take(refreshed({ items: this.items, next: this.next }, await this.#page("")));
		this.waiting = new Set();
		return this.items.find(({ id }) => !before.has(id));
	}

	/** What happens in this community while the page is open. */
	readonly heard = (what: What, { post = "", comments, last_comment = "" }: News) => {
		if (what === "again") void this.#look().catch(() => {});
		else if (what === "ended") this.lost = true;
		else if (what === "gone") this.#gone(post);
		else if (what === "counts")
			this.#change(post, (item) => ({ ...item, comments: comments ?? item.comments, last_comment }));
		// One's own post is on its way here by the answer, too.
		else if (post)
			setTimeout(() => (this.#has(post) ? void this.#ask(post) : this.#await(post, what === "new")), moment());
	};

	#has = (id: string) => this.items.some((item) => item.id === id);

	#isTop = (id: string) => this.top.some((item) => item.id === id);

	#await(id: string, waits: boolean) {
		if (this.waiting.has(id) === waits) return;
		const waiting = new Set(this.waiting);
		if (waits) waiting.add(id);
		else waiting.delete(id);
		this.waiting = waiting;
	}

	#gone(id: string) {
		this.#await(id, false);
		this.top = this.top.filter((item) => item.id !== id);
		if (!this.#has(id)) return;
		void steady(() => this.#take({ items: this.items.filter((item) => item.id !== id), next: this.next }));
	}

	#change(id: string, change: (item: Post) => Post) {
		this.top = this.top.map((item) => (item.id === id ? change(item) : item));
		if (!this.#has(id)) return;
		void steady(() =>
			this.#take({ items: this.items.map((item) => (item.id === id ? change(item) : item)), next: this.next }),
		);
	}

	/** Asks for one post anew. */
	async #ask(id: string) {
		try {
			const { comments: _, comment_count, ...post } = await quietly<Thread>(`/posts/${id}`);
			this.#change(id, () => ({ ...post, comments: comment_count }));
		} catch (fault) {
			if (fault instanceof ApiError && fault.status === 404) this.#gone(id);
		}
	}

	/** Looks at the newest page, since something may have been missed: what is shown is put right, what is new waits. */
	async #look() {
		const shown = this.items;
		const newest = await this.#page("", true);
		for (const { id } of takenAway(shown, newest, newestFirst)) this.#gone(id);
		const known = new Map(newest.items.map((item) => [item.id, item]));
		void steady(() => this.#take({ items: this.items.map((item) => known.get(item.id) ?? item), next: this.next }));
		const [first] = this.items;
		for (const item of newest.items) {
			if (!this.#has(item.id) && (!first || newestFirst(item, first) < 0)) this.#await(item.id, true);
		}
	}

	async #page(before: string, background = false): Promise<Listed<Post>> {
		const query = [this.#view && `view=${this.#view}`, before && `before=${encodeURIComponent(before)}`]
			.filter(Boolean)
			.join("&");
		const {
			items,
			next,
			top = [],
		} = await api.get<List<Post>>(query ? `${this.#path}?${query}` : this.#path, {
			background,
		});
		if (!before) this.top = top;
		return { items, next: next ?? "" };
	}

	#take({ items, next }: Listed<Post>) {
		this.items = items;
		this.next = next;
		router.keep(this.#name, { items, next });
	}
}
