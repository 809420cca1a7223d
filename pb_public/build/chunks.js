import path from "node:path";

/** What a first visit opens: the page's own script and the sign-in. */
const FIRST = ["src/main.ts", "src/session/SignIn.svelte"];
/** What members read every day, and what stands around it; and what a thread needs beside that. */
const READ = ["src/community/Community.svelte", "src/session/member.ts"];
const TALK = ["src/post/Thread.svelte"];

/**
 * Which modules come together. Left alone, the bundler makes a file of every part that two pages share: fifty for a community, and
 * on a slow network each six of them cost a round trip. Here there are three: what a first visit needs, what reading needs
 * beside it, and a thread beside that. A page itself stays a file of its own, as does everything that only other pages need.
 * @param {string} root
 */
export function togetherWhatIsReadTogether(root) {
	/** @param {string} name */
	const at = (name) => path.join(root, name);
	const pages = new Set([...FIRST, ...READ, ...TALK].map(at));
	/** @type {[string, Set<string>][] | undefined} */
	let known;

	/** @param {{ getModuleInfo: (id: string) => { importedIds: readonly string[] } | null }} graph */
	const sets = (graph) => {
		/** @param {string[]} roots */
		const reached = (roots) => {
			/** @type {Set<string>} */
			const out = new Set();
			const left = [...roots];
			for (let id = left.pop(); id !== undefined; id = left.pop()) {
				if (out.has(id)) continue;
				out.add(id);
				left.push(...(graph.getModuleInfo(id)?.importedIds ?? []));
			}
			return out;
		};
		known ??= [
			["base", reached(FIRST.map(at))],
			["read", reached(READ.map(at))],
			["talk", reached(TALK.map(at))],
		];
		return known;
	};
	return {
		// A module belongs to the first of them that reaches it: none of them ever needs a later one.
		groups: ["base", "read", "talk"].map((wanted, i) => ({
			priority: 30 - 10 * i,
			/** @type {import("rolldown").CodeSplittingNameFunction} */
			name: (id, graph) => {
				if (pages.has(id)) return null;
				const first = sets(graph).find(([, modules]) => modules.has(id))?.[0];
				return first === wanted ? wanted : null;
			},
		})),
	};
}
