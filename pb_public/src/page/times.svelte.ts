// Times in words, and the clock that keeps the words true while a page stays open.

import { spoken } from "./messages.svelte.js";

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
	["day", 86_400],
	["hour", 3_600],
	["minute", 60],
];

let now = $state(Date.now());
let ticking = false;

function tick() {
	if (ticking) return;
	ticking = true;
	setInterval(() => {
		if (document.visibilityState === "visible") now = Date.now();
	}, 30_000);
}

/** "3 minutes ago", "yesterday"; from a week on the day itself. Pure. */
export function words(at: Date, today: Date, language: string): string {
	const seconds = Math.round((at.getTime() - today.getTime()) / 1000);
	const size = Math.abs(seconds);
	if (size >= 7 * 86_400) {
		const year = at.getFullYear() === today.getFullYear() ? undefined : "numeric";
		return new Intl.DateTimeFormat(language, { day: "numeric", month: "long", year }).format(at);
	}
	const format = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
	for (const [unit, length] of STEPS) {
		if (size >= length) return format.format(Math.trunc(seconds / length), unit);
	}
	return format.format(0, "second");
}

/** The whole date and time, with the weekday. Pure. */
export const exactly = (at: Date, language: string) =>
	new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short" }).format(at);

export function inWords(at: string): string {
	tick();
	return words(new Date(at), new Date(now), spoken());
}

export const inFull = (at: string) => exactly(new Date(at), spoken());

/** A day without its time: "12 March 2027". */
export const day = (at: string) => new Intl.DateTimeFormat(spoken(), { dateStyle: "long" }).format(new Date(at));

/** The time of day: "14:05"; with the day before it where that is not today. */
export function clock(at: string): string {
	if (!at) return "";
	const [then, today] = [new Date(at), new Date(now)];
	const sameDay = then.toDateString() === today.toDateString();
	return new Intl.DateTimeFormat(
		spoken(),
		sameDay ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" },
	).format(then);
}
