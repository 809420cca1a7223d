// Where members write: what the posted checks find stands under the words, with its clause, before anything is sent; what is then
// said, asked, offered, held and stopped; and that no words are lost on the way.
import assert from "node:assert/strict";
import { browse, demo, look, person, signIn, stepOrEnd, until, walk } from "./house.mjs";

const house = await demo();
const browser = await browse();
// The browser writes to its console that an answer was a 409 or a 422.
const EXPECTED = ["409", "422", "404"];

/** What each says, in each language: words that a check finds, and a way to say it that none does. */
const WORDS = {
	en: {
		name: "What Tom wrote here helped me a lot this week.",
		phone: "I carry juice now. Ask my sister about it, she is at 617-555-0182.",
		urgent: "I have pressure in my chest and my arm is numb",
		ssn: "His number is 078-05-1120, in case the desk asks.",
		mended: "The desk can help with numbers. Please call.",
		held: "You can reach the dietitian at 617-555-0199 in the evening.",
	},
	es: {
		name: "Lo que escribió Tom aquí me ayudó mucho esta semana.",
		phone: "Ahora llevo jugo. Pregunte a mi hermana, su número es 617-555-0182.",
		urgent: "Tengo presión en el pecho y el brazo dormido",
		ssn: "Su número es 078-05-1120, por si lo piden en la recepción.",
		mended: "En la recepción ayudan con los números. Llame, por favor.",
		held: "La dietista atiende por la tarde en el 617-555-0199.",
	},
};

const form = (page) => page.locator("main form:has(textarea)");
const area = (page) => form(page).locator("textarea");
const found = (page, action) => form(page).locator(`section li.${action}`);
const kept = (page) => page.waitForResponse((r) => r.url().includes("/drafts/") && r.request().method() === "PUT" && r.ok());
const focused = (page, selector) => page.evaluate((s) => Boolean(document.activeElement?.matches(s)), selector);
/** Presses Tab until what has the focus matches, as a person does who looks for it. */
async function tabTo(page, selector, most = 12) {
	for (let n = 0; n < most; n++) {
		if (await focused(page, selector)) return;
		await page.keyboard.press("Tab");
	}
	throw new Error(`${most} times Tab did not lead to ${selector}`);
}

async function open(page, room) {
	await page.goto(room);
	await page.locator("#opener").click();
	await area(page).waitFor();
}

/** Writes by keys, and waits until the server has looked at it and keeps it. */
async function write(page, words) {
	await area(page).focus();
	await page.keyboard.press("Control+A");
	const saved = kept(page);
	const looked = page.waitForResponse((r) => r.url().endsWith("/preview") && r.request().postDataJSON()?.text === words);
	await page.keyboard.insertText(words);
	await Promise.all([saved, looked]);
}
const send = (page) => form(page).locator("button[type=submit]").click();
const ask = (page, path) => page.evaluate(async (p) => (await fetch(`/api/clinic${p}`)).json(), path);

