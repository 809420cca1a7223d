import { expect, test } from "vitest";
import { Clock } from "../src/page/idle.js";

const MINUTE = 60_000;
const NOW = Date.parse("2027-03-01T09:00:00Z");

function clock(idleMinutes = 15, hours = 12) {
	const made = new Clock();
	const expires = new Date(NOW + hours * 60 * MINUTE).toISOString();
	made.start({ idle_seconds: idleMinutes * 60, idle_seconds_left: idleMinutes * 60, warn_seconds: 120, expires }, NOW);
	return made;
}

test("warns two minutes before, and not sooner", () => {
	const c = clock();
	expect(c.stage(NOW + 13 * MINUTE - 1)).toBeNull();
	expect(c.stage(NOW + 13 * MINUTE)).toBe("idle");
	expect(c.left(NOW + 15 * MINUTE)).toBe(0);
});

test("activity takes the warning back", () => {
	const c = clock();
	c.touched(NOW + 14 * MINUTE);
	expect(c.stage(NOW + 14 * MINUTE)).toBeNull();
	expect(c.left(NOW + 14 * MINUTE)).toBe(15 * MINUTE);
});

test("another tab was active: the server says how much is left", () => {
	const c = clock();
	c.correct(600, NOW + 13 * MINUTE);
	expect(c.stage(NOW + 13 * MINUTE)).toBeNull();
});

test("the longest life of a session ends it whatever is done", () => {
	const c = clock(15, 1);
	c.touched(NOW + 58 * MINUTE);
	expect(c.stage(NOW + 58 * MINUTE)).toBe("over");
	expect(c.left(NOW + 60 * MINUTE)).toBe(0);
});

test("a very short idle time is not all warning", () => {
	const c = clock(1);
	expect(c.stage(NOW + 29_000)).toBeNull();
	expect(c.stage(NOW + 30_000)).toBe("idle");
});

test("someone who reads and scrolls keeps the session, at most once a minute", () => {
	const c = clock();
	expect(c.mayKeep(NOW + 59_000)).toBe(false);
	expect(c.mayKeep(NOW + 61_000)).toBe(true);
	c.touched(NOW + 61_000);
	expect(c.mayKeep(NOW + 62_000)).toBe(false);
});
