// Lists that grow by pages at one end and by what a person writes at the other. Pure.

import type { Comment } from "./post.js";

interface Dated {
	id: string;
	created: string;
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** The server's order of a thread: by time, then by id. */
export const oldestFirst = (a: Dated, b: Dated) => compare(a.created, b.created) || compare(a.id, b.id);
export const newestFirst = (a: Dated, b: Dated) => -oldestFirst(a, b);

/** Both lists as one in order, each piece once; of two forms of a piece the later given one counts. */
export function merge<T extends Dated>(have: T[], more: T[], order: (a: T, b: T) => number): T[] {
	const byId = new Map(have.map((item) => [item.id, item]));
	for (const item of more) byId.set(item.id, item);
	return [...byId.values()].sort(order);
}

export interface Listed<T> {
	items: T[];
	next: string;
}

/**
 * What a feed shows when a person comes back to it: what they had loaded, put right by the newest page. Where so much was
 * written meanwhile that the two do not meet, the newest page alone, since what lies between is not known.
 */
export function refreshed<T extends Dated>(kept: Listed<T>, newest: Listed<T>): Listed<T> {
	const last = newest.items.at(-1);
	const fresh = new Set(newest.items.map(({ id }) => id));
	if (!last || !newest.next || !kept.items.some(({ id }) => fresh.has(id))) return newest;
	const older = kept.items.filter((item) => newestFirst(item, last) > 0);
	if (older.length === 0) return newest;
	return { items: [...newest.items, ...older], next: kept.next };
}

/** What had been shown before `read` was asked for and would stand in it, were it still there: it was taken away unseen. Pure. */
export function takenAway<T extends Dated>(shown: T[], read: Listed<T>, order: (a: T, b: T) => number): T[] {
	const there = new Set(read.items.map(({ id }) => id));
	const last = read.items.at(-1);
	return shown.filter((item) => !there.has(item.id) && (!read.next || (last && order(item, last) < 0)));
}

export interface Group {
	comment: Comment;
	replies: Comment[];
}

/**
 * Comments with the replies to each under it. While pages are still to come, what a person just wrote stands after the gap,
 * in `later`, and not where it would seem to follow what it does not.
 */
export function arrange(comments: Comment[], reached: Dated | undefined): { groups: Group[]; later: Group[] } {
	const byId = new Map<string, Group>();
	const out: { groups: Group[]; later: Group[] } = { groups: [], later: [] };
	for (const comment of [...comments].sort(oldestFirst)) {
		const above = comment.parent ? byId.get(comment.parent) : undefined;
		if (above) {
			above.replies.push(comment);
			continue;
		}
		const group = { comment, replies: [] };
		byId.set(comment.id, group);
		(reached && oldestFirst(comment, reached) > 0 ? out.later : out.groups).push(group);
	}
	return out;
}
