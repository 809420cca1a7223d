// What /cases answers with: example cases as members read them, and as who edits policies writes them.

import { api } from "../page/api.js";
import { spoken } from "../page/messages.svelte.js";
import type { Language, Owed, Page, Person, Role } from "../page/types.js";

export interface Clause {
	policy: string;
	title: string;
	id: string;
	words: string;
	link: string;
}

export interface Case {
	id: string;
	slug: string;
	language: Language;
	title: string;
	situation_html: string;
	choices: { id: string; text: string }[];
	clause: Clause;
	done: boolean;
	skipped: boolean;
	optional: boolean;
	due: string | null;
	question: { words: string; answer: string; answered_by: string } | null;
}

export interface Outcome {
	id: string;
	text: string;
	html: string;
	good: boolean;
}

/** What the server makes of a case while it is written. */
export interface Look {
	title: string;
	situation_html: string;
	outcomes: Outcome[];
}

export interface Answered {
	good: boolean;
	outcomes: Outcome[];
	clause: Clause;
	done: boolean;
	owes: Owed[];
}

export interface Question {
	id: string;
	case: string;
	title: string;
	words: string;
	by: Person;
	at: string;
	answer: string;
	answered: string | null;
}

export interface Choice {
	id: string;
	text: string;
	leads_to: string;
	good: boolean;
}

export interface CaseText {
	title: string;
	situation: string;
	choices: Choice[];
}

/** A case in every language it is written in. */
export interface Managed {
	slug: string;
	roles: Role[];
	policy: string;
	clause: string;
	position: number;
	texts: Partial<Record<Language, CaseText>>;
	status: "posted" | "withdrawn";
	shipped: boolean;
	number: number;
	changed: string;
	done: number;
	concerned: number;
	/** A draft of its next text waits. */
	drafted?: boolean;
}

/** A case as far as somebody wrote it. What was never written is not there. */
export interface Kept {
	slug: string;
	roles: Role[] | null;
	clause: string;
	position: number;
	texts: Partial<Record<Language, CaseText>> | null;
	status: string;
	number: number;
	revision: number;
	author: Person;
	updated: string;
}

/** What waits at a case; of a new one, what waits for who asks. */
export interface Waiting {
	revision: number;
	draft: Kept | null;
}

export interface Pick {
	slug: string;
	title: string;
	clauses: { id: string; words: string }[];
}

export interface ManagedList extends Page<Managed> {
	clauses: Pick[];
	for_patients: number;
}

export const myCases = (background = false) =>
	api.get<Page<Case>>(`/cases?language=${spoken()}`, { background }).then(({ items }) => items);

export const managed = () => api.get<ManagedList>(`/manage/cases?language=${spoken()}`);

export const waitingAt = (slug: string, policy: string) =>
	api.get<Waiting>(`/manage/cases/${encodeURIComponent(slug)}/draft?policy=${encodeURIComponent(policy)}`);

/** How one language's text will read. Stores nothing, and is no activity. */
export const lookAt = (language: Language, text: CaseText, signal: AbortSignal) =>
	api.post<Look>("/manage/cases/look", { language, ...text }, { background: true, signal });

/** What is still to go through: neither done nor set aside. */
export const left = (cases: Case[]) => cases.filter((one) => !one.done && !one.skipped);

export const LETTERS = "abcdef";

/** A text to begin with: as many choices as most cases have. */
export const blank = (): CaseText => ({
	title: "",
	situation: "",
	choices: [..."abc"].map((id) => ({ id, text: "", leads_to: "", good: false })),
});

/** Nothing was written in this language. */
export const isBlank = ({ title, situation, choices }: CaseText) =>
	!title.trim() && !situation.trim() && choices.every(({ text, leads_to }) => !text.trim() && !leads_to.trim());

/** A short name for the address, made from a title: "A one-star review" becomes "a-one-star-review". */
export const slugOf = (title: string) =>
	title
		.normalize("NFD")
		.toLowerCase()
		.replace(/[^a-z0-9\s-]/g, "")
		.trim()
		.replace(/[\s-]+/g, "-")
		.replace(/^[\d-]+/, "")
		.slice(0, 60)
		.replace(/-$/, "");
