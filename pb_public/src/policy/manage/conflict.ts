// Two drafts that grew from the same one: which pieces differ, and what a choice for each makes of them. Pure.

import type { Language } from "../../page/types.js";
import type { Texts, Work } from "./types.js";
import { emptyTexts } from "./wire.js";

export type Pick = "mine" | "theirs" | "both";

export interface Piece {
	key: string;
	field: "title" | "summary" | "body" | "checks" | "strip" | "yearly";
	language?: Language;
	mine: string;
	theirs: string;
}

const LANGUAGES: Language[] = ["en", "es"];
const WORDS = ["title", "summary", "body"] as const;
const REST = ["checks", "strip", "yearly"] as const;

/** The pieces that are not the same, in the order of the editor. */
export function pieces(mine: Work, theirs: Work): Piece[] {
	const words = LANGUAGES.flatMap((language) =>
		WORDS.map((field) => ({
			key: `${language}-${field}`,
			field,
			language,
			mine: mine.texts[language][field],
			theirs: theirs.texts[language][field],
		})),
	);
	const rest = REST.map((field) => ({ key: field, field, mine: inWords(mine[field]), theirs: inWords(theirs[field]) }));
	return [...words, ...rest].filter((piece) => piece.mine !== piece.theirs);
}

const inWords = (value: unknown) =>
	JSON.stringify(value, null, 1)
		.replace(/[{}[\]",]/g, "")
		.replace(/\n\s*\n+/g, "\n")
		.trim();

/** Where two texts part: the lines that both begin and end with are the same. */
export interface Parted {
	before: string;
	mine: string;
	theirs: string;
	after: string;
}

export function part(mine: string, theirs: string): Parted {
	const [a, b] = [mine.split("\n"), theirs.split("\n")];
	const least = Math.min(a.length, b.length);
	let head = 0;
	while (head < least && a[head] === b[head]) head++;
	let tail = 0;
	while (tail < least - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
	const lines = (all: string[], from: number, to: number) => all.slice(from, to).join("\n");
	return {
		before: lines(a, 0, head),
		mine: lines(a, head, a.length - tail),
		theirs: lines(b, head, b.length - tail),
		after: lines(a, a.length - tail, a.length),
	};
}

/** Both texts in one: what is the same stands once, then mine, then theirs behind a mark. */
export function merge(mine: string, theirs: string, between: string): string {
	const { before, after, ...own } = part(mine, theirs);
	const midst = [own.mine.trimEnd(), between, own.theirs.trim()].filter(Boolean).join("\n\n");
	return [before, midst, after].filter(Boolean).join("\n");
}

/** What was chosen, and every text that was not. What nobody chose for stays mine. */
export function settle(
	mine: Work,
	theirs: Work,
	picked: Record<string, Pick>,
	between: string,
): { chosen: Work; left: Texts } {
	const chosen = structuredClone(mine);
	const left = emptyTexts();
	for (const { key, field, language } of pieces(mine, theirs)) {
		const pick = picked[key] ?? "mine";
		if (language) {
			const word = field as (typeof WORDS)[number];
			const [my, their] = [mine.texts[language][word], theirs.texts[language][word]];
			if (pick === "theirs") chosen.texts[language][word] = their;
			if (pick === "both") chosen.texts[language][word] = merge(my, their, between);
			if (pick !== "both") left[language][word] = pick === "mine" ? their : my;
		} else if (pick === "theirs") {
			const other = structuredClone(theirs);
			if (field === "checks") chosen.checks = other.checks;
			else if (field === "strip") chosen.strip = other.strip;
			else chosen.yearly = other.yearly;
		}
	}
	return { chosen, left };
}
