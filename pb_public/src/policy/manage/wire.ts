// What a draft and a posted version look like on the wire, and in the editor. Pure.
//
// On the wire each language has its checks of its own, in the same order; the editor holds a check once, with what it says
// in each language.

import type { Language, Role } from "../../page/types.js";
import type { Action, Check, Strips, Texts, Words, Work } from "./types.js";

const BOTH: Language[] = ["en", "es"];

export interface WireCheck {
	clause: string;
	detector: string;
	whose: Role[];
	where?: string[];
	action: Action;
	say: string;
	words?: string[];
}
type WireText = Partial<Words> & { source?: string };
export interface WireWork {
	texts?: Partial<Record<Language, WireText>>;
	checks?: Partial<Record<Language, WireCheck[]>> | null;
	strip?: Partial<Record<Language, Partial<Record<"staff" | "patients", string>>>> | null;
	yearly?: boolean;
}

const forEach = <T>(make: (language: Language) => T) =>
	Object.fromEntries(BOTH.map((language) => [language, make(language)])) as Record<Language, T>;

export const emptyTexts = (): Texts => forEach(() => ({ title: "", summary: "", body: "" }));

export function readWork(wire: WireWork, yearly = false): Work {
	const texts = forEach((language) => {
		const { title = "", summary = "", body, source } = wire.texts?.[language] ?? {};
		return { title, summary, body: body ?? source ?? "" };
	});
	const strip: Strips = forEach((language) => ({ staff: "", patients: "", ...wire.strip?.[language] }));
	return { texts, checks: readChecks(wire.checks ?? {}), strip, yearly: wire.yearly ?? yearly };
}

function readChecks(all: Partial<Record<Language, WireCheck[]>>): Check[] {
	const longest = BOTH.map((language) => all[language] ?? []).sort((a, b) => b.length - a.length)[0] ?? [];
	return longest.map(({ clause, detector, whose, where, action }, i) => ({
		clause,
		detector,
		whose: [...whose],
		where: [...(where ?? [])],
		action,
		say: forEach((language) => all[language]?.[i]?.say ?? ""),
		words: forEach((language) => [...(all[language]?.[i]?.words ?? [])]),
	}));
}

/** Only languages that have words go on their way. */
export function writeWork(work: Work) {
	const written = BOTH.filter((one) => Object.values(work.texts[one]).some((words) => words.trim()));
	const each = <T>(make: (language: Language) => T) =>
		Object.fromEntries(written.map((language) => [language, make(language)])) as Partial<Record<Language, T>>;
	return {
		texts: each((language) => ({ ...work.texts[language] })),
		checks: each((language) => work.checks.map((check) => writeCheck(check, language))),
		strip: each((language) =>
			Object.fromEntries(Object.entries(work.strip[language]).filter(([, line]) => line.trim())),
		),
		yearly: work.yearly,
	};
}

function writeCheck({ say, words, where, ...rest }: Check, language: Language): WireCheck {
	const wire: WireCheck = { ...rest, whose: [...rest.whose], say: say[language] };
	if (where.length > 0) wire.where = [...where];
	if (rest.detector === "word") wire.words = [...words[language]];
	return wire;
}
