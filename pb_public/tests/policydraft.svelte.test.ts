// A policy's draft while it is written: saved by itself, never over someone else's words, and kept while the page is rebuilt.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { here } from "../src/page/here.js";
import { PolicyDraft } from "../src/policy/manage/draft.svelte.js";
import type { Managed } from "../src/policy/manage/types.js";
import { readWork } from "../src/policy/manage/wire.js";

const policy = (): Managed => ({
	slug: "rules",
	kind: "policy",
	audience: "everyone",
	status: "posted",
	yearly: false,
	number: 1,
	posted: readWork({ texts: { en: { title: "Rules", body: "Posted." } } }),
	published: null,
	withdrawn: null,
	revision: 3,
	draft: null,
	offer: null,
	placeholders: {},
});
const answer = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });
const sent = vi.fn<(url: string, request: RequestInit) => Promise<Response>>();
const bodyOf = (n: number) => JSON.parse(String(sent.mock.calls[n]?.[1].body));

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

function write(draft: PolicyDraft, body: string) {
	draft.work.texts.en.body = body;
	draft.changed();
}

test("it saves a moment after the last key, on top of the revision it knows", async () => {
	sent.mockImplementation(async () => answer(200, { revision: 4, saved: "2026-11-22T06:00:00Z" }));
	const draft = new PolicyDraft("rules", policy());
	expect(draft.safety).toBe("empty");
	write(draft, "Mine");
	write(draft, "Mine, whole");
	expect(draft.safety).toBe("unsaved");
	await vi.advanceTimersByTimeAsync(1300);
	expect(sent).toHaveBeenCalledTimes(1);
	expect([bodyOf(0).revision, bodyOf(0).texts.en.body]).toEqual([3, "Mine, whole"]);
	expect([draft.safety, draft.revision, draft.differs]).toEqual(["saved", 4, true]);
});

test("someone else's save is shown beside one's own, and the choice goes on top of it", async () => {
	const params = {
		revision: 7,
		name: "Lucy",
		updated: "2026-11-22T06:00:00Z",
		open: true,
		texts: { en: { title: "Rules", body: "Theirs" } },
		checks: {},
		strip: {},
	};
	sent.mockImplementationOnce(async () =>
		answer(409, { data: { error: { code: "draft_changed_meanwhile", message: "…", params } } }),
	);
	const draft = new PolicyDraft("rules", policy());
	write(draft, "Mine");
	await vi.advanceTimersByTimeAsync(1300);
	expect(draft.conflict?.author).toBe("Lucy");
	expect([draft.work.texts.en.body, draft.conflict?.theirs.texts.en.body]).toEqual(["Mine", "Theirs"]);
	write(draft, "Mine, still writing");
	await vi.advanceTimersByTimeAsync(5000);
	expect(sent).toHaveBeenCalledTimes(1);
	sent.mockImplementation(async () => answer(200, { revision: 8, saved: "" }));
	const mine = $state.snapshot(draft.work);
	await draft.settle(mine, draft.conflict?.theirs.texts ?? mine.texts);
	expect(bodyOf(1).revision).toBe(7);
	expect([draft.safety, draft.aside?.en.body]).toEqual(["saved", "Theirs"]);
});

test("what could not be saved outlives the page around it", async () => {
	sent.mockImplementation(async () => answer(500, {}));
	const draft = new PolicyDraft("rules", policy());
	write(draft, "Not saved");
	await vi.advanceTimersByTimeAsync(1300);
	expect(draft.safety).toBe("here_only");
	draft.close();
	const again = new PolicyDraft("rules", policy());
	expect([again.work.texts.en.body, again.safety]).toEqual(["Not saved", "here_only"]);
	sent.mockImplementation(async () => answer(200, { revision: 4, saved: "" }));
	await again.save();
	expect(again.safety).toBe("saved");
});

test("a page that meets its own save of before is not told of another person", async () => {
	const params = {
		revision: 4,
		name: "Me",
		updated: "",
		open: true,
		texts: { en: { title: "Rules", summary: "", body: "Mine" } },
		checks: {},
		strip: {},
	};
	sent.mockImplementation(async () =>
		answer(409, { data: { error: { code: "draft_changed_meanwhile", message: "…", params } } }),
	);
	const draft = new PolicyDraft("rules", policy());
	write(draft, "Mine");
	await vi.advanceTimersByTimeAsync(1300);
	expect([draft.conflict, draft.safety, draft.revision]).toEqual([null, "saved", 4]);
});

test("what a release offers is taken over a draft only where it says what is posted", async () => {
	const taken = {
		texts: { en: { title: "Rules", body: "Newer." } },
		revision: 4,
		author: { name: "Lucy" },
		updated: "",
		base: 1,
	};
	sent.mockImplementation(async () =>
		answer(200, {
			slug: "rules",
			current: { number: 1, texts: { en: { title: "Rules", source: "Posted." } } },
			draft: taken,
			revision: 4,
		}),
	);
	const draft = new PolicyDraft("rules", policy());
	draft.work.yearly = true;
	expect([draft.differs, draft.reworded]).toEqual([true, false]);
	await draft.takeOver();
	expect([draft.work.texts.en.body, draft.revision, draft.aside, draft.reworded]).toEqual(["Newer.", 4, null, true]);
	write(draft, "Written while it was taken over.");
	await draft.takeOver();
	expect([draft.work.texts.en.body, draft.aside?.en.body]).toEqual(["Newer.", "Written while it was taken over."]);
});
