// What the home page shows first: one clear next step. Pure.

import type { Community } from "../community/community.js";
import { professional } from "../page/gate.js";
import type { Me, Owed } from "../page/types.js";
import { excerpt, type Post, shorten } from "../post/post.js";

export interface KeptDraft {
	place: string;
	title: string;
	body: string;
}

export type NextStep =
	| { kind: "policy"; href: string; due: string | null }
	| { kind: "authorization"; href: string; due: string | null }
	| { kind: "cases"; href: string; count: number; due: string | null }
	| { kind: "tryout"; href: string; count: number }
	| { kind: "draft"; href: string; words: string }
	| { kind: "approve"; href: string; count: number }
	| { kind: "quiet"; href: string; name: string };

interface Known {
	me: Me;
	communities: Community[];
	drafts: KeptDraft[];
	/** Invitations that wait for a provider. */
	proposed: number;
	/** Example cases that a patient or caregiver may go through. */
	optional?: number;
	now: Date;
}

/** What of Markdown would only disturb in a line that quotes it. */
const MARKS = /^[\t ]*(?:#{1,6} |> |[-*+] (?:\[[ xX]\] )?)|\*\*|~~|`/gm;
const QUIET_AFTER = 20 * 3_600_000;

/** The one thing to do next, if there is one: what is owed, then what was begun, then who waits, then a silence to break. */
export function nextStep({ me, communities, drafts, proposed, optional = 0, now }: Known): NextStep | undefined {
	const owed = me.owes.find(({ kind }) => kind === "policy");
	if (owed) return { kind: "policy", href: "/acknowledge?next=%2F", due: pending(owed, now) };
	const grant = me.owes.find(({ kind }) => kind === "authorization");
	if (grant) return { kind: "authorization", href: "/authorization?next=%2F", due: pending(grant, now) };
	const cases = me.owes.filter(({ kind }) => kind === "case");
	const [soonest] = cases;
	if (soonest) return { kind: "cases", href: "/cases", count: cases.length, due: pending(soonest, now) };
	const draft = drafts.map((one) => found(one, communities)).find((step) => step !== undefined);
	if (draft) return draft;
	if (proposed > 0 && me.role === "provider") {
		return { kind: "approve", href: "/invitations?status=proposed", count: proposed };
	}
	if (professional(me)) return undefined;
	if (optional > 0) return { kind: "tryout", href: "/cases", count: optional };
	const open = communities.filter((one) => one.can_post);
	const quiet =
		open.length > 0 && open.every((one) => now.getTime() - Date.parse(one.last_post || "1970") > QUIET_AFTER);
	const [first] = [...open].sort((a, b) => (a.last_post < b.last_post ? 1 : -1));
	return quiet && first ? { kind: "quiet", href: `/communities/${first.id}?write=1`, name: first.name } : undefined;
}

/** When it has to be read by, while that is still to come. */
const pending = ({ due }: Owed, now: Date) => (due && Date.parse(due) > now.getTime() ? due : null);

/** Where a draft goes on. Of a reply, or an edit of a comment, only the comment is known, and no page shows one alone. */
function found({ place, title, body }: KeptDraft, communities: Community[]): NextStep | undefined {
	const [kind, id] = place.split(":") as [string, string];
	const words = shorten(title || body.replace(MARKS, ""), 80);
	if (kind === "community" && communities.some((one) => one.id === id && one.can_post)) {
		return { kind: "draft", href: `/communities/${id}?write=1`, words };
	}
	if (kind === "post") return { kind: "draft", href: `/posts/${id}?write=1`, words };
	return kind === "post-edit" ? { kind: "draft", href: `/posts/${id}`, words } : undefined;
}

/** The greeting that fits the hour. */
export function greeting(hour: number): "morning" | "afternoon" | "evening" {
	if (hour >= 4 && hour < 12) return "morning";
	return hour >= 12 && hour < 19 ? "afternoon" : "evening";
}

/** What a line about a post says: its title, else how it begins. */
export const lineOf = (post: Post) => post.title || excerpt(post.html ?? "", 70);

/** The communities whose newest posts are worth asking for: the ones where something was written last. */
export const liveliest = (communities: Community[], most: number) =>
	communities
		.filter((one) => one.posts > 0)
		.sort((a, b) => (a.last_post < b.last_post ? 1 : -1))
		.slice(0, most);
