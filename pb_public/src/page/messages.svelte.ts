// What people read, from the one catalogue in hooks/messages. A page names the nouns it needs; each is a small file that
// is fetched once. t() is reactive: a change of language changes every text in place, and loses nothing that was typed.

import { type Entry, fill, type Params } from "./phrase.js";
import type { Language } from "./types.js";

export type { Params } from "./phrase.js";
export const LANGUAGES: Language[] = ["en", "es"];
/** The name of each language in itself: what a person looks for who reads no other. */
export const LANGUAGE_NAMES: Record<Language, string> = { en: "English", es: "Español" };

type Table = Record<string, Entry>;
// mails and cli are the server's own.
const files = import.meta.glob<Table>(["@messages/*/*.json", "!**/mails.json", "!**/cli.json"], { import: "default" });
/** What the page of a community does not say as it stands (build/two-halves.js); the other nouns are whole in one file. */
const rests = import.meta.glob<Table>(
	"@messages/*/{community,post,check,poll,review,follow,reaction,mention,file}.json",
	{ query: "?rest", import: "default" },
);

const KEPT = "kinward.language";
/** Left where somebody is signed in, with the language of their account: boot.js then asks at once for what they read. It says nothing
    of who they are. */
export const SIGNED_IN = "kinward.in";
const nouns = new Set<string>(["page"]);
const tables: Record<Language, Table> = { en: {}, es: {} };
const loaded = new Set<unknown>();
/** True while the page that was opened first needs only the first halves. */
let hurried = false;
let chosenNow = false;
/** What carries the language for the browser: the page, or our part of someone else's. */
let spokenIn = document.documentElement;
let wanted: Language = "en";
let language = $state<Language>("en");
let current = $state.raw<Table>({});

const speaks = (value: string | null | undefined): value is Language => LANGUAGES.includes(value as Language);

async function loadFrom(from: typeof files, tongue: Language, noun: string) {
	const path = Object.keys(from).find((name) => name.endsWith(`/${tongue}/${noun}.json`));
	if (!path && from === files) throw new Error(`no messages ${tongue}/${noun}`);
	if (!path || loaded.has(from[path])) return;
	Object.assign(tables[tongue], await from[path]?.());
	loaded.add(from[path]);
}

async function load(tongue: Language, all: Iterable<string>, halves: boolean) {
	await Promise.all(
		[...all].flatMap((noun) => {
			const first = loadFrom(files, tongue, noun);
			return halves ? first : [first, loadFrom(rests, tongue, noun)];
		}),
	);
}

/** Fetches until every noun is there in the language wanted last, then speaks it: both may change while a file is on its way. */
async function settle() {
	let asked: [Language, number, boolean];
	do {
		asked = [wanted, nouns.size, hurried];
		await load(wanted, nouns, hurried);
	} while (asked.join() !== [wanted, nouns.size, hurried].join());
	const [tongue] = asked;
	language = tongue;
	current = { ...tables[tongue] };
	spokenIn.lang = tongue;
}

/** Makes the texts of these nouns ready to be said. With `soon`, where a page is opened first, as much of them as it stands with. */
export async function need(more: string[] = [], soon = false) {
	for (const noun of more) nouns.add(noun);
	if (more.length > 0) hurried = soon;
	await settle();
}

/** Fetches what `need` has left out. */
export async function whole() {
	hurried = false;
	await settle();
}

/** A part of a page that comes when somebody wants it, with all that it says. */
export async function part<T>(coming: Promise<{ default: T }>): Promise<T> {
	const [{ default: component }] = await Promise.all([coming, whole()]);
	return component;
}

/** Speaks a language from now on; remembered on this device only where a person chose it here. */
export async function speak(next: string | undefined, remember = false) {
	if (!speaks(next)) return;
	if (remember) {
		localStorage.setItem(KEPT, next);
		chosenNow = true;
	}
	wanted = next;
	await settle();
}

/** The language to begin with: the one that the address asks for, the account's, chosen here before, else the device's first that we speak, else English. */
export function firstLanguage(): Language {
	const asked = new URLSearchParams(location.search).get("language");
	const wishes = [
		asked,
		localStorage.getItem(SIGNED_IN),
		localStorage.getItem(KEPT),
		...navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase()),
	];
	return wishes.find(speaks) ?? "en";
}

/** Says which element is ours, where the page around it is not. */
export function speakIn(element: HTMLElement) {
	spokenIn = element;
	element.lang = language;
}

/** True where a person chose the language since this page was opened. */
export const languageIsWished = () => chosenNow;

/** True where a person chose the language on this device. */
export const languageWasChosen = () => speaks(localStorage.getItem(KEPT));

export const spoken = () => language;

/** The language that is spoken as soon as its texts have come. */
export const toBeSpoken = () => wanted;

/** The text of a key, its {{.parameters}} filled in; params.count chooses the plural. An unknown key shows itself. */
export function t(key: string, params?: Params): string {
	const entry = current[key];
	return entry === undefined ? key : fill(entry, language, params);
}

/** True where the catalogue has the key: for words that come from the server, such as an event's kind. */
export const has = (key: string) => current[key] !== undefined;

/** A list in words: "Ana, Luis and Mei". */
export const listed = (words: string[]) => new Intl.ListFormat(language, { type: "conjunction" }).format(words);