/** Every finding names its clause where it is posted; the link leads to that very paragraph. */
async function clauseIsPosted(who, action) {
	const href = await found(who.page, action).locator("a").first().getAttribute("href");
	assert.match(href, /^\/policies\/[a-z-]+#clause-[a-z-]+$/);
	const text = await (await fetch(`${house.url}/api/clinic${href.split("#")[0]}`)).json();
	assert.ok(text.html.includes(`id="${href.split("#")[1]}"`), `${href} is not in the posted text`);
}

async function patientWrites(who, words, named) {
	const { page } = who;
	const room = `/communities/${(await ask(page, "/communities")).items.find(({ name }) => name === "Living with diabetes").id}`;
	await stepOrEnd(`${named}: the line above the words is the posted one, with today's phone and hours`, async () => {
		await open(page, room);
		const { policies } = await ask(page, `/practice?language=${who.locale.slice(0, 2)}`);
		const posted = policies.map(({ strip }) => strip?.patients).filter(Boolean);
		assert.ok(posted.length === 1 && posted[0].includes("555-0100"), `posted: ${posted}`);
		assert.equal((await form(page).locator(".strip").allInnerTexts()).filter((line) => line.startsWith(posted[0])).length, 1);
		assert.equal((await form(page).locator(".strip").count()), 1);
		await look(who, "writing-open");
	});
	await stepOrEnd(`${named}: say: told under the words, and posted without a question`, async () => {
		await write(page, words.name);
		await found(page, "say").waitFor();
		assert.equal(await found(page, "say").locator("q").first().innerText(), "Tom");
		await clauseIsPosted(who, "say");
		await look(who, "writing-say");
		await send(page);
		await page.locator("main article", { hasText: words.name }).first().waitFor();
	});
	await stepOrEnd(`${named}: ask: found before sending, asked at the gate, changed by keyboard, and the words are there`, async () => {
		await open(page, room);
		await write(page, words.phone);
		await found(page, "ask").waitFor();
		assert.match(await found(page, "ask").locator("q").first().innerText(), /617-555-0182/);
		await clauseIsPosted(who, "ask");
		await look(who, "writing-ask");
		await area(page).focus();
		await page.keyboard.press("Control+Enter");
		await page.locator(".gate.ask").waitFor();
		assert.ok(await focused(page, ".gate"), "the gate has not taken the focus");
		await look(who, "writing-gate-ask");
		await tabTo(page, ".gate button");
		await page.keyboard.press("Enter");
		await page.locator(".gate").waitFor({ state: "detached" });
		assert.ok(await focused(page, "textarea"), "the words have not taken the focus back");
		assert.equal(await area(page).inputValue(), words.phone);
	});
	await stepOrEnd(`${named}: and confirmed by keyboard, it is posted`, async () => {
		await page.keyboard.press("Control+Enter");
		await page.locator(".gate.ask").waitFor();
		await tabTo(page, ".gate .row button:last-child");
		await page.keyboard.press("Enter");
		await page.locator("main article", { hasText: "617-555-0182" }).first().waitFor();
	});
	await stepOrEnd(`${named}: call: the phone and the hours are offered, and a draft outlives the page`, async () => {
		await open(page, room);
		await write(page, words.urgent);
		await found(page, "call").waitFor();
		await clauseIsPosted(who, "call");
		await send(page);
		const gate = page.locator(".gate.call");
		await gate.waitFor();
		const lines = await gate.locator("a[href^='tel:']").evaluateAll((all) => all.map((a) => a.getAttribute("href")));
		for (const line of ["tel:911", "tel:988", "tel:5550100"]) assert.ok(lines.includes(line), `${line} is not among ${lines}`);
		const { hours } = await ask(page, "/practice");
		assert.ok((await gate.innerText()).includes(hours), "the hours are not told");
		await look(who, "writing-gate-call");
		await page.reload();
		await page.locator("#opener").click();
		await area(page).waitFor();
		assert.equal(await area(page).inputValue(), words.urgent);
	});
	await stepOrEnd(`${named}: and posted anyway`, async () => {
		await found(page, "call").waitFor();
		await send(page);
		await page.locator(".gate.call .row button").last().click();
		await page.locator("main article", { hasText: words.urgent }).first().waitFor();
		// The draft goes once the post is there.
		await until(page, async () => (await (await fetch("/api/clinic/drafts")).json()).items.every(({ place }) => !place.startsWith("community:")));
	});
	return room;
}

async function staffWrites(who, patient, words, named, room) {
	const { page } = who;
	await stepOrEnd(`${named}: who works here reads another line`, async () => {
		await open(page, room);
		const { policies } = await ask(page, `/practice?language=${who.locale.slice(0, 2)}`);
		const posted = policies.map(({ strip }) => strip?.staff).filter(Boolean);
		assert.equal(posted.length, 1);
		assert.equal((await form(page).locator(".strip").allInnerTexts()).filter((line) => line.startsWith(posted[0])).length, 1);
	});
	await stepOrEnd(`${named}: stop: what to change is told, and the draft is kept`, async () => {
		await write(page, words.ssn);
		await found(page, "stop").waitFor();
		await clauseIsPosted(who, "stop");
		await send(page);
		const gate = page.locator(".gate.stop");
		await gate.waitFor();
		assert.ok(await focused(page, ".gate"));
		assert.equal(await gate.locator(".row button").count(), 1, "something else than changing it is offered");
		await look(who, "writing-gate-stop");
		await page.reload();
		await page.locator("#opener").click();
		await area(page).waitFor();
		assert.equal(await area(page).inputValue(), words.ssn);
		await write(page, words.mended);
		await found(page, "stop").waitFor({ state: "detached" });
		await send(page);
		await page.locator("main article", { hasText: words.mended }).first().waitFor();
	});
	await stepOrEnd(`${named}: hold: it waits, where its author sees it and nobody else`, async () => {
		await open(page, room);
		await write(page, words.held);
		await found(page, "hold").waitFor();
		await clauseIsPosted(who, "hold");
		await look(who, "writing-hold");
		const answered = page.waitForResponse((r) => r.url().endsWith("/posts") && r.request().method() === "POST");
		await send(page);
		assert.equal((await answered).status(), 202);
		const card = page.locator("main article", { hasText: "617-555-0199" }).first();
		await card.waitFor();
		await look(who, "writing-held-feed");
		const post = new URL(await card.locator("a[href^='/posts/']").first().getAttribute("href"), house.url).pathname;
		await page.goto("/");
		await page.locator("main a[href^='/holds/']").first().click();
		await page.waitForURL(/\/holds\//);
		await page.locator("main", { hasText: "617-555-0199" }).waitFor();
		await look(who, "writing-held-own");
		await patient.page.goto(room);
		await patient.page.locator("main article").first().waitFor();
		assert.equal(await patient.page.locator("main article", { hasText: "617-555-0199" }).count(), 0);
		assert.equal(await patient.page.evaluate(async (p) => (await fetch(`/api/clinic${p}`)).status, post), 404);
		await page.goto(post);
		await page.locator("main", { hasText: "617-555-0199" }).waitFor();
		await look(who, "writing-held-post");
	});
}

await walk("writing", async () => {
	for (const [width, locale, email] of [
		["phone", "en-US", "heron"],
		["desk", "es-MX", "rosa"],
		["desk", "en-US", "heron"],
		["phone", "es-MX", "rosa"],
	]) {
		const named = `${width} ${locale.slice(0, 2)}`;
		const language = locale.slice(0, 2);
		const patient = await person(browser, house, { width, locale, expects: EXPECTED });
		await signIn(patient, `${email}@demo.example`);
		const room = await patientWrites(patient, WORDS[language], named);
		const james = await person(browser, house, { width, locale, expects: EXPECTED });
		await signIn(james, "james@demo.example");
		await james.page.evaluate(
			(spoken) => fetch("/api/clinic/me", { method: "PATCH", body: JSON.stringify({ language: spoken }), headers: { "Content-Type": "application/json" } }),
			language,
		);
		await staffWrites(james, patient, WORDS[language], named, room);
		// What waits is taken back, so that the next round finds its own.
		const { items } = await ask(james.page, "/holds?active=1");
		for (const { post } of items) await james.page.evaluate((id) => fetch(`/api/clinic/posts/${id}`, { method: "DELETE" }), post);
		await patient.context.close();
		await james.context.close();
	}
	await stepOrEnd("other hours are in the line at once: it is published, not built in", async () => {
		const ana = await person(browser, house, {});
		await signIn(ana, "ana@demo.example");
		const status = await ana.page.evaluate(
			async () =>
				(
					await fetch("/api/clinic/practice/settings", {
						method: "PATCH",
						body: JSON.stringify({ hours: "Tuesdays, 9 to 10" }),
						headers: { "Content-Type": "application/json" },
					})
				).status,
		);
		assert.equal(status, 200);
		const heron = await person(browser, house, {});
		await signIn(heron, "heron@demo.example");
		const room = (await ask(heron.page, "/communities")).items.find(({ name }) => name === "Living with diabetes").id;
		await open(heron.page, `/communities/${room}`);
		await form(heron.page).locator(".strip", { hasText: "Tuesdays, 9 to 10" }).waitFor();
	});
});
