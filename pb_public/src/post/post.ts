// Posts and comments as /api/clinic gives them to one viewer, and what of them is worth a line.

import type { Carried } from "../file/file.js";
import type { Counts } from "../follow/marks.svelte.js";
import type { Me, Person } from "../page/types.js";

export type Kind = "discussion" | "question" | "poll" | "article" | "announcement";

/** What a post and a comment have in common. Of a deleted one only its place, its time and who took it away are left. */
export interface Piece {
	id: string;
	community: string;
	created: string;
	/** Empty until the words were changed. */
	edited: string;
	status: "shown" | "held" | "deleted";
	mine: boolean;
	can: { edit: boolean; delete: boolean; comment: boolean; report: boolean };
	author?: Person;
	html?: string;
	/** The files that it carries. */
	files?: Carried[];
	by?: "author" | "practice";
	reason?: string;
	/** How often it got each reaction; none is left out. */
	reactions?: Counts;
	/** What the practice lets stand under it for everyone. */
	note?: string;
	/** The source, and when it last changed: for its author only. */
	body?: string;
	updated?: string;
}

export interface Post extends Piece {
	kind?: Kind;
	title?: string;
	comments: number;
	last_comment: string;
}

export interface Comment extends Piece {
	post: string;
	/** The comment that it answers, or empty. */
	parent: string;
}

export interface List<T> {
	items: T[];
	next: string | null;
	/** Where a page does not begin at the beginning: the cursor of the one before. */
	previous?: string;
}

export interface Thread extends Omit<Post, "comments"> {
	comments: List<Comment>;
	comment_count: number;
}

export interface Version {
	at: string;
	title: string;
	body: string;
	html: string;
}

const ENTITIES: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', "#39": "'", "#34": '"' };

/** The first words of a text, for a line in a list. Text, never markup. Pure. */
export function excerpt(html: string, most: number): string {
	const text = html
		.replace(/<[^>]*>/g, " ")
		.replace(/&(#?\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole)
		.replace(/\s+/g, " ")
		.replace(/ (?=[.,;:!?…)])/g, "");
	return shorten(text, most);
}

/** The first words of plain text, cut between words. Pure. */
export function shorten(words: string, most: number): string {
	const text = words.replace(/\s+/g, " ").trim();
	if ([...text].length <= most) return text;
	const cut = [...text].slice(0, most).join("");
	return `${cut.slice(0, Math.max(cut.lastIndexOf(" "), Math.floor(cut.length / 2))).trimEnd()} …`;
}

/** Whether a member may see what a piece said before it was changed or taken away; the server asks again. */
export function seesVersions(piece: Piece, me: Me | null): boolean {
	if (!me) return false;
	const room = me.communities.find(({ id }) => id === piece.community);
	return piece.mine || Boolean(room?.lead) || me.rights.includes("moderate") || me.rights.includes("admin");
}
