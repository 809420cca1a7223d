// An example case while it is written: saved by itself, never over someone else's words, and kept while the page is rebuilt.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Managed } from "../src/cases/cases.js";
import { CaseDraft } from "../src/cases/draft.svelte.js";
import { api } from "../src/page/api.js";
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
	expect(await draft.post(async () => one("Mine, whole", 2))).toBe(true);
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

test("what is written while the case is posted is not taken for posted: it goes on as a draft", async () => {
	saves(4);
	const draft = new CaseDraft(one("Posted"), "staff", none);
	write(draft, "Mine");
	await draft.save();
	let answered = (_: Managed) => {};
	const posted = draft.post((words, revision) => {
		expect([words.texts.en.title, revision]).toEqual(["Mine", 4]);
		return new Promise((resolve) => (answered = resolve));
	});
	await vi.advanceTimersByTimeAsync(0);
	write(draft, "Mine, and further");
	await vi.advanceTimersByTimeAsync(5000);
	expect(sent).toHaveBeenCalledTimes(1); // no save meets the case on its way
	answered(one("Mine", 2));
	expect(await posted).toBe(true);
	expect([draft.form.texts.en.title, draft.form.number, here.any]).toEqual(["Mine, and further", 2, true]);
	saves(6);
	await vi.advanceTimersByTimeAsync(1300);
	expect([bodyOf(1).revision, bodyOf(1).number, bodyOf(1).texts.en.title]).toEqual([0, 2, "Mine, and further"]);
	expect([draft.safety, here.any]).toEqual(["saved", false]);
	await draft.discard();
	expect(draft.form.texts.en.title).toBe("Mine");
});

test("words that were typed just before are not saved while the case is on its way", async () => {
	saves(4);
	const draft = new CaseDraft(one("Posted"), "staff", none);
	write(draft, "Mine");
	let answered = (_: Managed) => {};
	const posted = draft.post(() => new Promise((resolve) => (answered = resolve)));
	await vi.advanceTimersByTimeAsync(5000);
	answered(one("Mine", 2));
	await posted;
	await vi.advanceTimersByTimeAsync(5000);
	expect(sent).not.toHaveBeenCalled();
	expect([draft.safety, here.any]).toEqual(["empty", false]);
});

test("a case that meets this page's own draft is sent once more, on top of it", async () => {
	const draft = new CaseDraft(one("Posted"), "staff", none);
	write(draft, "Mine");
	const { number, ...own } = one("Mine");
	const params = { revision: 4, number, name: "I", updated: "", open: true, draft: own };
	const revisions: number[] = [];
	const done = await draft.post(async (_, revision) => {
		revisions.push(revision);
		if (revision === 4) return one("Mine", 2);
		sent.mockImplementationOnce(async () => refused(params));
		return api.put<Managed>("/manage/cases/phone", {});
	});
	expect([done, revisions, draft.safety, draft.conflict]).toEqual([true, [3, 4], "empty", null]);
});

test("a new case's further words are a draft of the case that it became", async () => {
	saves(1);
	const draft = new CaseDraft(undefined, "staff", { revision: 0, draft: null });
	write(draft, "Mine");
	await draft.post(async () => {
		write(draft, "Mine, and further");
		return one("Mine");
	});
	draft.close();
	await vi.advanceTimersByTimeAsync(0);
	expect(sent.mock.calls[0]?.[0]).toContain("/manage/cases/phone/draft");
	expect(bodyOf(0).texts.en.title).toBe("Mine, and further");
});

test("theirs taken over a text that was posted meanwhile: what is written on it is saved, also while the draft goes", async () => {
	const draft = new CaseDraft(one("Posted"), "staff", none);
	saves(4);
	write(draft, "Mine");
	await draft.save();
	sent.mockImplementationOnce(async () =>
		answer(409, {
			data: { error: { code: "case_changed_meanwhile", message: "…", params: { case: one("Theirs", 2) } } },
		}),
	);
	expect(await draft.post(() => api.put<Managed>("/manage/cases/phone", {}))).toBe(false);
	expect(draft.conflict?.kind).toBe("posted");
	let dropped = (_: Response) => {};
	sent.mockImplementationOnce(() => new Promise((resolve) => (dropped = resolve)));
	const taken = draft.take();
	expect(draft.safety).toBe("empty");
	await vi.advanceTimersByTimeAsync(0);
	expect(sent.mock.calls[2]?.[0]).toContain("draft?revision=4");
	write(draft, "Theirs, mended");
	await vi.advanceTimersByTimeAsync(5000);
	expect(sent).toHaveBeenCalledTimes(3);
	saves(6);
	dropped(answer(204, null));
	await taken;
	await vi.advanceTimersByTimeAsync(1300);
	expect([bodyOf(3).revision, bodyOf(3).texts.en.title]).toEqual([0, "Theirs, mended"]);
	expect([draft.safety, draft.conflict, here.any]).toEqual(["saved", null, false]);
});
