// The contrasts that tokens.css promises, measured from the file itself by WCAG 2.2's formula.

import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { accents, contrast, fromHex, type Oklch } from "../src/page/colour.js";

const sheet = readFileSync(path.resolve(import.meta.dirname, "../src/styles/tokens.css"), "utf8");

function tokens(block: string): Record<string, Oklch> {
	const found: Record<string, Oklch> = {};
	const shape = /--([\w-]+):\s*(?:var\(--accent-\w+,\s*)?oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)/g;
	for (const [, name, l, c, h] of block.matchAll(shape))
		found[name as string] = { l: Number(l), c: Number(c), h: Number(h) };
	const share = Number(/--accent-wash:.*var\(--accent\) (\d+)%/.exec(block)?.[1]) / 100;
	const { accent, surface } = found as { accent: Oklch; surface: Oklch };
	found["accent-wash"] = {
		l: accent.l * share + surface.l * (1 - share),
		c: accent.c * share + surface.c * (1 - share),
		h: accent.h,
	};
	return found;
}

const light = tokens(/\/\* Light[\s\S]*?\n}/.exec(sheet)?.[0] ?? "");
const dark = tokens(/:root\[data-theme="dark"\][\s\S]*?\n}/.exec(sheet)?.[0] ?? "");
const GROUNDS = ["paper", "surface", "sunk", "accent-wash"];
const TEXT: [string, string[]][] = [
	["ink", [...GROUNDS, "danger-wash", "good-wash", "care-wash"]],
	["ink-soft", GROUNDS],
	["accent", GROUNDS],
	["accent-ink", ["accent"]],
	["danger", ["paper", "surface", "danger-wash"]],
	["danger-ink", ["danger"]],
	["good", ["paper", "surface", "good-wash"]],
	["care", ["paper", "surface", "care-wash"]],
	["provider", ["provider-wash", "surface"]],
];

describe.each([
	["light", light],
	["dark", dark],
])("%s", (_, theme) => {
	const between = (a: string, b: string) => contrast(theme[a] as Oklch, theme[b] as Oklch);

	test.each(TEXT)("%s can be read on its grounds", (ink, grounds) => {
		for (const ground of grounds) expect(between(ink, ground), ground).toBeGreaterThanOrEqual(4.5);
	});

	test("the outline of a control stands off from its grounds", () => {
		for (const ground of ["paper", "surface", "sunk"])
			expect(between("line-strong", ground), ground).toBeGreaterThanOrEqual(3);
	});
});

test("the formulas agree with known values", () => {
	const black = fromHex("#000000") as Oklch;
	const white = fromHex("#ffffff") as Oklch;
	expect(contrast(black, white)).toBeCloseTo(21, 1);
	expect(contrast(fromHex("#767676") as Oklch, white)).toBeCloseTo(4.54, 1);
	expect(fromHex("red")).toBeNull();
});

test("whatever accent a practice chooses, words in it and on it can be read by day and by night", () => {
	for (let i = 0; i < 512; i++) {
		const part = (n: number) =>
			Math.round((n * 255) / 7)
				.toString(16)
				.padStart(2, "0");
		const hex = `#${part(i & 7)}${part((i >> 3) & 7)}${part(i >> 6)}`;
		const { day, night } = accents(fromHex(hex) as Oklch);
		for (const ground of ["paper", "surface", "sunk", "accent-ink"]) {
			expect(contrast(day, light[ground] as Oklch), `${hex} by day on ${ground}`).toBeGreaterThanOrEqual(4.5);
			expect(contrast(night, dark[ground] as Oklch), `${hex} by night on ${ground}`).toBeGreaterThanOrEqual(4.5);
		}
	}
});
