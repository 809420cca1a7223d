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
	"src/session/ending.ts",
	"src/community/Leave.svelte",
	"src/page/kept.ts",
	"src/session/SignedOut.svelte",
	"src/settings/Settings.svelte",
];
/** What they speak beside the nouns of the pages below. */
const NOUNS = ["page", "common", "session", "policy", "cases", "settings"];
/** The pages that are opened first most often, by the name that boot.js gives them. */
const FIRST = { room: "src/community/Community.svelte", post: "src/post/Thread.svelte", home: "src/home/Home.svelte" };
/** Where their routes stand, which say what nouns they speak. */
const ROUTES = {
	room: ["src/community/routes.ts", "/communities/:id"],
	post: ["src/post/routes.ts", "/posts/:id"],
	home: ["src/home/routes.ts", "/"],
};

/**
 * The nouns of a route, read from its source: the bundler cannot be asked.
 * @param {string} source
 * @param {string} address
 * @returns {string[]}
 */
export function nounsOf(source, address) {
	const route = source.slice(source.indexOf(`path: "${address}"`));
	const own = /nouns(?::\s*(\[[^\]]*\]))?\s*,/.exec(route)?.[1];
	const list = own ?? /const nouns = (\[[^\]]*\])/.exec(source)?.[1];
	if (!list) throw new Error(`the route ${address} says no nouns`);
	return JSON.parse(list.replace(/,\s*\]/, "]"));
}

/**
 * What the pages that are opened first speak, by their names.
 * @param {string} root
 * @returns {Promise<Record<string, string[]>>}
 */
export async function spoken(root) {
	const each = Object.entries(ROUTES).map(async ([name, [file = "", address = ""]]) => [
		name,
		nounsOf(await readFile(path.join(root, file), "utf8"), address),
	]);
	return Object.fromEntries(await Promise.all(each));
}

/** @typedef {Record<string, { file: string, imports?: string[], css?: string[], assets?: string[] }>} Manifest */

/**
 * Tells the two scripts that stand outside of the bundle what the build has made: the service worker the name of the build and its
 * files, boot.js the files of the pages that are opened first. boot.js gets a name with a hash, so that it is kept for ever.
 * @returns {import("vite").Plugin}
 */
export function workerOfBuild() {
	let out = "dist";
	let root = "";
	/** @type {Record<string, string>} */
	let larger = {};
	return {
		name: "kinward:worker",
		apply: "build",
		configResolved(config) {
			root = config.root;
			out = path.resolve(root, config.build.outDir);
		},
		generateBundle(_, bundle) {
			larger = inLarger(Object.values(bundle), root);
		},
		writeBundle: {
			order: "post",
			sequential: true,
			async handler() {
				/** @param {string} name */
				const at = (name) => path.join(out, name);
				/** @type {Manifest} */
				const manifest = JSON.parse(await readFile(at(".vite/manifest.json"), "utf8"));
				await writeFile(at(".vite/manifest.json"), JSON.stringify(withLarger(manifest, larger)));
				const said = await spoken(root);
				const boot = filled(await readFile(at("boot.js"), "utf8"), first(manifest, said));
				const bootName = `/assets/boot-${sum(boot).slice(0, 8)}.js`;
				await writeFile(at(bootName), boot);
				await rm(at("boot.js"));
				const page = (await readFile(at("index.html"), "utf8")).replace("/boot.js", bootName);
				if (!page.includes(bootName)) throw new Error("index.html does not load boot.js");
				await writeFile(at("index.html"), page);
				const files = [...needed(manifest, PAGES, [...NOUNS, ...Object.values(said).flat()]), bootName].sort();
				const made = { build: sum(page + JSON.stringify(manifest)).slice(0, 12), entry: entry(manifest), files };
				await writeFile(at("service-worker.js"), filled(await readFile(at("service-worker.js"), "utf8"), made));
			},
		},
	};
}

/**
 * Where the modules are that came into a larger file, of which the manifest says nothing.
 * @param {{ type: string, fileName: string, moduleIds?: string[], facadeModuleId?: string | null }[]} files
 * @param {string} root
 */
function inLarger(files, root) {
	const chunks = files.filter((file) => file.type === "chunk" && !file.facadeModuleId);
	return Object.fromEntries(
		chunks.flatMap(({ fileName, moduleIds = [] }) => moduleIds.map((id) => [path.relative(root, id), fileName])),
	);
}

/**
 * The manifest with each such module as an entry that loads its larger file.
 * @param {Manifest} manifest
 * @param {Record<string, string>} larger
 */
function withLarger(manifest, larger) {
	const keys = new Map(Object.entries(manifest).map(([key, { file }]) => [file, key]));
	for (const [module, file] of Object.entries(larger)) {
		const key = keys.get(file);
		if (key && /\.(?:svelte|ts|json)(?:\?rest)?$/.test(module)) manifest[module] ??= { file, imports: [key] };
	}
	const main = manifest["src/main.ts"];
	if (main) manifest["index.html"] ??= main;
	return manifest;
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
 * @param {Record<string, string[]>} spoken
 */
function first(manifest, spoken) {
	const known = new Set(needed(manifest, [], []));
	/** @param {string} page */
	const more = (page) =>
		needed(manifest, [page, "src/session/member.ts"], []).filter(
			(file) => !known.has(file) && !file.endsWith(".woff2"),
		);
	/** @param {string} language @param {string[]} nouns @param {boolean} [halves] as pages ask for them that come soon */
	const texts = (language, nouns, halves = false) =>
		nouns
			.flatMap((noun) => {
				const first = `messages/${language}/${noun}.json`;
				const wanted = halves ? [first] : [first, `${first}?rest`];
				return Object.keys(manifest).filter((key) => wanted.some((name) => key.endsWith(name)));
			})
			.map((key) => `/${manifest[key]?.file}`)
			.filter((file, i, all) => all.indexOf(file) === i);
	const pages = Object.fromEntries(Object.entries(FIRST).map(([name, page]) => [name, more(page)]));
	const said = ["en", "es"].map((language) => [
		language,
		{
			always: texts(language, ["page"]),
			...Object.fromEntries(
				Object.entries(spoken).map(([name, nouns]) => [name, texts(language, nouns, name !== "post")]),
			),
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
		nouns.some((noun) => new RegExp(`messages/\\w\\w/${noun}\\.json(?:\\?rest)?$`).test(key)),
	);
	for (const key of ["index.html", ...pages, ...texts]) follow(key);
	return [...files].sort();
}
