import { expect, test } from "vitest";
import { type Entry, fill } from "../src/page/phrase.js";

test("parameters are filled in, and what is missing leaves no braces", () => {
	expect(fill("Call {{.phone}} now", "en", { phone: "555" })).toBe("Call 555 now");
	expect(fill("Call {{ .phone }}", "en")).toBe("Call ");
	expect(fill("{{.a}}{{.a}}", "en", { a: "$&" })).toBe("$&$&");
	expect(fill("by {{.name}}, {{.count}} answers", "en", { name: "مريم 🌻", count: 3 })).toBe(
		"by \u2068مريم 🌻\u2069, 3 answers",
	);
});

const left: Entry = { one: "{{.count}} minute", other: "{{.count}} minutes" };

test.each([
	[0, "en", "0 minutes"],
	[1, "en", "1 minute"],
	[2, "en", "2 minutes"],
	[1234, "en", "1,234 minutes"],
	[1, "es", "1 minute"],
	[0, "es", "0 minutes"],
	// Spanish has a third plural for a million; where the catalogue has none, "other" serves.
	[1_000_000, "es", "1.000.000 minutes"],
])("%d in %s is %s", (count, language, text) => {
	expect(fill(left, language, { count })).toBe(text);
});
