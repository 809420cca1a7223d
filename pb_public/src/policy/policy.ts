// What /policies answers with.

import { api } from "../page/api.js";
import { spoken } from "../page/messages.svelte.js";
import type { Page, Person, PostedPolicy } from "../page/types.js";
import type { DiffPart } from "./diff.js";

/** A reason as its reader gets it: in their language, or in the one it was given in. */
export interface Said {
	text: string;
	language: string;
}

/** A time in which a policy was withdrawn. */
export interface Withdrawal {
	from: string;
	/** When it was posted again; null while it is withdrawn. */
	to: string | null;
	/** Null where none is public. */
	reason: Said | null;
	/** Why it was posted again. */
	again: Said | null;
	/** Who withdrew it, and who posted it again, where that is told. */
	by?: Person;
	back?: Person;
}

export interface PolicyText {
	slug: string;
	version: number;
	language: string;
	languages: string[];
	title: string;
	summary: string;
	audience: PostedPolicy["audience"];
	current: boolean;
	status: "posted" | "withdrawn";
	class: string;
	reason: string;
	published: string;
	due: string | null;
	sha256: string;
	html: string;
	/** Since when it is in force no more, and why. */
	withdrawn?: Withdrawal;
}

export interface PolicyVersion {
	number: number;
	title: string;
	summary: string;
	language: string;
	published: string;
	class: string;
	reason: string;
	/** Of the text without its title and summary. */
	sha256: string;
	due?: string | null;
	/** Until when it was in force; null while it is. */
	until?: string | null;
	/** The times in between in which it was not in force, the first one first. */
	withdrawals: Withdrawal[];
	/** Who published it, where that is told. */
	author?: Person | null;
}

/** True where a version says in its language what the one before it said: only the other language, or a check, is another. Pure. */
export const sameWords = (now: PolicyVersion, before?: PolicyVersion) =>
	before?.language === now.language &&
	before.sha256 === now.sha256 &&
	before.title === now.title &&
	before.summary === now.summary;

/** The text in force, or one version of it, in the language spoken where it was written in it. */
export const readPolicy = (slug: string, number?: string) =>
	api.get<PolicyText>(
		`/policies/${encodeURIComponent(slug)}${number ? `/versions/${number}` : ""}?language=${spoken()}`,
	);

/** One member's acceptance of exactly this text. */
export const acknowledge = (text: PolicyText) =>
	api.post(`/policies/${encodeURIComponent(text.slug)}/acknowledge`, { version: text.version, sha256: text.sha256 });

/** One version in exactly this language. */
export const readVersion = (slug: string, number: number, language: string) =>
	api.get<PolicyText>(`/policies/${encodeURIComponent(slug)}/versions/${number}?language=${language}`, {
		background: true,
	});

/** Every version there has been, the newest first. */
export const readVersions = (slug: string, language: string) =>
	api
		.get<Page<PolicyVersion>>(
			`/policies/${encodeURIComponent(slug)}/versions?language=${encodeURIComponent(language)}`,
			{
				background: true,
			},
		)
		.then(({ items }) => items);

/** One line of a check's form, or one that is shown while writing: as it was, and as it is. */
export interface FieldChange {
	name: string;
	was: string;
	now: string;
	/** Each language has words of its own here; the rest of a check is the same in all of them. */
	own: boolean;
}

/** What differs beside the words, as the server says it in the language spoken. */
export interface RulesDiff {
	checks: { op: "added" | "removed" | "changed"; clause: string; title: string; fields: FieldChange[] }[];
	strip: FieldChange[];
	/** How often it is asked. */
	asked: FieldChange[];
}

export const rulesDiffer = (rules: RulesDiff | null | undefined): rules is RulesDiff =>
	Boolean(rules && rules.checks.length + rules.strip.length + rules.asked.length > 0);

export type Compared = PolicyText & {
	diff: DiffPart[];
	title_diff?: DiffPart[];
	summary_diff?: DiffPart[];
	/** Absent for who does not edit policies. */
	rules?: RulesDiff;
};

/** What changed from one version to another. */
export const compareVersions = (slug: string, from: number, to: number, language: string) =>
	api.get<Compared>(`/policies/${encodeURIComponent(slug)}/versions/${to}?against=${from}&language=${language}`, {
		background: true,
	});

/** A change of a policy that asks nothing and is told. */
export interface PolicyNews {
	slug: string;
	title: string;
	number: number;
	reason: string;
	published: string;
}
