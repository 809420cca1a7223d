// A community's posts as far as they are loaded. Coming back to the feed finds it as it was left, put right by a look at the
// newest page.

import { api } from "../page/api.js";
import { router } from "../page/router.svelte.js";
import { type Listed, merge, newestFirst, refreshed } from "./lists.js";
import type { List, Post } from "./post.js";

export class FeedOf {
	items = $state.raw<Post[]>([]);
	next = $state("");
	readonly #path: string;
	readonly #name: string;

	constructor(community: string) {
		this.#path = `/communities/${community}/posts`;
		this.#name = `feed ${community}`;
	}

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

	/** Loads older posts and gives the first of them. */
	async more(): Promise<Post | undefined> {
		const page = await this.#page(this.next);
		this.#take({ items: merge(this.items, page.items, newestFirst), next: page.next });
		return page.items[0];
	}

	add(post: Post) {
		this.#take({ items: merge(this.items, [post], newestFirst), next: this.next });
	}

	async #page(before: string, background = false): Promise<Listed<Post>> {
		const query = before ? `?before=${encodeURIComponent(before)}` : "";
		const { items, next } = await api.get<List<Post>>(this.#path + query, { background });
		return { items, next: next ?? "" };
	}

	#take({ items, next }: Listed<Post>) {
		this.items = items;
		this.next = next;
		router.keep(this.#name, { items, next });
	}
}
