import { readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";

/**
 * Puts texts of the message catalogue into what no page writes: index.html (its noscript part), offline.html, and push.js,
 * which the service worker runs. A place is written {{es:page.offline_file.title}}: language, noun, rest of the key.
 * @param {string} messages folder of the catalogue
 * @returns {import("vite").Plugin}
 */
export function catalogueInHtml(messages) {
	let out = "dist";
	return {
		name: "kinward:catalogue-in-html",
		configResolved(config) {
			out = path.resolve(config.root, config.build.outDir);
		},
		transformIndexHtml: { order: "pre", handler: (html) => fill(html, messages) },
		async writeBundle() {
			for (const name of ["offline.html", "push.js"]) {
				const file = path.join(out, name);
				await writeFile(file, fill(await readFile(file, "utf8"), messages));
			}
		},
	};
}

/**
 * @param {string} html
 * @param {string} messages
 */
export function fill(html, messages) {
	return html.replace(/\{\{(\w\w):((\w+)\.[\w.]+)\}\}/g, (_, language, key, noun) => {
		const text = JSON.parse(readFileSync(path.join(messages, language, `${noun}.json`), "utf8"))[key];
		if (typeof text !== "string") throw new Error(`no message ${key} in ${language}`);
		return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
	});
}
