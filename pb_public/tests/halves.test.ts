// The page of a community stands with the first half of its texts: whatever its sources say must be in it.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { saidIn, standing } from "../build/said.js";
import { halved, STANDING } from "../build/two-halves.js";

const root = path.resolve(import.meta.dirname, "..");
const catalogue = path.resolve(root, "../hooks/messages/en");
const keys = readdirSync(catalogue).flatMap((file) =>
	Object.keys(JSON.parse(readFileSync(path.join(catalogue, file), "utf8"))).map((key) => [key, file] as const),
);
const files = standing(STANDING.map((name) => path.join(root, name)));
const said = saidIn(files);

test("what stands on the page is found, and what comes later is not", () => {
	const names = [...files].map((file) => path.relative(root, file));
	expect(names).toEqual(expect.arrayContaining(["src/post/PostCard.svelte", "src/parts/AccountMenu.svelte"]));
	expect(names).not.toContain("src/post/Composer.svelte");
	expect(names).not.toContain("src/community/Leave.svelte");
});

test("a page that comes soon is among what stands", () => {
	const root = path.resolve(import.meta.dirname, "../src");
	const lists = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith("routes.ts"));
	const pages = lists.flatMap((name) =>
		[...readFileSync(path.join(root, name), "utf8").matchAll(/soon: true,\s*load: \(\) => import\("([^"]+)"\)/g)].map(
			([, page = ""]) => path.resolve(path.dirname(path.join(root, name)), page),
		),
	);
	expect(pages).toHaveLength(2);
	for (const page of pages) expect(files).toContain(page);
});

test("all that stands is in the first half, and most is not", () => {
	const missing: string[] = [];
	for (const file of files) {
		for (const [, quoted, shape] of readFileSync(file, "utf8").matchAll(/\bt\(\s*(?:["']([^"']+)["']|`([^`]+)`)/g)) {
			const [begin = "", ...rest] = (quoted ?? shape ?? "").split(/\$\{[^}]*\}/);
			const asked = keys.filter(([key]) => (rest.length ? key.startsWith(begin) : key === begin)).map(([key]) => key);
			missing.push(...asked.filter((key) => key.endsWith(rest.at(-1) ?? "") && !said(key)));
		}
	}
	expect(missing).toEqual([]);
	const nouns = halved(root);
	const all = keys.filter(([, file]) => nouns.has(file.replace(".json", "")));
	expect(all.length).toBeGreaterThan(400);
	expect(all.filter(([key]) => said(key)).length).toBeLessThan(all.length / 2);
});

test("what comes to such a page later waits for the rest of what it says", () => {
	const bare = [...files]
		.filter((file) => !file.endsWith("routes.ts"))
		.flatMap((file) =>
			[...readFileSync(file, "utf8").matchAll(/(?<!part\(|typeof )\bimport\("[^"]+\.svelte"\)(?!\.catch)/g)].map(
				([found]) => `${path.relative(root, file)}: ${found}`,
			),
		);
	expect(bare).toEqual([]);
	const list = /messages\/\*\/\{([\w,]+)\}/.exec(readFileSync(path.join(root, "src/page/messages.svelte.ts"), "utf8"));
	expect(list?.[1]?.split(",").sort()).toEqual([...halved(root)].sort());
});

test("a key is found wherever a source writes it, alone or with a part to be worked out", () => {
	const folder = mkdtempSync(path.join(tmpdir(), "halves-"));
	const file = path.join(folder, "source.ts");
	writeFileSync(
		file,
		`const key = \`post.view.\${view}\`; const other = many ? "post.all" : 'post.one'; t(\`post.whole\`);`,
	);
	const found = saidIn([file]);
	rmSync(folder, { recursive: true });
	expect(["post.view.newest", "post.all", "post.one", "post.whole"].filter(found)).toHaveLength(4);
	expect(["post.views", "post.two", "post.wholes"].filter(found)).toEqual([]);
});
