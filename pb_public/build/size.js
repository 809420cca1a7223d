// Prints what a first visit of the sign-in page loads, compressed, and fails above the limit.
import { existsSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const LIMIT = 60_000; // bytes of compressed JavaScript
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

const needed = new Set();
const entries = ["index.html", "src/session/SignIn.svelte"];
// Messages come lazily, one file a noun; the page asks for these two.
entries.push(...Object.keys(manifest).filter((key) => /messages\/en\/(?:page|session)\.json$/.test(key)));
for (const entry of entries) follow(entry, needed);

/** @type {Set<string>} */
const scripts = new Set();
/** @type {Set<string>} */
const sheets = new Set();
for (const key of needed) {
	scripts.add(manifest[key].file);
	for (const sheet of manifest[key].css ?? []) sheets.add(sheet);
}
for (const file of scripts) console.log(`${String(weight(file)).padStart(7)}  ${file}`);
const sum = (/** @type {Set<string>} */ files) => [...files].reduce((all, file) => all + weight(file), 0);
const js = sum(scripts);
console.log(
	`sign-in page, first load: ${js} bytes of JavaScript, ${sum(sheets)} of CSS (compressed); the limit is ${LIMIT}`,
);
if (js > LIMIT) process.exit(1);
