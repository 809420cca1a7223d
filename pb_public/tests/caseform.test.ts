// The example cases of one policy in its editor: their list, and one to write.

import { flushSync, mount, tick, unmount } from "svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { drafts } from "../src/page/drafts.svelte.js";
import { here } from "../src/page/here.js";
import { need } from "../src/page/messages.svelte.js";
import Cases from "../src/policy/manage/Cases.svelte";
import { addressOf, type Desk, NEW, setDesk } from "../src/policy/manage/desk.js";

const text = (title: string) => ({
	title,
	situation: "It rings.",
	choices: [
		{ id: "a", text: "Wait", leads_to: "It rings on.", good: false },
		{ id: "b", text: "Answer", leads_to: "Good.", good: true },
	],
});
const one = (slug: string, policy: string, clause: string, shipped: boolean) => ({
	...{
		slug,
		policy,
		clause,
		shipped,
		roles: ["staff"],
		position: 1,
		status: "posted",
		number: 1,
		changed: "",
		done: 2,
		concerned: 5,
	},
	texts: { en: text(`Case ${slug}`) },
});
const listed = {
	items: [
		one("theirs", "staff", "a", true),
		one("ours", "privacy", "quiet", false),
		one("lost", "privacy", "no-more", true),
	],
	next: "",
	clauses: [
		{ slug: "privacy", title: "Privacy", clauses: [{ id: "quiet", words: "Speak quietly." }] },
		{ slug: "staff", title: "Staff", clauses: [{ id: "a", words: "Never." }] },
	],
	for_patients: 3,
};
const answer = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });
const sent = vi.fn<(url: string, request: RequestInit) => Promise<Response>>();
const gone: string[] = [];
/** What the server answers about drafts. */
let drafted: (url: string, method: string) => Response;
const nothing = () => answer(200, { revision: 0, draft: null });
let asks: () => string | undefined;
let mounted: Record<string, unknown> | undefined;

beforeEach(async () => {
	await need(["manage", "cases"]);
	sent.mockReset();
	sent.mockImplementation(async (url, { method }) => {
		if (url.includes("/draft")) return drafted(url, method ?? "GET");
		if (url.endsWith("/look")) return answer(200, { title: "", situation_html: "<p>Seen.</p>", outcomes: [] });
		if (method === "POST") return answer(201, { ...one("new-one", "privacy", "quiet", false) });
		return answer(200, listed);
	});
	vi.stubGlobal("fetch", sent);
	drafted = (_, method) => (method === "GET" ? nothing() : answer(503, { message: "…" }));
	gone.length = 0;
});
afterEach(() => {
	close();
	here.forget();
	vi.unstubAllGlobals();
});

function close() {
	if (mounted) void unmount(mounted);
	mounted = undefined;
	document.body.replaceChildren();
}

async function open(example: string) {
	close();
	const desk: Desk = {
		operator: true,
		href: (...parts) => addressOf("#/policies", parts),
		go: (address) => void gone.push(address),
		guard: (ask) => {
			asks = ask;
		},
	};
	const wrapped = ((anchor: never, props: never) => {
		setDesk(desk);
		return (Cases as unknown as (anchor: never, props: never) => Record<string, unknown>)(anchor, props);
	}) as unknown as typeof Cases;
	mounted = mount(wrapped, { target: document.body, props: { slug: "privacy", example } });
	await vi.waitFor(() => expect(document.querySelector("ol, form")).not.toBeNull());
	flushSync();
}

const field = (id: string) => document.getElementById(id) as HTMLInputElement & HTMLSelectElement;
async function write(id: string, words: string) {
	field(id).value = words;
	// happy-dom finds no option:checked, and Svelte then takes the first one that can be chosen.
	for (const option of field(id).options ?? []) option.disabled = option.value !== words;
	field(id).dispatchEvent(new Event(field(id).matches("select") ? "change" : "input", { bubbles: true }));
	await tick();
}
async function submit() {
	document.querySelector("form")?.dispatchEvent(new SubmitEvent("submit", { cancelable: true, bubbles: true }));
	await tick();
}
const posts = () => sent.mock.calls.filter(([url, { method }]) => method === "POST" && url.endsWith("/manage/cases"));

test("of a policy its own cases are listed, with their clause and how many are done; each leads to its form", async () => {
	await open("");
	const rows = [...document.querySelectorAll("ol > li")].map((row) => row.textContent?.replace(/\s+/g, " ") ?? "");
	expect(rows).toHaveLength(2);
	expect(rows[0]).toContain("Case ours");
	expect(rows[0]).toContain("Speak quietly.");
	expect(rows[0]).toMatch(/2.*5/);
	expect(rows[1]).toContain("no-more");
	expect(document.querySelector("ol a")?.getAttribute("href")).toBe("#/policies/privacy/cases/ours");
	expect(document.querySelector("nav [aria-current=page]")?.getAttribute("href")).toBe("#/policies/privacy/cases");
});

test("a new one hangs on a clause of this policy alone, is posted, and leads back to the list", async () => {
	await open(NEW);
	expect([...field("clause").options].map(({ value }) => value)).toEqual(["", "quiet"]);
	await submit();
	expect(posts()).toHaveLength(0);
	expect(document.getElementById("clause-error")).not.toBeNull();
	expect(document.getElementById("texts.en.title-error")).not.toBeNull();
	await write("texts.en.title", "The phone at noon");
	await write("clause", "quiet");
	await submit();
	await vi.waitFor(() => expect(gone).toEqual(["#/policies/privacy/cases"]));
	const body = JSON.parse(String(posts()[0]?.[1].body));
	expect([body.slug, body.policy, body.clause]).toEqual(["the-phone-at-noon", "privacy", "quiet"]);
	expect(here.any).toBe(false);
});

test("what is not saved is found again when the page around it was built anew, and never by another person", async () => {
	drafts.belongTo("lucy");
	await open("ours");
	await write("texts.en.title", "My own words");
	expect(drafts.atRisk).toBe(true);
	const puts = () => sent.mock.calls.filter(([url, { method }]) => method === "PUT" && url.endsWith("/ours/draft"));
	await vi.waitFor(() => expect(puts()).toHaveLength(1), 3000);
	await vi.waitFor(() => expect(asks()).toBeTruthy());
	await open("ours");
	expect(field("texts.en.title").value).toBe("My own words");
	drafts.belongTo("ana");
	await open("ours");
	expect(field("texts.en.title").value).toBe("Case ours");
	expect(asks()).toBeUndefined();
});

test("a case on a clause that is posted no more keeps it until another is chosen", async () => {
	await open("lost");
	expect([...field("clause").options].map(({ value }) => value)).toEqual(["", "quiet", "no-more"]);
	expect(field("clause").value).toBe("no-more");
});

test("the server's words of the text stand beside the form", async () => {
	await open("ours");
	await vi.waitFor(() => expect(document.querySelector(".seen")?.textContent).toContain("Seen."));
	expect(JSON.parse(String(sent.mock.calls.find(([url]) => url.endsWith("/look"))?.[1].body)).language).toBe("en");
});
