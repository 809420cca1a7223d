// Reviews as /api/clinic tells them.

import type { Person } from "../page/types.js";

/** One line of what was said of a text. */
export interface Said {
	verdict: "accurate" | "note" | "corrected" | "withdrawn";
	note: string;
	by: Person;
	sha256: string;
	at: string;
	until: string;
}

/** A comment of one's own in the same thread, which can say what is right; held, it waits at the desk. */
export interface Candidate {
	id: string;
	excerpt: string;
	at: string;
	held: boolean;
}

/** Something on the list of what is to be read. */
export interface Listed {
	id: string;
	kind: string;
	post: string;
	comment?: string;
	community: { id: string; name: string };
	title: string;
	excerpt: string;
	author: Person;
	why: "expired" | "soon" | "edited" | "waiting";
	verdict?: "accurate" | "note" | "corrected";
	until?: string;
	at: string;
}

export const STATES = ["due", "waiting", "in_force"] as const;
export type State = (typeof STATES)[number];

/** Where it stands. Pure. */
export const placeOf = ({ post, comment }: Listed) => `/posts/${post}${comment ? `?at=${comment}` : ""}`;
