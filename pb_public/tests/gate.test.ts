import { describe, expect, test } from "vitest";
import { decide, safePath } from "../src/page/gate.js";
import { match } from "../src/page/match.js";
import type { Access } from "../src/page/router.svelte.js";
import type { Me, Owed, Role } from "../src/page/types.js";

const owing = (blocks: Owed["blocks"]): Owed[] => [{ kind: "policy", slug: "privacy", version: 1, due: null, blocks }];
const me = (role: Role, rights: Me["rights"] = [], owes: Owed[] = []) => ({ role, rights, owes }) as Me;
const route = (path: string, access: Access) => ({ path, access });
const go = (access: Access, who: Me | null) => decide(route("/somewhere", access), "/somewhere", who, true);

describe("who may open which page", () => {
	const patient = me("patient");
	const provider = me("provider");
	const staff = me("staff");
	const admin = me("staff", ["admin"]);
	const outside = me("outside");
	test.each<[Access, Me | null, string | undefined]>([
		["anyone", null, undefined],
		["anyone", patient, undefined],
		["member", null, "/sign-in?next=%2Fsomewhere"],
		["member", patient, undefined],
		["works", patient, "/not-allowed"],
		["works", staff, undefined],
		["provider", staff, "/not-allowed"],
		["provider", provider, undefined],
		["member", outside, undefined],
		["works", outside, "/not-allowed"],
		["provider", outside, "/not-allowed"],
		["desk", { ...outside, communities: [{ id: "a", name: "A", lead: false }] }, "/not-allowed"],
		["admin", outside, "/not-allowed"],
		["policies", outside, "/not-allowed"],
		["admin", provider, "/not-allowed"],
		["admin", admin, undefined],
		["member", me("patient", [], owing("all")), "/acknowledge?next=%2Fsomewhere"],
		["member", me("patient", [], owing("write")), undefined],
		["works", me("provider", [], owing("all")), "/acknowledge?next=%2Fsomewhere"],
		["signed-in", me("patient", [], owing("all")), undefined],
	])("%s", (access, who, instead) => {
		expect(go(access, who)).toBe(instead);
	});
});

test("home needs no way back", () => {
	expect(decide(route("/", "member"), "/", null, true)).toBe("/sign-in");
});

test("a member who opens the sign-in page goes on to where they wanted", () => {
	const signIn = route("/sign-in", "anyone");
	expect(decide(signIn, "/sign-in?next=%2Fposts%2F1", me("patient"), true)).toBe("/posts/1");
	expect(decide(signIn, "/sign-in", null, true)).toBeUndefined();
});

test("before the set-up every page but the policies leads to it", () => {
	expect(decide(route("/sign-in", "anyone"), "/sign-in", null, false)).toBe("/setup");
	expect(decide(route("/setup", "anyone"), "/setup", null, false)).toBeUndefined();
	expect(decide(route("/policies/:slug", "anyone"), "/policies/privacy", null, false)).toBeUndefined();
});

test.each([
	["/posts/1?after=x", "/posts/1?after=x"],
	["//evil.example", "/"],
	["/\\evil.example", "/"],
	["https://evil.example", "/"],
	["javascript:alert(1)", "/"],
	["", "/"],
	[null, "/"],
])("a way back never leaves this site: %s", (next, safe) => {
	expect(safePath(next)).toBe(safe);
});

test("addresses find their page", () => {
	const routes = [{ path: "/" }, { path: "/policies/:slug" }, { path: "/policies/:slug/versions/:number" }];
	expect(match(routes, "/")?.route.path).toBe("/");
	expect(match(routes, "/policies/a%20b/")?.params).toEqual({ slug: "a b" });
	expect(match(routes, "/policies/a/versions/2")?.params).toEqual({ slug: "a", number: "2" });
	expect(match(routes, "/policies/%E0%A4%A")?.params).toEqual({ slug: "%E0%A4%A" });
	expect(match(routes, "/policies")).toBeUndefined();
	expect(match(routes, "/policies/a/b")).toBeUndefined();
});
