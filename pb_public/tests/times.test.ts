import { expect, test } from "vitest";
import { exactly, words } from "../src/page/times.svelte.js";

const today = new Date(2027, 2, 15, 12, 0, 0);
const ago = (seconds: number) => new Date(today.getTime() - seconds * 1000);

test.each([
	[5, "en", "now"],
	[59, "en", "now"],
	[180, "en", "3 minutes ago"],
	[7_300, "en", "2 hours ago"],
	[86_400, "en", "yesterday"],
	[3 * 86_400, "en", "3 days ago"],
	[8 * 86_400, "en", "March 7"],
	[180, "es", "hace 3 minutos"],
	[86_400, "es", "ayer"],
	[8 * 86_400, "es", "7 de marzo"],
])("%d seconds ago in %s: %s", (seconds, language, text) => {
	expect(words(ago(seconds), today, language)).toBe(text);
});

test("another year says so", () => {
	expect(words(new Date(2026, 10, 2), today, "en")).toBe("November 2, 2026");
});

test("the exact time has the weekday", () => {
	expect(exactly(today, "en")).toContain("Monday, March 15, 2027");
});
