// What /manage/policies answers with, and what the editor makes of it.

import type { Language, Person, PostedPolicy, Role } from "../../page/types.js";
import type { DiffPart } from "../diff.js";
import type { RulesDiff, Withdrawal } from "../policy.js";

export type Audience = PostedPolicy["audience"];
export type Class = "typo" | "clarification" | "material";
export const CLASSES: Class[] = ["typo", "clarification", "material"];
export const AUDIENCES: Audience[] = ["everyone", "patients", "staff"];

export type Action = "say" | "ask" | "hold" | "stop" | "call";
/** What can happen to a text, what weighs most first; where something is only said it goes out as it is. */
export const HAPPENS = ["stop", "hold", "call", "ask"] as const;
export const ACTIONS: Action[] = ["say", "ask", "hold", "call", "stop"];
/** The kinds of communities that a check may be kept to. */
export const PLACES = ["condition", "practice", "programme", "provider_room", "staff_room"];
export const WRITERS: Role[] = ["patient", "caregiver", "provider", "staff"];

/** One policy in the list of those who keep them. */
export interface Listed {
	slug: string;
	title: string;
	kind: "policy" | "authorization";
	audience: Audience;
	status: "posted" | "withdrawn";
	/** The newest version; 0 where none was ever published. */
	number: number;
	published: string | null;
	class: Class | "";
	draft: { revision: number; author: Person; updated: string } | null;
	offer: boolean;
	acknowledged: number;
	concerned: number;
}

export interface Words {
	title: string;
	summary: string;
	body: string;
}
export type Texts = Record<Language, Words>;

/** What the software looks for where a clause asks it to. */
export interface Check {
	clause: string;
	detector: string;
	whose: Role[];
	where: string[];
	action: Action;
	say: Record<Language, string>;
	words: Record<Language, string[]>;
}

export type Strips = Record<Language, { staff: string; patients: string }>;

/** All that one publishes together. */
export interface Work {
	texts: Texts;
	checks: Check[];
	strip: Strips;
	yearly: boolean;
}

/** What can be looked for, and how well it does on the labelled lines that were kept apart while it was made. */
export interface Detector {
	id: string;
	family: string;
	title: string;
	explains: string;
	/** Rises when it begins to judge otherwise. */
	version?: number;
	finds?: Example[] | null;
	/** They look alike and are left alone. */
	spares?: Example[] | null;
	figures?: Record<string, { precision: number; recall: number }>;
}

/** All that would differ from what is posted, if a release's text were taken. */
export interface OfferedChanges {
	diff: DiffPart[];
	title_diff: DiffPart[];
	summary_diff: DiffPart[];
	rules: RulesDiff;
	/** The checks are the practice's own, which stay. */
	checks_kept: boolean;
}

interface Example {
	language: string;
	text: string;
}

/** All detectors together, on the lines of one half. */
interface Overall {
	lines: number;
	harmless: number;
	recall: number;
	/** The part of the harmless lines in which anything was found. */
	false_alarms: number;
	identifier_recall: number;
	identifier_precision: number;
}
export type Measured = Partial<Record<"kept" | "tuning", Overall>>;

/** One policy with all that its editor needs. */
export interface Managed {
	slug: string;
	kind: Listed["kind"];
	audience: Audience;
	status: Listed["status"];
	yearly: boolean;
	/** The posted version; number 0 where there is none yet. */
	number: number;
	posted: Work;
	published: string | null;
	withdrawn: Withdrawal | null;
	/** What a draft must be saved on top of, also where there is none now. */
	revision: number;
	draft: Kept | null;
	offer: Partial<Record<Language, Words & OfferedChanges>> | null;
	placeholders: Record<string, string>;
}

export interface Kept extends Work {
	revision: number;
	author: Person;
	updated: string;
	base: number;
}

/** What the server makes of a text while it is written. */
export interface Look {
	html: string;
	summary: string;
	/** aim: the grade to stay under. */
	reading: {
		grade: number;
		aim: number;
		words: number;
		sentences: number;
		hard: { sentence: string; grade: number }[];
	};
	problems: Problem[];
	/** Null where nothing is posted in this language. */
	diff: DiffPart[] | null;
	title_diff?: DiffPart[];
	summary_diff?: DiffPart[];
	/** Null, as diff. */
	rules: RulesDiff | null;
	clauses: Clause[];
}

export interface Problem {
	code: string;
	message: string;
	/** Of the text, from 1; 0 or absent where it concerns no line. */
	line?: number;
	/** It cannot be published so. */
	blocks: boolean;
}

export interface Clause {
	id: string;
	/** 0: it stands in no numbered list. */
	number: number;
	line: number;
}

export interface Consequences {
	asks: { role: Role; count: number }[];
	asked: number;
	told: number;
	from: string | null;
	/** Some of the recent posts and comments that the checks would have met. */
	holds: Held[];
	/** How many of them, each by what weighs most; tried counts all there were. */
	met: Record<(typeof HAPPENS)[number], number>;
	tried: number;
	/** Example cases that come due again. */
	cases_due: { slug: string; title: string; clause: string }[] | null;
}

export interface Held {
	post: string;
	comment?: string;
	/** Absent, as the excerpt, for who is not in that community. */
	community?: string;
	author_role: Role;
	clause: string;
	action: Action;
	excerpt?: string;
}

export type AcknowledgementState = "missing" | "done" | "refused";
export const STATES: AcknowledgementState[] = ["missing", "done", "refused"];

export interface Acknowledged {
	member: Person;
	state?: AcknowledgementState;
	at: string | null;
	language: string;
	method: string;
	sha256: string;
	witness: Person | null;
	note?: string;
	outcome?: string;
}

export interface Report {
	number: number;
	concerned: number;
	done: number;
	refused: number;
	items: Acknowledged[];
	next: string;
}
