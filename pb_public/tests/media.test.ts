// What was shared in a community is found again, and a picture that is gone says so.

import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import Media from "../src/file/Media.svelte";
import { kindIn, MediaOf, placeOf, type Shared } from "../src/file/media.svelte.js";
import { need } from "../src/page/messages.svelte.js";
import { router } from "../src/page/router.svelte.js";
import ServerHtml from "../src/parts/ServerHtml.svelte";

const file = (id: string, more: Partial<Shared> = {}): Shared => ({
	id,
	kind: "picture",
	name: `${id}.jpg`,
	type: "image/jpeg",
	bytes: 2_500_000,
	alt: "",
	captions: "",
	transcript: false,
	inline: false,
	post: "p1",
	comment: "",
	title: "A walk",
	author: { id: "m1", name: "Quiet Heron", role: "patient", title: "", state: "active" },
	created: `2026-05-0${id.at(-1)}T10:00:00.000Z`,
	...more,
});

let asked: string[];
let answers: Record<string, unknown>;
let mounted: Record<string, unknown>[] = [];
// biome-ignore lint/suspicious/noExplicitAny: components of every shape
function show(component: any, props: Record<string, unknown>) {
	mounted.push(mount(component, { target: document.body, props }));
	flushSync();
}
const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)];
const text = (selector: string) => all(selector).map((one) => one.textContent?.trim().replace(/\s+/g, " "));

beforeEach(async () => {
	await need(["page", "file", "post"]);
	[asked, answers] = [[], {}];
	vi.stubGlobal("fetch", async (url: string) => {
		const path = url.replace("/api/clinic", "");
		asked.push(path);
		if (answers[path] instanceof Error) throw answers[path];
		if (answers[path]) return new Response(JSON.stringify(answers[path]), { status: 200 });
		const error = { code: "not_found", message: "It is not there." };
		return new Response(JSON.stringify({ status: 404, data: { error } }), { status: 404 });
	});
});
afterEach(() => {
	for (const component of mounted) void unmount(component);
	mounted = [];
	document.body.replaceChildren();
	router.forget();
	vi.unstubAllGlobals();
});

test("kinds and places", () => {
	expect([kindIn("pdf"), kindIn("folder"), kindIn(null)]).toEqual(["pdf", "", ""]);
	expect(placeOf({ post: "p1", comment: "" })).toBe("/posts/p1");
	expect(placeOf({ post: "p1", comment: "c1" })).toBe("/posts/p1?at=c1");
});

test("it is loaded by pages, and what goes while one looks goes from it", async () => {
	answers["/communities/r1/files?kind=audio"] = { items: [file("f9"), file("f8")], next: "more" };
	answers["/communities/r1/files?kind=audio&before=more"] = { items: [file("f7", { post: "p2" })], next: null };
	const media = await new MediaOf("r1", "audio").open();
	expect((await media.more())?.id).toBe("f7");
	expect([media.items.map(({ id }) => id), media.next]).toEqual([["f9", "f8", "f7"], ""]);
	const before = asked.length;
	media.heard("new", { topic: "t", post: "p3" });
	media.heard("gone", { topic: "t", post: "elsewhere" });
	expect(asked.length).toBe(before);
	answers["/communities/r1/files?kind=audio"] = {
		items: [file("f9", { comment: "c1" }), file("f7", { post: "p2" })],
		next: null,
	};
	media.heard("gone", { topic: "t", post: "p1" });
	expect(media.items.map(({ id }) => id)).toEqual(["f7"]);
	await vi.waitFor(() => expect(media.items.map(({ id }) => id)).toEqual(["f9", "f7"]));
	media.heard("ended", { topic: "t" });
	expect(media.lost).toBe(true);
});

test("pictures, and what is read, heard or watched, each with its words and its place", async () => {
	answers["/communities/r1/files"] = {
		items: [
			file("f9", { alt: "A red shed" }),
			file("f8", { kind: "audio", name: "talk.mp3", captions: "en", transcript: true, comment: "c1" }),
			file("f7", { kind: "pdf", name: "leaflet.pdf", title: "" }),
		],
		next: null,
	};
	show(Media, { community: "r1", mayWrite: true });
	await vi.waitFor(() => expect(all(".shelf > li").length).toBe(3));
	const picture = all(".shelf img")[0] as HTMLImageElement;
	expect([picture.getAttribute("src"), picture.alt, picture.getAttribute("loading")]).toEqual([
		"/api/clinic/files/f9/thumbnail",
		"A red shed",
		"lazy",
	]);
	expect(text(".where")).toEqual(["Post: A walk", "Comment on: A walk", "Go to the post"]);
	expect(all(".where a").map((one) => one.getAttribute("href"))).toEqual(["/posts/p1", "/posts/p1?at=c1", "/posts/p1"]);
	expect(text(".by").every((one) => one?.startsWith("Quiet Heron"))).toBe(true);
	expect(text(".shelf .audio")[0]).toContain("Sound, 2.4 MB");
	expect(text(".shelf .audio")[0]).toContain("Captions: English · Its words can be read");
	expect(document.querySelector("audio")).toBeNull(); // nothing is fetched before it is wanted
	all(".shelf .audio button")[0]?.click();
	await vi.waitFor(() => expect(document.querySelector("audio")).not.toBeNull());
	expect(document.querySelector(".shelf .pdf a[download]")?.getAttribute("href")).toBe("/api/clinic/files/f7?save");
	expect(text("[role=status]")[0]).toBe("3 files");
});

test("where nothing is, it says what to do", async () => {
	answers["/communities/r1/files"] = { items: [], next: null };
	show(Media, { community: "r1", mayWrite: true });
	await vi.waitFor(() => expect(text(".empty")[0]).toContain("Write a post and add a picture"));
});

test("a picture that is gone says so in its place, and one that only does not come stays", async () => {
	const [gone, there, cut, foreign] = ["aaaaaaaaaaaaaa1", "aaaaaaaaaaaaaa2", "aaaaaaaaaaaaaa3", "aaaaaaaaaaaaaa4"];
	answers[`/files/${there}/about`] = { id: there };
	answers[`/files/${cut}/about`] = new TypeError("the line is gone");
	const img = (id: string, alt: string) => `<img src="/api/clinic/files/${id}" alt="${alt}">`;
	show(ServerHtml, {
		html: `<p>${img(gone, "my &lt;b&gt; shed")} ${img(there, "x")} ${img(cut, "y")} ${img(foreign, "")}</p>`,
	});
	for (const one of all("img")) one.dispatchEvent(new Event("error"));
	await vi.waitFor(() =>
		expect(text(".gone")).toEqual([
			"A picture that stood here is no longer there: my <b> shed",
			"A picture that stood here is no longer there.",
		]),
	);
	expect(all("img").map((one) => (one as HTMLImageElement).alt)).toEqual(["x", "y"]);
});
