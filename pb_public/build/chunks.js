import path from "node:path";

/** What a first visit opens: the page's own script and the sign-in. */
const FIRST = ["src/main.ts", "src/session/SignIn.svelte"];
/** What members read every day, and what stands around it. */
const READ = [
	"src/community/Community.svelte",
	"src/post/Thread.svelte",
	"src/home/Home.svelte",
	"src/session/member.ts",
];

/**
 * Which modules come together. Left alone, the bundler makes a file of every part that two pages share: fifty for a community, and
 * on a slow network each six of them cost a round trip. Here there are two: what a first visit needs, and what reading needs
 * beside it. A page itself stays a file of its own, as does everything that only other pages need.
 * @param {string} root
 */
export function togetherWhatIsReadTogether(root) {
	/** @param {string} name */
	const at = (name) => path.join(root, name);
	const pages = new Set([...FIRST, ...READ].map(at));
	/** @type {{ base: Set<string>, read: Set<string> } | undefined} */
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
		known ??= { base: reached(FIRST.map(at)), read: reached(READ.map(at)) };
		return known;
	};
	return {
		groups: [
			{
				priority: 20,
				/** @type {import("rolldown").CodeSplittingNameFunction} */
				name: (id, graph) => (!pages.has(id) && sets(graph).base.has(id) ? "base" : null),
			},
			{
				priority: 10,
				/** @type {import("rolldown").CodeSplittingNameFunction} */
				name: (id, graph) => (!pages.has(id) && !sets(graph).base.has(id) && sets(graph).read.has(id) ? "read" : null),
			},
		],
	};
}
