// The routes of /manage/policies. What goes over the wire is turned here into what the editor holds, where every language
// and every field is there.

import { api, type Once, type Options } from "../../page/api.js";
import { LANGUAGES, spoken } from "../../page/messages.svelte.js";
import type { Language, PostedPolicy, Practice } from "../../page/types.js";
import type { Consequences, Detector, Kept, Listed, Look, Managed, Measured, Report, Texts, Work } from "./types.js";
import { readWork, type WireWork, writeWork } from "./wire.js";

const at = (slug: string, rest = "") => `/manage/policies/${encodeURIComponent(slug)}${rest}`;

export const list = () => api.get<{ items: Listed[] }>("/manage/policies").then(({ items }) => items);

export const create = (form: { slug: string; title: string; audience: string; kind?: string }, once: Once) =>
	api.post<{ slug: string }>("/manage/policies", form, { once });

interface WireManaged extends Omit<Managed, "posted" | "draft" | "number" | "published"> {
	current: ({ number: number; published: string } & WireWork) | null;
	draft: ({ revision: number; author: Kept["author"]; updated: string; base: number } & WireWork) | null;
}

export async function read(slug: string): Promise<Managed> {
	const { current, draft, offer, ...rest } = await api.get<WireManaged>(at(slug));
	return {
		...rest,
		offer: offer && Object.keys(offer).length > 0 ? offer : null,
		placeholders: rest.placeholders ?? {},
		yearly: rest.yearly ?? false,
		number: current?.number ?? 0,
		published: current?.published ?? null,
		posted: readWork(current ?? {}, rest.yearly),
		draft: draft && { ...draft, ...readWork(draft, rest.yearly) },
	};
}

export const saveDraft = (slug: string, revision: number, work: Work, options: Options) =>
	api.put<{ revision: number; saved?: string; updated?: string }>(
		at(slug, "/draft"),
		{ revision, ...writeWork(work) },
		options,
	);

export const throwAway = (slug: string, revision: number) => api.delete(at(slug, `/draft?revision=${revision}`));

/** What everybody sees posted, for what it says while one writes; nothing of it is needed to write. */
export const posted = (language: Language) =>
	api
		.get<Practice>(`/practice?language=${language}`, { background: true })
		.then(({ policies }) => policies)
		.catch((): PostedPolicy[] => []);

/** What a check may look for; nothing of it is needed to write. */
export const detectors = () =>
	api
		.get<{ items: Detector[]; figures: Measured }>("/checks", { background: true })
		.catch(() => ({ items: [], figures: {} }));

/** What the server makes of one language of the work. Stores nothing, and is no activity. */
export function look(slug: string, language: Language, work: Work, signal: AbortSignal): Promise<Look> {
	const { texts, checks, strip, yearly } = writeWork(work);
	const words = texts[language] ?? { title: "", summary: "", body: "" };
	return api.post<Look>(
		at(slug, "/look"),
		{ language, ...words, checks: checks[language] ?? [], strip: strip[language] ?? {}, yearly },
		{ background: true, signal },
	);
}

export const consequences = (slug: string, form: { class: string; due?: string; revision: number }) =>
	api.post<Consequences>(at(slug, "/consequences"), form);

export interface Publication {
	revision: number;
	class: string;
	due?: string;
	reason: Partial<Record<Language, string>>;
	password?: string;
}
export const publish = (slug: string, form: Publication, once: Once) =>
	api.post<{ number: number; sha256: Partial<Record<Language, string>> }>(at(slug, "/publish"), form, { once });

/** Why a policy is withdrawn or posted again; one language is enough. */
interface Turn {
	reason: Partial<Record<Language, string>>;
	password?: string;
}
export const withdraw = (slug: string, form: Turn) => api.post(at(slug, "/withdraw"), form);
export const postAgain = (slug: string, form: Turn) => api.post(at(slug, "/post-again"), form);
export const answerOffer = (slug: string, take: boolean, revision: number) =>
	api.post(at(slug, "/offer"), { take, revision });

export function report(slug: string, query: { number?: string; state?: string; before?: string }): Promise<Report> {
	const asked = new URLSearchParams(
		Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1])),
	);
	return api.get<Report>(at(slug, `/acknowledgements?${asked}`));
}
const csv = (slug: string, number: string) => at(slug, `/acknowledgements.csv${number ? `?number=${number}` : ""}`);
/** The report as a link, where the session's cookie goes with it. */
export const csvPath = (slug: string, number: string) => `/api/clinic${csv(slug, number)}`;
export const readCsv = (slug: string, number: string) => api.get<Blob>(csv(slug, number), { file: true });

export const remind = (slug: string) => api.post<{ queued: number }>(at(slug, "/remind"));

export interface Paper {
	member: string;
	number: number;
	sha256: string;
	language: string;
	method: "paper" | "on_behalf";
	note: string;
}
export const record = (slug: string, form: Paper, once: Once) =>
	api.post(at(slug, "/acknowledgements"), form, { once });

/** What a policy is called in the language spoken: in its draft, where there is one. */
export function titleOf({ slug, posted, draft }: Managed) {
	const { texts } = draft ?? posted;
	return texts[spoken()].title || texts.en.title || texts.es.title || slug;
}

/** The languages that a work has words in. */
export const writtenIn = (texts: Texts) => LANGUAGES.filter((one) => texts[one].title.trim() || texts[one].body.trim());
