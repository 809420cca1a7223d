// What a hostile member writes, in every place that takes words: a post's title and text, a comment, a community's name and what it
// is about, a name, a policy. The pages that show them are ours, with all their headers, and nothing may run, leave or be asked for.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { watch } from "./detector.mjs";
import { ask, browse, demo, look, person, signIn, step, stepOrEnd, walk } from "./house.mjs";

const house = await demo();
const browser = await browse();

/** One of each way to run something: what people try first. */
const PAYLOADS = [
	"<script>alert(1)</script>",
	"<img src=x onerror=alert(1)>",
	"<svg/onload=alert(1)>",
	'"><svg onload=alert(1)>',
	"<a href=javascript:alert(1)>press</a>",
	"[press](javascript:alert(1))",
	"[press](data:text/html,<script>alert(1)</script>)",
	"![a](https://elsewhere.test/a.png)",
	'![a](x"onerror="alert(1))',
	"<iframe srcdoc='<script>alert(1)</script>'></iframe>",
	"<details open ontoggle=alert(1)>",
	"<input autofocus onfocus=alert(1)>",
	"<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
	"<form action=https://elsewhere.test/><button>press</button></form>",
	'<meta http-equiv="refresh" content="0;url=https://elsewhere.test/">',
	'<base href="https://elsewhere.test/">',
	"</title></textarea></script><script>alert(1)</script>",
	"{{constructor.constructor('alert(1)')()}}",
	"`<img src=x onerror=alert(1)>`",
	"<style>@import 'https://elsewhere.test/a.css';</style>",
];

/** Every fiftieth of the public suites, where they are. */
function suites() {
	const here = join(dirname(fileURLToPath(import.meta.url)), "..");
	const folder = join(process.env.KINWARD_SUITES ?? join(here, "../shared/suites"), "xss");
	if (!existsSync(folder)) {
		console.log(`the public payloads are not here (${folder}): only our own are tried`);
		return [];
	}
	const all = readdirSync(folder).sort().filter((name) => name.endsWith(".jsonl"))
		.flatMap((name) => readFileSync(join(folder, name), "utf8").trim().split("\n"));
	// Characters that cannot be shown are refused before anything else is asked of a text.
	const shown = (text) => !/[^\P{C}\n\r\t]/u.test(text);
	return all.map((line) => JSON.parse(line).payload).filter(shown).filter((_, i) => i % 50 === 0);
}

/** Texts of at most so many characters, of as many payloads as fit in each. */
function bundled(payloads, most = 6_000) {
	const out = [""];
	for (const one of payloads.filter(({ length }) => length < most)) {
		if (out.at(-1).length + one.length > most) out.push("");
		out[out.length - 1] += `${one}\n\n`;
	}
	return out.filter(Boolean);
}

/** What a reader or a mouse could do to what is written; the page's own buttons are left alone. */
function touch() {
	for (const element of document.querySelectorAll(".prose *, article h1 *, article h2 *")) {
		for (const type of ["load", "error", "focus", "toggle", "mouseover", "pointerover", "animationstart", "begin"]) element.dispatchEvent(new Event(type, { bubbles: true }));
		if (!element.closest("a")) element.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
	}
	return new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
}

/** Writes, and confirms what a check asks about it: many of these texts hold addresses and pictures. */
async function write(who, path, form) {
	try {
		return await ask(who, "POST", path, form);
	} catch (error) {
		const asked = [...error.message.matchAll(/"id":"([0-9a-f]{16})"/g)].map(([, id]) => id);
		if (!error.message.includes("confirm_findings") || asked.length === 0) throw error;
		return ask(who, "POST", path, { ...form, confirm: asked });
	}
}

/** Opens a page on which words stand, as words, and sees that nothing of it runs. */
async function harmless(who, path, words) {
	await who.page.goto(path);
	await who.page.waitForSelector("h1");
	await who.page.locator("main", { hasText: words }).waitFor();
	await stillness(who, path);
}

/** Touches what is written on the page, and asks what ran. */
async function stillness(who, path) {
	const { page } = who;
	await who.settled();
	await page.evaluate(touch);
	assert.deepEqual(await page.evaluate(() => window.fired), [], `on ${path}`);
	assert.equal(new URL(page.url()).pathname + new URL(page.url()).search, path, "it led elsewhere");
	assert.equal(await page.locator("main script, main iframe, main base, main meta, main style, main form form, main :is(a, img)[href^='javascript:' i]").count(), 0);
}

