// Both languages say everything, every key that a page asks for is there, and no text stands in a component.

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "svelte/compiler";
import { expect, test } from "vitest";
import type { Entry } from "../src/page/phrase.js";

const root = path.resolve(import.meta.dirname, "..");
const catalogue = path.resolve(root, "../hooks/messages");
const read = (language: string, file: string): Record<string, Entry> =>
	JSON.parse(readFileSync(path.join(catalogue, language, file), "utf8"));
const files = (language: string) => readdirSync(path.join(catalogue, language)).sort();
const parameters = (entry: Entry) =>
	[
		...new Set(
			(typeof entry === "string" ? [entry] : Object.values(entry)).flatMap(
				(text) => text.match(/\.\w+(?=\s*\}\})/g) ?? [],
			),
		),
	].sort();

const sources = readdirSync(path.join(root, "src"), { recursive: true, encoding: "utf8" })
	.filter((name) => /\.(?:svelte|ts)$/.test(name))
	.map((name) => ({ name, text: readFileSync(path.join(root, "src", name), "utf8") }));
const english = new Set(files("en").flatMap((file) => Object.keys(read("en", file))));

test("the sources and the catalogue are really read", () => {
	expect(sources.length).toBeGreaterThan(30);
	expect(english.size).toBeGreaterThan(80);
});

test("both languages have the same files, keys, plurals and parameters", () => {
	expect(files("es")).toEqual(files("en"));
	for (const file of files("en")) {
		const [en, es] = [read("en", file), read("es", file)];
		expect(Object.keys(es).sort(), file).toEqual(Object.keys(en).sort());
		for (const [key, entry] of Object.entries(en)) {
			const other = es[key] as Entry;
			expect(typeof other, `${file} ${key}`).toBe(typeof entry);
			// A singular may leave the figure out: compare what the plural says.
			const plural = (e: Entry) => parameters(typeof e === "string" ? e : e.other);
			expect(plural(other), `${file} ${key}`).toEqual(plural(entry));
			if (typeof entry !== "string") expect(entry, `${file} ${key}`).toHaveProperty("other");
		}
	}
});

test("every key that a page asks for is in the catalogue", () => {
	const missing: string[] = [];
	for (const { name, text } of sources) {
		for (const [, key] of text.matchAll(/\bt\(\s*["']([^"']+)["']/g)) {
			if (!english.has(key as string)) missing.push(`${name}: ${key}`);
		}
		// t(`page.role.${role}`): at least one key begins and ends so.
		for (const [, shape] of text.matchAll(/\bt\(\s*`([^`]+)`/g)) {
			const [begin = "", ...rest] = (shape as string).split(/\$\{[^}]*\}/);
			const end = rest.at(-1) ?? "";
			if (!begin.includes(".") || ![...english].some((key) => key.startsWith(begin) && key.endsWith(end))) {
				missing.push(`${name}: ${shape}`);
			}
		}
	}
	expect(missing).toEqual([]);
});

/** Nobody becomes an outside doctor, or ceases to be one, by an invitation to an account that is there. */
const NEVER_OUTSIDE = ["invitation.join.change_from.", "invitation.join.change."];

test("what a page says of each role it says of every role", () => {
	const missing: string[] = [];
	for (const { name, text } of sources) {
		for (const [, begin = "", end = ""] of text.matchAll(/`([\w.]*\.)\$\{[^}`]*\}([\w.]*)`/g)) {
			const has = (role: string) => english.has(begin + role + end);
			if (!["provider", "staff", "patient", "caregiver"].every(has) || NEVER_OUTSIDE.includes(begin)) continue;
			if (!has("outside")) missing.push(`${name}: ${begin}outside${end}`);
		}
	}
	expect(missing).toEqual([]);
});

// biome-ignore lint/suspicious/noExplicitAny: the compiler's tree has a type for each of its hundred nodes
type Node = any;
const SPOKEN = new Set(["title", "alt", "placeholder", "label", "aria-label", "aria-description", "aria-valuetext"]);
const letters = /\p{L}{2}/u;

/** Every piece of text that a component would show: between tags, and in the attributes that are read out. */
function texts(node: Node, found: string[] = []): string[] {
	if (!node || typeof node !== "object") return found;
	if (Array.isArray(node)) {
		for (const one of node) texts(one, found);
		return found;
	}
	if (node.type === "Text" && letters.test(node.data)) found.push(node.data.trim());
	for (const [name, value] of Object.entries(node)) {
		if (name === "attributes") {
			for (const attribute of value as Node[]) if (SPOKEN.has(attribute.name)) texts(attribute.value, found);
		} else if (!["css", "instance", "module", "expression"].includes(name)) texts(value, found);
	}
	return found;
}

test("no text stands in a component", () => {
	expect(texts(parse('<p title="Hello">{t("x")}</p>', { modern: true }).fragment)).toEqual(["Hello"]);
	for (const { name, text } of sources.filter((source) => source.name.endsWith(".svelte"))) {
		expect(texts(parse(text, { modern: true }).fragment), name).toEqual([]);
	}
});
