// A route names the nouns whose texts its page says. What a page says that its route does not name would be seen as a key by whoever
// opens that page first.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "../src");
const catalogue = path.resolve(root, "../../hooks/messages/en");
const nounOf = new Map(
	readdirSync(catalogue).flatMap((file) =>
		Object.keys(JSON.parse(readFileSync(path.join(catalogue, file), "utf8"))).map(
			(key) => [key, file.replace(".json", "")] as const,
		),
	),
);

/** The nouns of the texts that one source asks for. */
function said(text: string): Set<string> {
	const nouns = new Set<string>();
	for (const [, quoted, shape] of text.matchAll(/\bt\(\s*(?:["']([^"']+)["']|`([^`]+)`)/g)) {
		const [begin = "", ...rest] = (quoted ?? shape ?? "").split(/\$\{[^}]*\}/);
		const end = rest.at(-1) ?? "";
		for (const [key, noun] of nounOf) {
			if (rest.length ? key.startsWith(begin) && key.endsWith(end) : key === begin) nouns.add(noun);
		}
	}
	return nouns;
}

/** What a source imports of ours; a name in .js may be a source in .ts. */
function imported(file: string, text: string): string[] {
	return [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.{1,2}\/[^"]+)"/g)]
		.map(([, name]) => path.resolve(path.dirname(file), name as string))
		.map((name) => [name, name.replace(/\.js$/, ".ts")].find((one) => existsSync(one)))
		.filter((name): name is string => name !== undefined && /\.(?:svelte|ts)$/.test(name));
}

/** Every noun that a page and what it is made of may say, with a source that says it. */
function saidBy(page: string): Map<string, string> {
	const nouns = new Map<string, string>();
	const seen = new Set<string>();
	const waiting = [page];
	for (let file = waiting.pop(); file; file = waiting.pop()) {
		if (seen.has(file)) continue;
		seen.add(file);
		const text = readFileSync(file, "utf8");
		for (const noun of said(text)) nouns.set(noun, path.relative(root, file));
		waiting.push(...imported(file, text));
	}
	return nouns;
}

const names = (list: string) => [...list.matchAll(/"(\w+)"/g)].map(([, noun]) => noun as string);

/** The routes of one file. Its nouns stand on the route's own line, or in a list that has a name. */
function routesIn(file: string) {
	const text = readFileSync(file, "utf8");
	const lists = new Map([...text.matchAll(/const (\w+) = (\[[^\]]*\]);/g)].map(([, name, list]) => [name, list]));
	const pages = new Map(
		[...text.matchAll(/const (\w+) = \(\) => import\("([^"]+)"\);/g)].map(([, name, page]) => [name, page]),
	);
	return [...text.matchAll(/\{\s*path: "([^"]+)"([^}]*)\}/g)].map(([, address, rest = ""]) => {
		const nouns = rest.match(/\bnouns(?:: (\[[^\]]*\]|\w+))?/);
		const list = nouns?.[1] ?? (nouns ? "nouns" : "[]");
		const page = rest.match(/import\("([^"]+)"\)/)?.[1] ?? pages.get(rest.match(/load: (\w+)/)?.[1] ?? "");
		return {
			address: address as string,
			nouns: names(lists.get(list) ?? list),
			page: path.resolve(path.dirname(file), page ?? ""),
		};
	});
}

const routes = readdirSync(root, { recursive: true, encoding: "utf8" })
	.filter((name) => name.endsWith("routes.ts") && name !== path.join("page", "routes.ts"))
	.flatMap((name) => routesIn(path.join(root, name)));

test("the routes and what they show are really read", () => {
	expect(routes.length).toBeGreaterThan(25);
	const [post] = routes.filter(({ address }) => address === "/posts/:id");
	expect([...saidBy(post?.page ?? "").keys()]).toEqual(expect.arrayContaining(["post", "check", "moderation", "page"]));
});

test.each(routes)("$address names what its page says", ({ nouns, page }) => {
	const missing = [...saidBy(page)].filter(([noun]) => noun !== "page" && !nouns.includes(noun));
	expect(missing).toEqual([]);
});
