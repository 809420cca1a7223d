// Posts and comments as /api/clinic gives them to one viewer, and what of them is worth a line.

import type { Carried } from "../file/file.js";
import type { Counts } from "../follow/marks.svelte.js";
import type { Me, Person, Role } from "../page/types.js";

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
	can: {
		edit: boolean;
		delete: boolean;
		comment: boolean;
		report: boolean;
		top?: boolean;
		helped?: boolean;
		review?: boolean;
	};
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
	/** What a provider said of it. */
	review?: Review;
	/** The source, and when it last changed: for its author only. */
	body?: string;
	updated?: string;
}

export interface Post extends Piece {
	kind?: Kind;
	title?: string;
	comments: number;
	last_comment: string;
	/** It stands on top of its community; an announcement until a date. */
	top?: boolean;
	until?: string;
	/** The comment that helped who asked. */
	helped?: string;
	poll?: Poll;
}

export interface Review {
	verdict: "accurate" | "note" | "corrected";
	note?: string;
	by: Person;
	at: string;
	until: string;
	/** The comment that says what is right. */
	correction?: string;
	state: "in_force" | "edited" | "expired";
}

export interface Poll {
	/** Without results `votes` is null. */
	choices: { label: string; votes: number | null }[];
	ends: string;
	ended: boolean;
	results: "running" | "end";
	/** The votes that the results are made of; `withheld` of them stand at no choice. */
	counted: number;
	withheld: number;
	voted: number;
	closed: boolean;
	turnout?: Turnout;
}

export interface Turnout {
	members: number;
	voted: number;
	missing: number;
	groups: { roles: Role[]; members: number; missing: number }[];
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
	/** Above the first page of a feed. */
	top?: T[];
}

export interface Thread extends Omit<Post, "comments"> {
	comments: List<Comment>;
	comment_count: number;
	/** The comments that the post points at, wherever they stand. */
	linked?: Comment[];
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

/** How many minutes a text takes to read, at 200 words a minute. Pure. */
export const minutes = (html: string) => Math.max(1, Math.round(excerpt(html, 1e9).split(" ").length / 200));

/** Who may write announcements in a community: its leads, and who works here and moderates. The server asks again. */
export function announces(community: string, me: Me | null): boolean {
	if (!me || (me.role !== "provider" && me.role !== "staff")) return false;
	const room = me.communities.find(({ id }) => id === community);
	return (
		(Boolean(room?.lead) && me.role === "provider") || me.rights.includes("moderate") || me.rights.includes("admin")
	);
}

/** Somebody's words as a Markdown quote with their name, to answer under it. Pure. */
export function quoted(said: string, words: string): string {
	// A name is no Markdown, whatever stands in it.
	const name = said.replace(/[\u2066-\u2069]/g, "").replace(/[\\`*_{}[\]()#+.!|<>~-]/g, "\\$&");
	const lines = words
		.trim()
		.split("\n")
		.map((line) => line.trim().replace(/^(\d*)([>#+.)-])/, "$1\\$2"));
	return `> ${name}\n>\n${lines.map((line) => (line ? `> ${line}` : ">")).join("\n")}\n\n`;
}
