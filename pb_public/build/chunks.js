import path from "node:path";
import { halved, REST } from "./two-halves.js";

/** What a first visit opens: the page's own script and the sign-in, which stays a file of its own. */
const MAIN = "src/main.ts";
const SIGN_IN = "src/session/SignIn.svelte";
/** What members read every day, and what stands around it; and what a thread needs beside that. */
const READ = ["src/community/Community.svelte", "src/session/member.ts"];
const THREAD = "src/post/Thread.svelte";
/** The drawings come through one list, of which each module takes what it names. */
const DRAWINGS = "src/parts/icons.ts";

/** @typedef {{ code: string | null, importedIds: readonly string[] }} Module */
/** @typedef {{ getModuleInfo: (id: string) => Module | null }} Graph */

/**
 * Which modules come together. Left alone, the bundler makes a file of every part that two pages share: fifty for a community, and
 * on a slow network each of them costs a part of a second. Here there are three: what a first visit needs, what reading needs
 * beside it, and a thread beside that; and one of texts in each language, of all that is said where one reads. A page that is opened
 * less often stays a file of its own, as does everything that only other pages need.
 * @param {string} root
 */
export function togetherWhatIsReadTogether(root) {
	/** @param {string} name */
	const at = (name) => path.join(root, name);
	const apart = new Set([SIGN_IN, THREAD].map(at));
	/** @type {[string, Set<string>][] | undefined} */
	let known;

	/** @param {Graph} graph */
	const sets = (graph) => {
		/** @param {string[]} roots */
		const from = (roots) => reached(graph, roots.map(at), at(DRAWINGS));
		known ??= [
			["base", from([MAIN, SIGN_IN])],
			["read", from(READ)],
			["talk", from([THREAD])],
		];
		return known;
	};
	const words = halved(root);
	return {
		// The list of drawings would take all of them along.
		includeDependenciesRecursively: false,
		// A module belongs to the first of them that reaches it: none of them ever needs a later one.
		groups: [
			...["base", "read", "talk"].map((wanted, i) => ({
				priority: 30 - 10 * i,
				/** @type {import("rolldown").CodeSplittingNameFunction} */
				name: (id, graph) => {
					if (apart.has(id)) return null;
					const first = sets(graph).find(([, modules]) => modules.has(id))?.[0];
					return first === wanted ? wanted : null;
				},
			})),
			{ priority: 1, test: /[\\/]lucide[\\/]/, name: "drawings" },
			{
				/** @param {string} id */
				name: (id) => {
					const [, language, noun = "", query] = /\/messages\/(\w\w)\/(\w+)\.json(\?.*)?$/.exec(id) ?? [];
					return words.has(noun) ? `${query === REST ? "rest" : "words"}-${language}` : null;
				},
			},
		],
	};
}

/**
 * Every module that these bring with them; of the list of drawings only what they name.
 * @param {Graph} graph
 * @param {string[]} roots
 * @param {string} drawings
 */
export function reached(graph, roots, drawings) {
	/** @type {Set<string>} */
	const out = new Set();
	const left = [...roots];
	for (let id = left.pop(); id !== undefined; id = left.pop()) {
		if (out.has(id)) continue;
		out.add(id);
		if (id === drawings) continue;
		const found = graph.getModuleInfo(id);
		left.push(...(found?.importedIds ?? []));
		if (found?.importedIds.includes(drawings)) left.push(...named(graph, found, drawings));
	}
	return out;
}

/**
 * The drawings that a module names, each in its file of the set.
 * @param {Graph} graph
 * @param {Module} module
 * @param {string} drawings
 */
function named(graph, module, drawings) {
	const list = graph.getModuleInfo(drawings);
	const files = new Map(
		[...(list?.code ?? "").matchAll(/default as (\w+)\s*\}\s*from\s*["']([^"']+)["']/g)].map(([, name, file]) => [
			name,
			file,
		]),
	);
	const names = [...(module.code ?? "").matchAll(/import\s*\{([^}]*)\}\s*from\s*["'][^"']*\/icons\.js["']/g)].flatMap(
		([, names = ""]) => names.split(",").map((name) => name.trim().split(" as ")[0]),
	);
	return names.flatMap((name) => (list?.importedIds ?? []).filter((id) => id.endsWith(`/${files.get(name ?? "")}`)));
}
