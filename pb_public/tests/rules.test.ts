// What every component keeps to, read from the sources.

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "../src");
const sources = readdirSync(root, { recursive: true, encoding: "utf8" })
	.filter((name) => /\.(?:svelte|ts)$/.test(name))
	.map((name) => ({ name: name.replaceAll("\\", "/"), text: readFileSync(path.join(root, name), "utf8") }));

const holding = (what: RegExp) => sources.filter(({ text }) => what.test(text)).map(({ name }) => name);

test("one place inserts HTML, and one component calls it", () => {
	expect(holding(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\{@html/)).toEqual(["page/trusted.ts"]);
	expect(holding(/import \{[^}]*\binsert\b[^}]*\} from ".*trusted/)).toEqual(["parts/ServerHtml.svelte"]);
});

test("nothing needs what the content security policy forbids", () => {
	expect(holding(/\sstyle="/)).toEqual([]);
	expect(holding(/\beval\(|new Function\(/)).toEqual([]);
	expect(holding(/https?:\/\/(?!www\.w3\.org\/2000\/svg|page\b)\w/)).toEqual([]);
});

test("nothing of a member is kept on the device", () => {
	// The language and the theme are, that somebody was signed in, and whose own device it is, by an id; words and names never,
	// but by kept.ts where the member has asked for it.
	const settings = ["page/messages.svelte.ts", "page/own.ts", "page/session.svelte.ts", "page/theme.svelte.ts"];
	expect(holding(/localStorage/).sort()).toEqual(settings);
	expect(holding(/caches\b/).sort()).toEqual(["page/kept.ts", "page/own.ts"]);
	expect(holding(/sessionStorage|indexedDB|document\.cookie/)).toEqual([]);
});

test("only the way to the server asks the server", () => {
	expect(holding(/\bfetch\(|XMLHttpRequest|sendBeacon/)).toEqual(["page/api.ts"]);
});
