// Prints what a first visit of the sign-in page and of a community loads, compressed, and fails above the limits; with --json
// only what `make bench` reports: the JavaScript of the first.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { halved } from "./two-halves.js";

const LIMIT = 60_000; // bytes of compressed JavaScript
// On slow 3G each file of a community's page costs up to 30 ms beside its bytes, and each 1,500 bytes another 30 ms: beyond
// these the feed comes noticeably later (docs/operating.md, "What was measured").
const FILES = 9;
const BYTES = 73_000;
const root = fileURLToPath(new URL("..", import.meta.url));
const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const manifest = JSON.parse(readFileSync(`${dist}.vite/manifest.json`, "utf8"));

/** @param {string} file */
const weight = (file) => statSync(existsSync(`${dist}${file}.br`) ? `${dist}${file}.br` : `${dist}${file}`).size;

/**
 * Everything that an entry of the manifest loads with it.
 * @param {string} key
 * @param {Set<string>} seen
 */
function follow(key, seen) {
	if (seen.has(key)) return seen;
	seen.add(key);
	for (const next of manifest[key].imports ?? []) follow(next, seen);
	return seen;
}

/**
 * What comes with these entries, and the texts of these nouns in one language.
 * @param {string[]} entries
 * @param {RegExp} texts
 */
function files(entries, texts) {
	/** @type {Set<string>} */
	const needed = new Set();
	for (const entry of [...entries, ...Object.keys(manifest).filter((key) => texts.test(key))]) follow(entry, needed);
	const scripts = new Set([...needed].map((key) => manifest[key].file));
	const sheets = new Set([...needed].flatMap((key) => manifest[key].css ?? []));
	return { scripts: [...scripts], sheets: [...sheets] };
}

/** @param {string[]} files */
const sum = (files) => files.reduce((all, file) => all + weight(file), 0);

// Messages come lazily; the sign-in page asks for these two files.
const signIn = files(["index.html", "src/session/SignIn.svelte"], /messages\/en\/(?:page|session)\.json$/);
const js = sum(signIn.scripts);
if (process.argv.includes("--json")) {
	console.log(JSON.stringify({ javascript: js, limit: LIMIT }));
	process.exit();
}
for (const file of signIn.scripts) console.log(`${String(weight(file)).padStart(7)}  ${file}`);
console.log(
	`sign-in page, first load: ${js} bytes of JavaScript, ${sum(signIn.sheets)} of CSS (compressed); the limit is ${LIMIT}`,
);

const room = files(
	["index.html", "src/community/Community.svelte", "src/session/member.ts"],
	new RegExp(`messages/es/(?:page|${[...halved(root)].join("|")})\\.json$`),
);
const boot = readdirSync(`${dist}assets`).filter((name) => /^boot-[\w-]+\.js$/.test(name));
const all = [...room.scripts, ...room.sheets, ...boot.map((name) => `assets/${name}`)];
console.log(
	`a community's page, in Spanish: ${all.length} files of ${sum(all)} bytes; the limits are ${FILES} and ${BYTES}`,
);
if (js > LIMIT || all.length > FILES || sum(all) > BYTES) process.exit(1);
