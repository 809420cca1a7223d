// The lists of what a member follows, saved, muted and blocked, as /api/clinic gives them.

import type { Person } from "../page/types.js";

/** A post or comment in one of the lists. */
export interface Listed {
	id: string;
	/** A post's kind, or "comment". */
	kind: string;
	post: string;
	community: string;
	title: string;
	excerpt: string;
	author: Person;
	created: string;
	since: string;
}

/** A page of what is muted; the communities come with the first. */
export interface Mutes {
	posts: Listed[];
	communities: { id: string; name: string }[];
	next: string;
}

/** Where a line leads: to the post, or to the comment in its thread. Pure. */
export const hrefOf = ({ id, kind, post }: Pick<Listed, "id" | "kind" | "post">) =>
	kind === "comment" ? `/posts/${post}?at=${id}` : `/posts/${post}`;
