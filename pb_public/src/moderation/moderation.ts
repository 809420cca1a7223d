// What the desk and an author get to see of a hold, and what of it is only reckoned. Pure.

import type { Carried } from "../file/file.js";
import type { Language, Person } from "../page/types.js";

export type State = "open" | "resubmitted" | "second_look" | "returned" | "published" | "removed" | "withdrawn";
export type Decision = "publish" | "note" | "return" | "remove";
export const REASONS = ["privacy", "misinformation", "conduct", "testimonial", "crisis", "other"] as const;
export type Reason = (typeof REASONS)[number];

export interface Finding {
	clause: string;
	policy: string;
	policy_title: string;
	say: string;
	/** What found it, and its version then; missing in what was stored before findings said so. */
	detector?: string;
	detector_version?: number;
	/** Where it stands; of a file, what that is called. */
	field?: string;
	file_name?: string;
	/** Of that, in code points. */
	start: number;
	end: number;
}

export interface Words {
	title: string;
	body: string;
	/** Words for a file, as far as they are others than what is shown. */
	alt?: string;
	transcript?: string;
	captions?: string;
}

/** What everybody who may see a hold gets of it. */
interface Shown {
	id: string;
	kind: "post" | "comment" | "file";
	post: string;
	comment?: string;
	/** Whose words these are. */
	file?: string;
	community: { id: string; name: string };
	state: State;
	opened: string;
	since: string;
	decided: string;
	reason: string;
	note: string;
	clause: { policy: string; clause: string; title: string } | null;
	findings: Finding[];
	title: string;
	excerpt: string;
}

export interface Hold extends Shown {
	source: "check" | "report" | "person";
	lane: string;
	author: Person;
	reports: number;
	reasons: Reason[];
	can: { decide: boolean };
}

export interface WholeHold extends Hold {
	words: Words;
	seen: string;
	html: string;
	/** The files that it carries. */
	files?: Carried[];
	/** The file whose words these are, as it is shown now. */
	described?: { name: string; kind: string; alt: string; transcript: string; captions: string };
	piece_status: string;
	why?: "second_look" | "desk";
	looked_again: boolean;
	/** The author's language, and the preset reasons in it. */
	reads: Language;
	presets: Record<string, string>;
	said: { reason: Reason; words: string; at: string; by: Person; then: Words | null }[];
	history: { kind: string; at: string; by: Person | null; reason: string; note: string }[];
	earlier: { id: string; state: State; decided: string; reason: string }[];
}

export interface OwnHold extends Shown {
	words: Words;
	can: { resubmit: boolean; second_look: boolean; describe: boolean };
	second_look_by: "desk" | "admin" | "";
	looked_again: boolean;
}

export interface Counts {
	waiting: number;
	open: number;
	resubmitted: number;
	second_look: number;
	returned: number;
}

export interface Desk {
	items: Hold[];
	next: string;
	counts: Counts;
}

export interface OwnReport {
	id: string;
	reason: Reason;
	at: string;
	looked_at: string;
}

/** A stretch of a text; one that was found carries the number of its finding, counted from 1. */
export interface Stretch {
	text: string;
	found?: number;
}

/** What is said in captions, without their times, as the checks read it. */
export const saidIn = (captions: string) =>
	captions
		.replace(/^WEBVTT\n/, "")
		.split("\n")
		.map((line) => line.trim())
		.filter((line) => line && !line.includes("-->"))
		.map((line) => line.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&"))
		.join("\n");

/** What a file says now, of what it says at all and of what would be said otherwise. Pure. */
export const shownOf = (now: { alt: string; transcript: string; captions: string }, then: Words): Words => ({
	title: "",
	body: "",
	...((now.alt || then.alt !== undefined) && { alt: now.alt }),
	...((now.transcript || then.transcript !== undefined) && { transcript: now.transcript }),
	...(then.captions !== undefined && { captions: now.captions }),
});

/** Words by the fields that findings name. */
export const fieldsOf = (words: Words): Record<string, string> => ({
	title: words.title,
	body: words.body,
	...(words.alt !== undefined && { alt: words.alt }),
	...(words.transcript !== undefined && { transcript: words.transcript }),
	...(words.captions !== undefined && { captions: saidIn(words.captions) }),
});

/** Cuts a text where the findings in it begin and end. Of two that overlap the second begins where the first ends. */
export function stretches(text: string, findings: Finding[], field = "body"): Stretch[] {
	const points = [...text];
	const out: Stretch[] = [];
	let at = 0;
	const inOrder = findings
		.map((one, i) => ({ start: one.start, end: one.end, found: i + 1, field: one.field ?? "body" }))
		.filter((one) => one.field === field)
		.sort((a, b) => a.start - b.start || a.end - b.end);
	for (const { start, end, found } of inOrder) {
		const from = Math.max(start, at);
		const to = Math.min(end, points.length);
		if (from >= to) continue;
		if (from > at) out.push({ text: points.slice(at, from).join("") });
		out.push({ text: points.slice(from, to).join(""), found });
		at = to;
	}
	if (at < points.length) out.push({ text: points.slice(at).join("") });
	return out;
}

/** The words that a finding stands on. */
export const foundIn = (text: string, { start, end }: Finding) => [...text].slice(start, end).join("");

export const waits = (state: State) => state === "open" || state === "resubmitted" || state === "second_look";

/** Where a rule is posted. */
export const ruleAt = ({ policy, clause }: { policy: string; clause: string }) =>
	`/policies/${policy}#clause-${clause}`;
