import path from "node:path";
import { expect, test } from "vitest";
import { needed, spoken } from "../build/worker.js";
import { match } from "../src/page/match.js";
import { routes } from "../src/page/routes.js";

test("boot.js fetches the texts that the pages speak which are opened first", async () => {
	const said = await spoken(path.resolve(import.meta.dirname, ".."));
	for (const [name, address] of Object.entries({ room: "/communities/abc", post: "/posts/abc", home: "/" })) {
		const nouns = match(routes, address)?.route.nouns ?? [];
		expect([...nouns].sort(), name).toEqual([...(said[name] ?? [])].sort());
	}
});

test("a page brings all that it imports, and no slanted letters", () => {
	const manifest = {
		"index.html": { file: "assets/index.js", imports: ["_part"], css: ["assets/index.css"] },
		_part: {
			file: "assets/part.js",
			imports: ["index.html"],
			assets: ["assets/face-italic.woff2", "assets/face.woff2"],
		},
		"src/post/Thread.svelte": { file: "assets/Thread.js", imports: ["_part"] },
		"../hooks/messages/en/post.json": { file: "assets/post-en.js" },
		"../hooks/messages/en/posted.json": { file: "assets/posted-en.js" },
	};
	expect(needed(manifest, [], [])).toEqual([
		"/assets/face.woff2",
		"/assets/index.css",
		"/assets/index.js",
		"/assets/part.js",
	]);
	const page = needed(manifest, ["src/post/Thread.svelte"], ["post"]);
	expect(page).toContain("/assets/Thread.js");
	expect(page).toContain("/assets/post-en.js");
	expect(page).not.toContain("/assets/posted-en.js");
	expect(() => needed(manifest, ["src/gone.svelte"], [])).toThrow("src/gone.svelte");
});
