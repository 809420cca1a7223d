import { expect, test } from "vitest";
import type { Community } from "../src/community/community.js";
import { greeting, liveliest, nextStep } from "../src/home/home.js";
import type { Me } from "../src/page/types.js";

const now = new Date("2026-03-10T12:00:00Z");
const me = (role: Me["role"], more: Partial<Me> = {}) =>
	({ role, owes: [], rights: [], communities: [], ...more }) as unknown as Me;
const room = (id: string, last_post: string, can_post = true) =>
	({ id, name: `Room ${id}`, last_post, can_post, posts: last_post ? 3 : 0 }) as Community;
const known = (viewer: Me, more = {}) => ({ me: viewer, communities: [], drafts: [], proposed: 0, now, ...more });

test("what is owed comes first, with its date while that is still to come", () => {
	const owes = (due: string | null) => [{ kind: "policy", slug: "privacy", version: 2, due, blocks: "write" as const }];
	const draft = { place: "post:p1", title: "", body: "words" };
	const step = (due: string | null) => nextStep(known(me("patient", { owes: owes(due) }), { drafts: [draft] }));
	expect(step("2026-04-01T00:00:00Z")).toMatchObject({ kind: "policy", due: "2026-04-01T00:00:00Z" });
	expect(step("2026-03-01T00:00:00Z")).toMatchObject({ kind: "policy", due: null });
	expect(step(null)).toMatchObject({ kind: "policy", due: null });
});

test("what was begun goes on where it was begun", () => {
	const drafts = [
		{ place: "comment-edit:c1", title: "", body: "an edit" },
		{ place: "community:closed", title: "", body: "nowhere to go" },
		{ place: "community:a", title: "", body: "## On\n- [ ] half <a> **sentence**" },
	];
	const communities = [room("a", "2026-03-10T11:00:00Z"), room("closed", "", false)];
	expect(nextStep(known(me("patient"), { drafts, communities }))).toEqual({
		kind: "draft",
		href: "/communities/a?write=1",
		words: "On half <a> sentence",
	});
	const edit = [{ place: "post-edit:p1", title: "Better", body: "words" }];
	expect(nextStep(known(me("patient"), { drafts: edit }))).toEqual({
		kind: "draft",
		href: "/posts/p1",
		words: "Better",
	});
});

test("a provider is told who waits; a patient is invited to break a silence", () => {
	expect(nextStep(known(me("provider"), { proposed: 2 }))).toMatchObject({ kind: "approve", count: 2 });
	expect(nextStep(known(me("staff"), { proposed: 2 }))).toBeUndefined();
	const quiet = [room("a", "2026-03-08T00:00:00Z"), room("b", "2026-03-09T00:00:00Z"), room("c", "", false)];
	expect(nextStep(known(me("patient"), { communities: quiet }))).toMatchObject({ kind: "quiet", name: "Room b" });
	expect(nextStep(known(me("outside"), { communities: quiet }))).toBeUndefined();
	const lively = [...quiet, room("d", "2026-03-10T10:00:00Z")];
	expect(nextStep(known(me("patient"), { communities: lively }))).toBeUndefined();
	expect(nextStep(known(me("patient"), { communities: [room("new", "")] }))).toMatchObject({
		kind: "quiet",
		name: "Room new",
	});
	expect(nextStep(known(me("patient")))).toBeUndefined();
});

test("greetings follow the hour", () => {
	expect([3, 4, 11, 12, 18, 19, 23].map(greeting).join(" ")).toBe(
		"evening morning morning afternoon afternoon evening evening",
	);
});

test("the liveliest communities are those written in last", () => {
	const rooms = [room("a", "2026-01-01"), room("b", "2026-03-01"), room("c", ""), room("d", "2026-02-01")];
	expect(liveliest(rooms, 2).map(({ id }) => id)).toEqual(["b", "d"]);
});
