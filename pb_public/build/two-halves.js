import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { saidIn, standing } from "./said.js";
import { nounsOf } from "./worker.js";

/** Whose texts come in two halves: the page of a community, which is opened most often. */
const ROOM = ["src/community/routes.ts", "/communities/:id"];
/** What stands with the first halves: that page and the home page (`soon` in their routes), and what is around them. */
export const STANDING = [
	"src/main.ts",
	"src/session/member.ts",
	"src/community/Community.svelte",
	"src/home/Home.svelte",
];
/** How the half is asked for that comes after the page. */
export const REST = "?rest";

/**
 * The nouns whose texts come in two halves.
 * @param {string} root
 */
export const halved = (root) => new Set(nounsOf(readFileSync(path.join(root, ROOM[0] ?? ""), "utf8"), ROOM[1] ?? ""));

/**
 * Gives of the nouns that a community's page says only the texts that it stands with; the rest of each, three times as much, is a file
 * of its own, which comes when the page is there (src/page/messages.svelte.ts).
 * @param {string} root
 * @returns {import("vite").Plugin}
 */
export function textsInTwoHalves(root) {
	const nouns = halved(root);
	const said = saidIn(standing(STANDING.map((name) => path.join(root, name))));
	return {
		name: "kinward:texts-in-two-halves",
		async load(id) {
			const [, file = "", noun = "", query = ""] = /^(.*\/messages\/\w\w\/(\w+)\.json)(\?rest)?$/.exec(id) ?? [];
			if (!nouns.has(noun)) return null;
			this.addWatchFile(file);
			const all = Object.entries(JSON.parse(await readFile(file, "utf8")));
			const half = JSON.stringify(Object.fromEntries(all.filter(([key]) => said(key) !== (query === REST))));
			// What ends in .json becomes a module by itself.
			return query === REST ? { code: `export default ${half}`, moduleType: "js" } : half;
		},
	};
}
