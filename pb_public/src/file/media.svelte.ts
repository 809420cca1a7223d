// The files of a community as far as they are loaded: what everyone there sees, the newest first.

import { type News, quietly, type What } from "../event/live.js";
import { steady } from "../event/steady.js";
import { api } from "../page/api.js";
import { router } from "../page/router.svelte.js";
import type { Person } from "../page/types.js";
import { type Listed, merge, newestFirst, refreshed } from "../post/lists.js";
import type { Carried, FileKind } from "./file.js";

/** A file with where it stands. */
export interface Shared extends Carried {
	post: string;
	/** Empty: it stands in the post itself. */
	comment: string;
	/** The post's; it may be empty. */
	title: string;
	author: Person;
	/** When the post or comment was posted. */
	created: string;
}
interface Page {
	items: Shared[];
	next: string | null;
}

/** What the list can be narrowed to, as the address and the server name it; the first is everything. */
export const KINDS = ["", "picture", "pdf", "audio", "video"] as const satisfies readonly (FileKind | "")[];
export type Kind = (typeof KINDS)[number];

/** Pure. */
export const kindIn = (name: string | null): Kind => KINDS.find((one) => one === name) ?? "";

/** Where a file stands. Pure. */
export const placeOf = ({ post, comment }: Pick<Shared, "post" | "comment">) =>
	comment ? `/posts/${post}?at=${comment}` : `/posts/${post}`;

export class MediaOf {
	items = $state.raw<Shared[]>([]);
	next = $state("");
	/** The member may not read this any more. */
	lost = $state(false);
	readonly read = performance.now();
	readonly #path: string;
	readonly #kind: string;
	readonly #name: string;

	constructor(community: string, kind: Kind) {
		this.#path = `/communities/${community}/files`;
		this.#kind = kind;
		this.#name = `media ${community} ${kind}`;
	}

	/** Shows what was loaded before, if there is anything, put right by what is there now. */
	async open(): Promise<this> {
		const kept = router.kept<Listed<Shared>>(this.#name);
		if (!kept) {
			this.#take(await this.#page(""));
			return this;
		}
		this.#take(kept);
		void this.#again();
		return this;
	}

	/** Loads older ones and gives the first of them. */
	async more(): Promise<Shared | undefined> {
		const page = await this.#page(this.next);
		this.#take({ items: merge(this.items, page.items, newestFirst), next: page.next });
		return page.items[0];
	}

	/** What goes while the page is open goes from it. What comes waits until the list is opened anew: nothing moves by itself. */
	readonly heard = (what: What, { post = "", comment = "" }: News) => {
		const about = (one: Shared) => (comment ? one.comment === comment : one.post === post);
		if (what === "ended") this.lost = true;
		else if (what === "again") void this.#again();
		else if ((what === "gone" || what === "changed") && this.items.some(about)) {
			if (what === "gone") this.#take({ items: this.items.filter((one) => !about(one)), next: this.next });
			void this.#again();
		}
	};

	/** The newest page once more; where nobody answers, what is shown stays. */
	async #again() {
		try {
			const newest = await this.#page("", true);
			await steady(() => this.#take(refreshed({ items: this.items, next: this.next }, newest)));
		} catch {
			// A picture that is gone says so by itself.
		}
	}

	async #page(before: string, background = false): Promise<Listed<Shared>> {
		const query = new URLSearchParams();
		if (this.#kind) query.set("kind", this.#kind);
		if (before) query.set("before", before);
		const path = query.size > 0 ? `${this.#path}?${query}` : this.#path;
		const { items, next } = await (background ? quietly<Page>(path) : api.get<Page>(path));
		return { items, next: next ?? "" };
	}

	#take({ items, next }: Listed<Shared>) {
		this.items = items;
		this.next = next;
		router.keep(this.#name, { items, next });
	}
}
