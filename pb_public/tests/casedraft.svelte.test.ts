// An example case while it is written: saved by itself, never over someone else's words, and kept while the page is rebuilt.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Managed } from "../src/cases/cases.js";
import { CaseDraft } from "../src/cases/draft.svelte.js";
import { here } from "../src/page/here.js";

const text = (title: string) => ({ title, situation: "It rings.", choices: [] });
const one = (title: string, number = 1): Managed => ({
	slug: "phone",
	policy: "staff",
	roles: ["staff"],
	clause: "quiet",
	position: 1,
	texts: { en: text(title) },
	status: "posted",
	shipped: false,
	number,
	changed: "",
	done: 0,
	concerned: 0,
});
const none = { revision: 3, draft: null };
const answer = (status: number, body: unknown) =>
	new Response(status === 204 ? null : JSON.stringify(body), { status });
const refused = (params: Record<string, unknown>) =>
	answer(409, { data: { error: { code: "case_draft_changed", message: "…", params } } });
const sent = vi.fn<(url: string, request: RequestInit) => Promise<Response>>();
const bodyOf = (n: number) => JSON.parse(String(sent.mock.calls[n]?.[1].body));
const saves = (revision: number) =>
	sent.mockImplementation(async () => answer(200, { revision, saved: "2026-11-22T06:00:00Z" }));

beforeEach(() => {
	vi.useFakeTimers();
	sent.mockReset();
	vi.stubGlobal("fetch", sent);
});
afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
	here.forget();
});

function write(draft: CaseDraft, title: string) {
	draft.form.texts.en.title = title;
	draft.changed();
}

test("it saves a moment after the last key, on top of the revision it knows, and not without a change", async () => {
	saves(4);
	const draft = new CaseDraft(one("Posted"), "staff", none);
	draft.changed();
	expect(draft.safety).toBe("empty");
	write(draft, "Mine");
	write(draft, "Mine, whole");
	expect([draft.safety, here.any]).toEqual(["unsaved", true]);
	await vi.advanceTimersByTimeAsync(1300);
	expect(sent).toHaveBeenCalledTimes(1);
	expect(sent.mock.calls[0]?.[0]).toContain("/manage/cases/phone/draft");
	expect([bodyOf(0).revision, bodyOf(0).number, bodyOf(0).texts.en.title]).toEqual([3, 1, "Mine, whole"]);
	expect([draft.safety, draft.revision, here.any]).toEqual(["saved", 4, false]);
	draft.done(one("Mine, whole", 2));
	draft.changed();
	expect([draft.safety, draft.form.number, draft.revision]).toEqual(["empty", 2, 0]);
});

test("what waits is found again, with whose it is", () => {
	const author = { id: "l", name: "Lucy" } as never;
	const { texts, ...rest } = one("Begun");
	const draft = new CaseDraft(one("Posted"), "staff", {
		revision: 5,
		draft: {
			...rest,
			texts: { en: { ...text("Begun"), choices: null as never } },
			number: 1,
			revision: 5,
			author,
			updated: "",
		},
	});
	expect(texts.en?.title).toBe("Begun");
	expect([draft.form.texts.en.title, draft.form.texts.en.choices, draft.safety, draft.author]).toEqual([
		"Begun",
		[],
		"saved",
		"Lucy",
	]);
});

test("someone else's draft is shown beside one's own words, and these go on top of it", async () => {
	const { number, ...words } = one("Theirs", 2);
	sent.mockImplementationOnce(async () =>
		refused({ revision: 7, number, name: "Lucy", updated: "", open: true, draft: words }),
	);
	const draft = new CaseDraft(one("Posted"), "staff", none);
	write(draft, "Mine");
	await vi.advanceTimersByTimeAsync(1300);
	expect([draft.conflict?.kind, draft.conflict?.name, draft.conflict?.theirs.texts.en.title]).toEqual([
		"draft",
		"Lucy",
		"Theirs",
	]);
	write(draft, "Mine, still writing");
	await vi.advanceTimersByTimeAsync(5000);
	expect(sent).toHaveBeenCalledTimes(1);
	saves(8);
	await draft.over();
	expect([bodyOf(1).revision, bodyOf(1).number, bodyOf(1).texts.en.title]).toEqual([7, 2, "Mine, still writing"]);
	expect([draft.conflict, draft.safety]).toEqual([null, "saved"]);
});

test("a draft that ended meanwhile is met by what is posted now; taken, nothing waits", async () => {
	sent.mockImplementationOnce(async () =>
		refused({ revision: 9, number: 0, name: "Lucy", updated: "", open: false, draft: {} }),
	);
	sent.mockImplementationOnce(async () => answer(200, one("Posted since", 2)));
	const draft = new CaseDraft(one("Posted"), "staff", none);
	write(draft, "Mine");
	await vi.advanceTimersByTimeAsync(1300);
	expect([draft.conflict?.kind, draft.conflict?.theirs.texts.en.title]).toEqual(["ended", "Posted since"]);
	await draft.take();
	draft.changed();
	await vi.advanceTimersByTimeAsync(5000);
	expect(sent).toHaveBeenCalledTimes(2);
	expect([draft.safety, draft.form.number, draft.form.texts.en.title, here.any]).toEqual([
		"empty",
		2,
		"Posted since",
		false,
	]);
});

test("a new one whose draft ended elsewhere goes on by itself", async () => {
	sent.mockImplementationOnce(async () =>
		refused({ revision: 9, number: 0, name: "I", updated: "", open: false, draft: {} }),
	);
	const draft = new CaseDraft(undefined, "staff", none);
	write(draft, "Mine");
	await vi.advanceTimersByTimeAsync(1300);
	expect(draft.conflict).toBeNull();
	saves(10);
	await vi.advanceTimersByTimeAsync(1300);
	expect([bodyOf(1).revision, bodyOf(1).policy, draft.safety]).toEqual([9, "staff", "saved"]);
});

test("words that could not be saved are there when the page around them is built anew", async () => {
	sent.mockImplementation(async () => answer(503, { message: "…" }));
	const draft = new CaseDraft(one("Posted"), "staff", none);
	write(draft, "Mine");
	await vi.advanceTimersByTimeAsync(1300);
	expect(draft.safety).toBe("here_only");
	const again = new CaseDraft(one("Posted"), "staff", none);
	expect([again.form.texts.en.title, again.safety, again.revision]).toEqual(["Mine", "here_only", 3]);
});
