// What a post needs beside its words: what a poll asks, how long an announcement stands on top. It waits with the draft, as JSON.

import type { Draft } from "../page/drafts.svelte.js";

export interface Beyond {
	choices: string[];
	/** After how many days the voting ends. */
	days: number;
	results: "running" | "end";
	/** The last day on top, as a date field has it. */
	until: string;
}

const DAY = 86_400_000;
export const ENDS = [1, 3, 7, 14, 30];
export const MOST_CHOICES = 10;

const plain = (date: Date) =>
	`${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`;

export const inDays = (days: number, from = Date.now()) => plain(new Date(from + days * DAY));

/** The moment at which a day is over where the reader is. Pure but for the clock's zone. */
export const endOf = (day: string) => new Date(`${day}T23:59:59`).toISOString();

export function readBeyond(draft: Pick<Draft, "more">): Beyond {
	const begin: Beyond = { choices: ["", ""], days: 7, results: "running", until: inDays(14) };
	try {
		return { ...begin, ...(JSON.parse(draft.more || "{}") as Partial<Beyond>) };
	} catch {
		return begin;
	}
}

export const choicesOf = (draft: Pick<Draft, "more">) =>
	readBeyond(draft)
		.choices.map((choice) => choice.replace(/\s+/g, " ").trim())
		.filter(Boolean);

/** What is sent with the words of a draft of this kind. */
export function beyondWords(draft: Pick<Draft, "more" | "kind">): object {
	const beyond = readBeyond(draft);
	if (draft.kind === "announcement") return { until: endOf(beyond.until) };
	if (draft.kind !== "poll") return {};
	const ends = new Date(Date.now() + beyond.days * DAY).toISOString();
	return { poll: { choices: choicesOf(draft), ends, results: beyond.results } };
}
