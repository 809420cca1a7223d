// What the invitations' own pages share: the shapes that docs/api.md says.

import type { Language, Page, Person, Role } from "../page/types.js";

export const STATUSES = [
	"proposed",
	"queued",
	"not_mailed",
	"accepted_by_relay",
	"deferred",
	"bounced",
	"opened",
	"accepted",
	"declined",
	"expired",
	"revoked",
] as const;
export type Status = (typeof STATUSES)[number];

export interface Event {
	kind: string;
	at: string;
	by: Person | null;
	detail: string;
	reason: string;
}

export interface Invitation {
	id: string;
	email: string;
	role: Role;
	communities: { id: string; name: string }[];
	language: Language;
	status: Status;
	needs_code: boolean;
	locked: boolean;
	returning: boolean;
	batch: string;
	proposed_by: Person | null;
	approved_by: Person | null;
	created: string;
	expires: string;
	asked_again: string;
	timeline: Event[];
	can: { approve: boolean; resend: boolean; revoke: boolean; print: boolean; link: boolean };
}

export interface Invitations extends Page<Invitation> {
	counts: Partial<Record<Status, number>>;
}

export interface Row {
	line: number;
	email: string;
	status: "ok" | "created" | "problem";
	reason?: { code: string; message: string };
}

export interface Imported {
	rows: Row[];
	created: number;
	batch: string;
}

/** How a status looks: whether somebody has to do something about it. */
export const tone: Record<Status, "wait" | "good" | "care" | "over"> = {
	proposed: "care",
	queued: "wait",
	not_mailed: "care",
	accepted_by_relay: "wait",
	deferred: "wait",
	bounced: "care",
	opened: "wait",
	accepted: "good",
	declined: "over",
	expired: "care",
	revoked: "over",
};

/** How many of a batch came to an end at the relay, one way or the other, of how many; for the line of progress. */
export function progress(counts: Invitations["counts"]): { done: number; all: number } {
	const all = Object.values(counts).reduce((sum, n) => sum + n, 0);
	return { done: all - (counts.queued ?? 0), all };
}

/** An example file with the columns that an import reads. */
export const EXAMPLE =
	"email,role,communities,language,code\nana@example.org,patient,,en,\nluis@example.org,caregiver,,es,482913\n";
