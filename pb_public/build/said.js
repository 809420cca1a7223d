import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/**
 * Every source of ours that stands with these: what is imported when somebody does something comes by itself later.
 * @param {string[]} roots
 * @returns {Set<string>}
 */
export function standing(roots) {
	/** @type {Set<string>} */
	const seen = new Set();
	const left = [...roots];
	for (let file = left.pop(); file; file = left.pop()) {
		if (seen.has(file)) continue;
		seen.add(file);
		for (const [, name = ""] of readFileSync(file, "utf8").matchAll(/(?:\bfrom|^\s*import)\s*"(\.{1,2}\/[^"]+)"/gm)) {
			const full = path.resolve(path.dirname(file), name);
			const found = [full, full.replace(/\.js$/, ".ts")].find((one) => /\.(?:svelte|ts)$/.test(one) && existsSync(one));
			if (found) left.push(found);
		}
	}
	return seen;
}

/**
 * Whether a source may say a key: it writes it, or a beginning and an end of it with something between them that it works out. Every
 * text in quotes counts, wherever it stands, so rather more is found than is said.
 * @param {Iterable<string>} files
 * @returns {(key: string) => boolean}
 */
export function saidIn(files) {
	/** @type {Set<string>} */
	const whole = new Set();
	/** @type {Map<string, [string, string]>} */
	const parts = new Map();
	for (const file of files) {
		const text = readFileSync(file, "utf8");
		for (const [, , one = ""] of text.matchAll(/(["'])([a-z]\w*\.[\w.]+)\1/g)) whole.add(one);
		for (const [, shape = ""] of text.matchAll(/`([a-z]\w*\.(?:[^`]|\$\{`)*)`/g)) {
			const [begin = "", ...rest] = shape.split(/\$\{[^}]*\}/);
			if (rest.length) parts.set(shape, [begin, rest.at(-1) ?? ""]);
			else whole.add(shape);
		}
	}
	return (key) =>
		whole.has(key) || [...parts.values()].some(([begin, end]) => key.startsWith(begin) && key.endsWith(end));
}
