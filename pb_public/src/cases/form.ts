// The form that a case is written in: both languages side by side, whatever is there of them. Pure.

import { LANGUAGES, spoken } from "../page/messages.svelte.js";
import type { Language, Role } from "../page/types.js";
import { blank, type CaseText, isBlank, type Kept, LETTERS, type Managed } from "./cases.js";

export interface Form {
	slug: string;
	roles: Role[];
	policy: string;
	clause: string;
	position: number;
	status: Managed["status"];
	number: number;
	texts: Record<Language, CaseText>;
}

export const titleOf = (one: Managed) => (one.texts[spoken()] ?? Object.values(one.texts)[0])?.title || one.slug;

/** A form to fill in: empty, for a policy, or with what a case says now. */
export function formOf(one: Managed | undefined, of = one?.policy ?? ""): Form {
	const texts = Object.fromEntries(
		LANGUAGES.map((language) => [language, structuredClone(one?.texts[language]) ?? blank()]),
	) as Form["texts"];
	const { slug = "", roles = ["staff", "provider"], clause = "", position = 50 } = one ?? {};
	return {
		slug,
		roles: [...roles],
		policy: of,
		clause,
		position,
		status: one?.status ?? "posted",
		number: one?.number ?? 0,
		texts,
	};
}

/** A form with what a draft says. */
export function readForm(kept: Kept, of: string): Form {
	const { slug, clause, position, number } = kept;
	const texts = Object.fromEntries(
		LANGUAGES.map((language) => {
			const text = structuredClone(kept.texts?.[language]);
			return [language, text ? { ...text, choices: text.choices ?? [] } : blank()];
		}),
	) as Form["texts"];
	const status = kept.status === "withdrawn" ? "withdrawn" : "posted";
	return { slug, roles: [...(kept.roles ?? [])], policy: of, clause, position, status, number, texts };
}

/** What is sent: a language in which nothing was written is left out, and choices that were left empty are too. */
export function bodyOf(form: Form) {
	const written = LANGUAGES.filter((language) => !isBlank(form.texts[language]));
	const texts = Object.fromEntries(
		written.map((language) => {
			const text = form.texts[language];
			const choices = text.choices.filter((choice) => choice.text.trim() || choice.leads_to.trim());
			return [language, { ...text, choices }];
		}),
	);
	return { ...form, position: Number(form.position), texts };
}

/** One more choice in every language, under the next letter. */
export function addChoice(form: Form) {
	const taken = new Set(LANGUAGES.flatMap((language) => form.texts[language].choices.map(({ id }) => id)));
	const id = [...LETTERS].find((letter) => !taken.has(letter));
	if (!id) return;
	for (const language of LANGUAGES) form.texts[language].choices.push({ id, text: "", leads_to: "", good: false });
}

/** A way is good in every language or in none. */
export function setGood(form: Form, id: string, good: boolean) {
	for (const language of LANGUAGES) {
		for (const choice of form.texts[language].choices) if (choice.id === id) choice.good = good;
	}
}

/** Takes a choice out of every language. */
export function dropChoice(form: Form, id: string) {
	for (const language of LANGUAGES) {
		form.texts[language].choices = form.texts[language].choices.filter((choice) => choice.id !== id);
	}
}
