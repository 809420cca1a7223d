// What is new to a member and what waits for them, as GET /home gives it.

import type { Person } from "../page/types.js";

/** A post or comment in a line. */
export interface NewsPiece {
	id: string;
	/** A post's kind, or "comment". */
	kind: string;
	post: string;
	community: string;
	title: string;
	excerpt: string;
	author: Person;
	created: string;
	comments: number;
}

/** A thread with answers that the member has not seen. */
export interface Followed {
	post: string;
	community: string;
	kind: string;
	title: string;
	excerpt: string;
	mine: boolean;
	answers: number;
	/** There are more answers than that. */
	more: boolean;
	/** The first of them. */
	first: string;
	at: string;
}

export interface News {
	since: string;
	new: { items: NewsPiece[]; next: string };
	follows: Followed[];
	mentions: NewsPiece[];
	waits: { kind: string; post: string; community: string; title: string }[];
}

/** Where home cannot be asked, the rest of the page stands all the same. */
export const NO_NEWS: News = { since: "", new: { items: [], next: "" }, follows: [], mentions: [], waits: [] };
