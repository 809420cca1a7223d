// One line above the words, and which one it is.

import { flushSync, mount, unmount } from "svelte";
import { afterEach, expect, test, vi } from "vitest";
import Strip from "../src/check/Strip.svelte";
import { beside, lineFor } from "../src/check/strip.js";
import { need } from "../src/page/messages.svelte.js";
import { practice } from "../src/page/practice.svelte.js";
import type { PostedPolicy } from "../src/page/types.js";

const policy = (slug: string, audience: PostedPolicy["audience"], strip: PostedPolicy["strip"] = {}): PostedPolicy => ({
	slug,
	title: slug.toUpperCase(),
	version: 1,
	audience,
	strip,
});
afterEach(() => {
	vi.restoreAllMocks();
	document.body.replaceChildren();
});

test("of several lines one is shown: of the policy for these writers alone, else of the one that is listed first", () => {
	const [rules, urgent] = [
		policy("rules", "everyone", { staff: "A", patients: "B" }),
		policy("urgent", "everyone", { patients: "C" }),
	];
	const staff = policy("staff", "staff", { staff: "D" });
	expect(lineFor([rules, urgent, staff], "staff")).toEqual({ slug: "staff", title: "STAFF", line: "D" });
	expect(lineFor([rules, urgent, staff], "patients")?.line).toBe("B");
	expect(lineFor([urgent, rules], "patients")?.line).toBe("C");
	expect(lineFor([policy("blank", "staff", { staff: "  " }), rules], "staff")?.line).toBe("A");
	expect(lineFor([urgent], "staff")).toBeUndefined();
});

test("an editor is told where a line stays behind another, or takes its place", () => {
	const posted = [
		policy("rules", "everyone"),
		policy("urgent", "everyone", { patients: "C" }),
		policy("staff", "staff", { staff: "D" }),
	];
	const draft = (slug: string, audience: PostedPolicy["audience"], strip: PostedPolicy["strip"]) => ({
		slug,
		audience,
		strip,
	});
	expect(beside(posted, draft("rules", "everyone", { staff: "Mine" }), "staff")).toEqual({
		hidden: true,
		other: "STAFF",
	});
	expect(beside(posted, draft("rules", "everyone", { patients: "Mine" }), "patients")).toEqual({
		hidden: false,
		other: "URGENT",
	});
	expect(beside(posted, draft("new", "everyone", { patients: "Mine" }), "patients")).toEqual({
		hidden: true,
		other: "URGENT",
	});
	expect(beside(posted, draft("new", "patients", { patients: "Mine" }), "patients")).toEqual({
		hidden: false,
		other: "URGENT",
	});
	expect(beside(posted, draft("urgent", "everyone", { patients: "Mine" }), "patients")).toBeUndefined();
	expect(beside(posted, draft("rules", "everyone", { staff: " " }), "staff")).toBeUndefined();
});

test("two policies with a line give one line while writing", async () => {
	await need(["check"]);
	vi.spyOn(practice, "now", "get").mockReturnValue({
		policies: [policy("rules", "everyone", { patients: "B" }), policy("urgent", "everyone", { patients: "C" })],
	} as never);
	const shown = mount(Strip, { target: document.body });
	flushSync();
	expect([...document.querySelectorAll(".strip")].map((one) => one.textContent?.trim().slice(0, 1))).toEqual(["B"]);
	void unmount(shown);
});
