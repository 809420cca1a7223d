// What a member is told of, and how they want to be told. Pure.

import type { Person } from "../page/types.js";

export type Kind = "answer" | "mention" | "follow" | "helpful" | "review" | "announcement" | "decision";
export const CADENCES = ["off", "now", "daily", "weekly"] as const;
export type Cadence = (typeof CADENCES)[number];

export interface Notice {
	id: string;
	kind: Kind;
	at: string;
	read: boolean;
	community: { id: string; name: string };
	/** The post, by its title, or the hold. */
	thread: { id: string; name: string };
	/** Who did it; null: the practice. */
	actor: Person | null;
	/** The page that shows it. */
	to: string;
}

export interface Notices {
	items: Notice[];
	next: string;
	unread: number;
}

/** Of one kind in one thread: who did it. */
export interface Deed {
	kind: Kind;
	people: string[];
}

/** What happened in one thread, as one entry of the list. */
export interface Entry {
	thread: Notice["thread"];
	community: Notice["community"];
	deeds: Deed[];
	/** When the last of it happened. */
	at: string;
	/** Where to go: to the first that was not read, else to the last. */
	to: string;
	unread: number;
}

/** The entries of a list that has the latest first, in the order of the last thing that happened in each. */
export function entries(notices: Notice[]): Entry[] {
	const byThread = new Map<string, Entry>();
	for (const { kind, thread, community, actor, at, to, read } of notices) {
		let entry = byThread.get(thread.id);
		if (!entry) {
			entry = { thread, community, deeds: [], at, to, unread: 0 };
			byThread.set(thread.id, entry);
		}
		if (!read) {
			entry.unread += 1;
			entry.to = to; // the list runs backwards: the last one set is the first that happened
		}
		let deed = entry.deeds.find((one) => one.kind === kind);
		if (!deed) {
			deed = { kind, people: [] };
			entry.deeds.push(deed);
		}
		if (actor && !deed.people.includes(actor.name)) deed.people.push(actor.name);
	}
	return [...byThread.values()];
}

export interface Channels {
	page: boolean;
	mail: Cadence;
	push: boolean;
}

export interface PushState {
	offered: boolean;
	key: string;
	devices: number;
}

/** As GET /me/notifications says it. */
export interface Choices {
	kinds: Record<Kind, Channels>;
	order: Kind[];
	hour: number;
	weekday: number;
	quiet_from: number;
	quiet_to: number;
	zone: string;
	confirmed: boolean;
	push: PushState;
	preview: { from: string; subject: string; heading: string; text: string[] };
}

/** An hour of the day as a language writes it: "5 PM", "17:00". */
export const hourIn = (language: string, hour: number) =>
	new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit", timeZone: "UTC" }).format(
		new Date(Date.UTC(2000, 0, 2, hour)),
	);

/** A day of the week by its number; 0 is Sunday. */
export const weekdayIn = (language: string, day: number) =>
	new Intl.DateTimeFormat(language, { weekday: "long", timeZone: "UTC" }).format(new Date(Date.UTC(2000, 0, 2 + day)));

/** The time zone that this device is in, as the IANA database calls it; empty where it does not say. */
export const zoneHere = () => Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";

/** Every time zone that can be chosen, the one chosen and the device's own among them. */
export function zones(...also: string[]): string[] {
	return [...new Set([...also.filter(Boolean), ...Intl.supportedValuesOf("timeZone")])].sort();
}