await walk("hostile", async () => {
	await step("what would run is noticed", async () => {
		const guest = await person(browser, house, { expects: ["TrustedHTML"] });
		await guest.context.addInitScript(watch);
		await guest.page.goto("/policies");
		await guest.page.waitForSelector("h1");
		const added = guest.page.evaluate(() => document.querySelector("main").insertAdjacentHTML("beforeend", "<img onerror='alert(1)'>"));
		await assert.rejects(added, /TrustedHTML/); // the page's own scripts may not write HTML either, but by the one way they have
		await guest.page.waitForFunction(() => window.fired.length > 0);
		await guest.context.close();
	});
	const lead = await person(browser, house, { expects: ["409", "400"] });
	await signIn(lead, "ana@demo.example");
	const name = PAYLOADS[1];
	let room = "";
	const posts = [];
	await stepOrEnd("a community, posts and comments are written with hostile words", async () => {
		room = (await ask(lead, "POST", "/communities", { name, about: bundled(PAYLOADS)[0], kind: "condition" })).id;
		const bodies = [...bundled(PAYLOADS), ...bundled(suites())];
		const count = Math.max(bodies.length, PAYLOADS.length);
		for (let i = 0; i < count; i++) {
			const { id, status } = await write(lead, `/communities/${room}/posts`, { kind: "discussion", title: PAYLOADS[i % PAYLOADS.length].slice(0, 150), body: bodies[i % bodies.length] });
			if (status !== "shown") continue; // what a check holds waits for a person, and nobody can answer it
			const body = PAYLOADS[(i + 1) % PAYLOADS.length];
			const comment = await write(lead, `/posts/${id}/comments`, { body });
			posts.push({ id, words: comment.status === "shown" ? body.slice(0, 6).replaceAll(/[`[!].*/g, "") : "" });
		}
		assert.ok(posts.length >= count / 2, `only ${posts.length} of ${count} posts stand in the community`);
	});
	await step("a name with markup is refused", async () => {
		await assert.rejects(ask(lead, "PATCH", "/me", { name: "Ana <img src=x onerror=alert(1)>" }), /name/);
	});
	for (const width of ["phone", "desk"]) {
		const who = await person(browser, house, { width });
		await who.context.addInitScript(watch);
		await signIn(who, "ana@demo.example");
		await step(`${width}: the feed shows them as words`, async () => {
			await harmless(who, `/communities/${room}`, "onerror=alert(1)");
			await look(who, "hostile-feed");
		});
		await step(`${width}: so do the threads`, async () => {
			for (const { id, words } of posts.slice(0, width === "desk" ? 40 : 5)) await harmless(who, `/posts/${id}`, words);
			await look(who, "hostile-thread");
		});
		await step(`${width}: so do home, the community's pages and the search`, async () => {
			await harmless(who, "/", "onerror");
			await harmless(who, `/communities/${room}/members`, "Ana");
			await who.page.goto("/search");
			await who.page.fill("#q", "onerror");
			await who.page.click("main form button[type=submit]");
			await who.page.locator("main mark", { hasText: "onerror" }).first().waitFor();
			await stillness(who, "/search");
			await look(who, "hostile-search");
		});
		await who.context.close();
	}
	await step("a policy with hostile words is posted, and read with and without scripts", async () => {
		const { slug } = await ask(lead, "POST", "/manage/policies", { slug: "hostile", title: PAYLOADS[0], audience: "everyone" });
		const { draft } = await ask(lead, "GET", `/manage/policies/${slug}`);
		const texts = { en: { title: PAYLOADS[0], summary: PAYLOADS[1], body: `${bundled(PAYLOADS)[0]}\nBe kind. {#kind}\n` } };
		const saved = await ask(lead, "PUT", `/manage/policies/${slug}/draft`, { revision: draft?.revision ?? 0, texts, checks: {}, strip: {} });
		await ask(lead, "POST", `/manage/policies/${slug}/publish`, { revision: saved.revision, class: "material", reason: { en: PAYLOADS[2] } });
		const guest = await person(browser, house, {});
		await guest.context.addInitScript(watch);
		for (const path of [`/policies/${slug}`, "/policies", `/policies/${slug}/versions`]) await harmless(guest, path, "alert(1)");
		await look(guest, "hostile-policy");
		const plain = await person(browser, house, { scripts: false });
		await plain.page.goto(`/policies/${slug}`);
		await plain.page.locator("main", { hasText: "alert(1)" }).waitFor();
		assert.equal(await plain.page.locator("main :is(script, iframe, base, style, form, img)").count(), 0);
	});
});
