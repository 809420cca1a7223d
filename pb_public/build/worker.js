import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";

/** The pages that open without a network on a member's own device, and the nouns that they speak. */
const PAGES = [
	"src/home/Home.svelte",
	"src/community/Community.svelte",
	"src/post/Thread.svelte",
	"src/post/Composer.svelte",
	"src/session/member.ts",
	"src/page/kept.ts",
	"src/session/SignedOut.svelte",
	"src/settings/Settings.svelte",
];
const NOUNS = [
	"page",
	"common",
	"session",
	"home",
	"community",
	"post",
	"policy",
	"cases",
	"check",
	"moderation",
	"settings",
];
/** The pages that are opened first most often, by the name that boot.js gives them. */
const FIRST = { room: "src/community/Community.svelte", post: "src/post/Thread.svelte", home: "src/home/Home.svelte" };
/** The nouns that each of them speaks; a test compares this with their routes. */
export const SPOKEN = {
	room: ["community", "post", "check", "follow", "reaction", "mention"],
	post: ["post", "community", "moderation", "check", "follow", "reaction", "mention"],
	home: ["home", "community", "moderation"],
};

/** @typedef {Record<string, { file: string, imports?: string[], css?: string[], assets?: string[] }>} Manifest */

/**
 * Tells the two scripts that stand outside of the bundle what the build has made: the service worker the name of the build and its
 * files, boot.js the files of the pages that are opened first. boot.js gets a name with a hash, so that it is kept for ever.
 * @returns {import("vite").Plugin}
 */
export function workerOfBuild() {
	let out = "dist";
	return {
		name: "kinward:worker",
		apply: "build",
		configResolved(config) {
			out = path.resolve(config.root, config.build.outDir);
		},
		writeBundle: {
			order: "post",
			sequential: true,
			async handler() {
				/** @param {string} name */
				const at = (name) => path.join(out, name);
				/** @type {Manifest} */
				const manifest = JSON.parse(await readFile(at(".vite/manifest.json"), "utf8"));
				const boot = filled(await readFile(at("boot.js"), "utf8"), first(manifest));
				const bootName = `/assets/boot-${sum(boot).slice(0, 8)}.js`;
				await writeFile(at(bootName), boot);
				await rm(at("boot.js"));
				const page = (await readFile(at("index.html"), "utf8")).replace("/boot.js", bootName);
				if (!page.includes(bootName)) throw new Error("index.html does not load boot.js");
				await writeFile(at("index.html"), page);
				const files = [...needed(manifest, PAGES, NOUNS), bootName].sort();
				const made = { build: sum(page + JSON.stringify(manifest)).slice(0, 12), entry: entry(manifest), files };
				await writeFile(at("service-worker.js"), filled(await readFile(at("service-worker.js"), "utf8"), made));
			},
		},
	};
}

/** @param {string} text */
const sum = (text) => createHash("sha256").update(text).digest("hex");

/** @param {Manifest} manifest */
const entry = (manifest) => `/${manifest["index.html"]?.file}`;

/**
 * @param {string} text
 * @param {unknown} made
 */
function filled(text, made) {
	const out = text.replace(/const MADE = .*;/, `const MADE = ${JSON.stringify(made)};`);
	if (out === text) throw new Error("a script has no place for what the build has made");
	return out;
}

/**
 * What boot.js begins to load, beside what index.html loads.
 * @param {Manifest} manifest
 */
function first(manifest) {
	const known = new Set(needed(manifest, [], []));
	/** @param {string} page */
	const more = (page) =>
		needed(manifest, [page, "src/session/member.ts"], []).filter(
			(file) => !known.has(file) && !file.endsWith(".woff2"),
		);
	/** @param {string} language @param {string[]} nouns */
	const texts = (language, nouns) =>
		nouns
			.flatMap((noun) => Object.keys(manifest).filter((key) => key.endsWith(`messages/${language}/${noun}.json`)))
			.map((key) => `/${manifest[key]?.file}`);
	const pages = Object.fromEntries(Object.entries(FIRST).map(([name, page]) => [name, more(page)]));
	const said = ["en", "es"].map((language) => [
		language,
		{
			always: texts(language, ["page"]),
			...Object.fromEntries(Object.entries(SPOKEN).map(([name, nouns]) => [name, texts(language, nouns)])),
		},
	]);
	return { pages, texts: Object.fromEntries(said) };
}

/**
 * The files of the entry, of these pages, each with all that it loads with it, and of these nouns in every language.
 * @param {Manifest} manifest
 * @param {string[]} pages
 * @param {string[]} nouns
 */
export function needed(manifest, pages, nouns) {
	const missing = pages.filter((page) => !manifest[page]);
	if (missing.length) throw new Error(`no such page was built: ${missing.join(", ")}`);
	/** @type {Set<string>} */
	const seen = new Set();
	/** @type {Set<string>} */
	const files = new Set();
	/** @param {string} key */
	const follow = (key) => {
		const found = manifest[key];
		if (seen.has(key) || !found) return;
		seen.add(key);
		for (const name of [found.file, ...(found.css ?? []), ...(found.assets ?? []).filter((one) => !/italic/.test(one))])
			files.add(`/${name}`);
		for (const next of found.imports ?? []) follow(next);
	};
	const texts = Object.keys(manifest).filter((key) =>
		nouns.some((noun) => new RegExp(`messages/\\w\\w/${noun}\\.json$`).test(key)),
	);
	for (const key of ["index.html", ...pages, ...texts]) follow(key);
	return [...files].sort();
}
