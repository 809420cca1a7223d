// Policies after they are posted: a release's better text is taken or turned down, a policy is withdrawn and posted again, a new one
// is written with a check of its own, and members accept it or sign it on paper. How they say no is in agreeing.mjs.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { answerTo as ask, eachPart, paste, publish, saved, send } from "./drafting.mjs";
import { browse, look, person, signIn, stepOrEnd, walk } from "./house.mjs";
import { nextRelease, practice } from "./practice.mjs";

const BETTER = "Ask us whenever something here is not clear to you.";
const MEJOR = "Pregúntenos siempre que algo aquí no le quede claro.";
const add = (line) => (text) => `${text.trimEnd()}\n\n${line}\n`;
const release = nextRelease({
	"en/privacy.md": add(BETTER),
	"es/privacy.md": add(MEJOR),
	"en/testimonials.md": add(BETTER),
	"es/testimonials.md": add(MEJOR),
});
const house = await practice({ by: release });
const browser = await browse();
const come = async (email, how = {}) => {
	const who = await person(browser, house, { expects: ["Failed to load resource"], ...how });
	who.page.setDefaultTimeout(12_000);
	await signIn(who, `${email}@demo.example`);
	if (how.locale) await ask(who.page, "PATCH", "/me", { language: how.locale.slice(0, 2) });
	return who;
};
const anyone = async (path) => (await fetch(`${house.url}/api/clinic${path}`)).json();
const inLanguage = (page, name) => page.locator('[aria-label="Language of the text"] button', { hasText: name }).click();
const told = (page, words) => page.locator("main [role=status]", { hasText: words }).waitFor();

const room = async (page) => (await ask(page, "GET", "/communities")).items.find(({ name }) => name === "Living with diabetes").id;

await walk("policies", async () => {
	const lucy = await come("lucy");
	// Each part stands for itself: where one ends early, the next is walked all the same.
	await eachPart([offers, withdrawing, aPolicyOfItsOwn, membersMeetIt, onPaper], lucy);
});

async function offers(lucy) {
	const { page } = lucy;
	await stepOrEnd("a release's better text is offered as a difference, and nothing of the practice's own is touched", async () => {
		await page.goto("/manage/policies");
		await page.locator("main tr", { hasText: "Privacy in the community" }).locator(".mark.offer").waitFor();
		await look(lucy, "policies-list-offer");
		await page.locator("main table a", { hasText: "Privacy in the community" }).first().click();
		await page.locator("#offer-title").waitFor();
		for (const one of await page.locator("section:has(#offer-title) details summary").all()) await one.click();
		await page.locator("section:has(#offer-title) ins", { hasText: "whenever something here" }).waitFor();
		await page.locator("section:has(#offer-title) ins", { hasText: "no le quede claro" }).waitFor();
		await look(lucy, "policies-offer");
		const posted = await anyone("/policies/privacy");
		assert.ok(posted.version === 1 && !posted.markdown.includes(BETTER), "it was applied by itself");
	});
	await stepOrEnd("taken into the draft, it is published by whoever took it", async () => {
		await page.locator("section:has(#offer-title) button", { hasText: "Take it" }).click();
		await page.locator("#offer-title").waitFor({ state: "detached" });
		await page.locator(".paper", { hasText: BETTER }).waitFor();
		assert.equal((await anyone("/policies/privacy")).version, 1);
		await publish(page, "clarification");
		await send(page);
		await told(page, "Version 2 is posted");
		assert.ok((await anyone("/policies/privacy")).markdown.includes(BETTER));
	});
	await stepOrEnd("turned down, it is not offered again", async () => {
		const phone = await come("lucy", { width: "phone", locale: "es-MX" });
		await phone.page.goto("/manage/policies/testimonials");
		await phone.page.locator("#offer-title").waitFor();
		await phone.page.locator("section:has(#offer-title) details summary").first().click();
		await look(phone, "policies-offer");
		await phone.page.locator("section:has(#offer-title) button").last().click();
		await phone.page.locator("#offer-title").waitFor({ state: "detached" });
		await phone.page.reload();
		await phone.page.locator(".bar button", { hasText: "Publicar" }).waitFor();
		assert.equal(await phone.page.locator("#offer-title").count(), 0);
		const { draft, offer, current } = await ask(phone.page, "GET", "/manage/policies/testimonials");
		assert.ok(!draft && !offer && current.number === 1, "something else changed");
		await ask(phone.page, "PATCH", "/me", { language: "en" });
		await phone.context.close();
	});
}

async function withdrawing(lucy) {
	const { page } = lucy;
	const [council, consejo, liked] = ["It is being rewritten with the caregivers' council.", "Se reescribe con el consejo de cuidadores.", "The council likes it as it is."];
	const public_ = async (how, path, words, name) => {
		const who = await person(browser, house, { expects: ["Failed to load resource"], ...how });
		await who.page.goto(`/policies/caregivers${path}`);
		await who.page.locator("main", { hasText: words[0] }).waitFor();
		for (const one of words) await who.page.locator("main :is(p, li, div)", { hasText: one }).first().waitFor();
		await look(who, name);
		return who;
	};
	await stepOrEnd("a policy is withdrawn with a reason in both languages: it is asked of nobody, and can still be read", async () => {
		await page.goto("/manage/policies/caregivers");
		await page.locator("nav button", { hasText: "Withdraw" }).click();
		await page.locator("dialog", { hasText: "Anyone can read the reason" }).waitFor();
		await send(page);
		await page.locator('dialog [id="reason.en-error"]').waitFor();
		await look(lucy, "policies-withdraw-empty");
		await page.locator('dialog [id="reason.en"]').fill(council);
		await page.locator('dialog [id="reason.es"]').fill(consejo);
		await look(lucy, "policies-withdraw");
		await send(page);
		await told(page, "It was withdrawn");
		await page.locator(".notice", { hasText: council }).waitFor();
		await look(lucy, "policies-withdrawn");
		assert.ok(!(await anyone("/policies")).items.some(({ slug }) => slug === "caregivers"), "it is still listed");
		assert.equal((await anyone("/policies/caregivers/versions/1")).status, "withdrawn");
		for (const [path, english, spanish, name] of [
			["", ["This policy was withdrawn", council], ["Esta norma se retiró", consejo], "policies-withdrawn-public"],
			["/versions", ["withdrawn", `: ${council}`], ["retirada", `: ${consejo}`], "policies-withdrawn-history"],
		]) {
			const guest = await public_({}, path, english, name);
			await guest.context.close();
			const phone = await public_({ width: "phone", locale: "es-MX" }, path, spanish, name);
			await phone.context.close();
			const plain = await public_({ width: "phone", locale: "es-MX", scripts: false }, path, ["Esta norma fue retirada", consejo], `${name}-plain`);
			await plain.context.close();
		}
	});
	await stepOrEnd("and posted again on a phone, as it was: the time in between stays in the public history", async () => {
		const phone = await come("lucy", { width: "phone", locale: "es-MX" });
		await phone.page.goto("/manage/policies/caregivers");
		await phone.page.locator("nav button", { hasText: "Publicarla otra vez" }).click();
		await phone.page.locator('dialog [id="reason.es"]').waitFor();
		await phone.page.locator('dialog [id="reason.en"]').fill(liked);
		await look(phone, "policies-post-again");
		await send(phone.page);
		await told(phone.page, "Está publicada otra vez");
		await ask(phone.page, "PATCH", "/me", { language: "en" });
		await phone.context.close();
		const posted = await anyone("/policies/caregivers");
		assert.ok(posted.version === 1 && posted.status === "posted" && !posted.withdrawn);
		const guest = await public_({}, "/versions", ["in force now", `: ${council}`, liked], "policies-again-history");
		assert.equal(await guest.page.locator("main", { hasText: "by Lucy" }).count(), 0, "anyone is told who withdrew it");
		await guest.context.close();
		for (const scripts of [true, false]) {
			const reader = await public_({ width: "phone", locale: "es-MX", scripts }, "/versions", ["Vigente desde el", `: ${consejo}`, liked], `policies-again-history${scripts ? "" : "-plain"}`);
			assert.equal(await reader.page.locator("main li span[lang=en]", { hasText: liked }).count(), 1, "the reason does not say its language");
			await reader.context.close();
		}
		await page.goto("/policies/caregivers/versions");
		await page.locator("main li", { hasText: "Withdrawn by Lucy" }).first().waitFor();
		await look(lucy, "policies-again-history-staff");
	});
}

async function aPolicyOfItsOwn(lucy) {
	const { page } = lucy;
	const heron = await come("heron");
	const [diabetes] = [await room(heron.page)];
	assert.equal((await ask(heron.page, "POST", `/communities/${diabetes}/posts`, { kind: "discussion", body: "My marigold is in bloom." })).status, "shown");
	await heron.context.close();
	await stepOrEnd("an editor writes a policy of the practice's own, in both languages", async () => {
		await page.goto("/manage/policies");
		await page.locator("button", { hasText: "New policy" }).click();
		await page.fill("dialog #title", "The garden");
		await look(lucy, "policies-new");
		await send(page);
		await page.waitForURL("**/manage/policies/the-garden");
		await paste(page, "1. The garden is for everyone. {#garden-is-open}\n\n2. Flowers are talked about in the garden, not here. {#garden-flowers}\n");
		await page.locator("#summary").fill("How we share the garden.");
		await inLanguage(page, "Español");
		await page.locator("#title").fill("El jardín");
		await page.locator("#summary").fill("Cómo compartimos el jardín.");
		await paste(page, "1. El jardín es para todos. {#garden-is-open}\n\n2. De las flores se habla en el jardín, no aquí. {#garden-flowers}\n");
		await inLanguage(page, "English");
		await saved(page);
		await page.locator(".paper", { hasText: "Flowers are talked about" }).waitFor();
	});
	await stepOrEnd("its clause gets a check by the form", async () => {
		await page.locator(".clause", { hasText: "garden-flowers" }).locator("button", { hasText: "Add a check" }).click();
		await page.locator("dialog #detector").selectOption("word");
		await page.locator("dialog input[type=radio][value=hold]").check();
		await page.locator("dialog form button[type=submit]").click();
		await page.locator("dialog #words-en-error").waitFor();
		await page.locator("dialog #words-en").fill("marigold\nmarigolds");
		await page.locator("dialog #words-es").fill("caléndula");
		await page.locator("dialog #say-en").fill("Please tell this in the garden, or call {{phone}}.");
		await page.locator("dialog #say-es").fill("Cuéntelo en el jardín, o llame al {{phone}}.");
		await look(lucy, "policies-check");
		await page.locator("dialog form button[type=submit]").click();
		await page.locator(".rule", { hasText: "Please tell this in the garden" }).waitFor();
		await saved(page);
	});
	await stepOrEnd("and is tried before anybody meets it", async () => {
		assert.equal((await ask(page, "POST", "/checks/try", { text: "A marigold", as: "patient" })).findings.length, 0);
		await page.locator("summary", { hasText: "Try the checks on a text" }).click();
		await page.locator("#try-text").fill("A marigold helped me.");
		await page.locator("details.card form button[type=submit]").click();
		await page.locator(".finding", { hasText: "555-0100" }).filter({ hasText: "marigold" }).waitFor();
		await look(lucy, "policies-try");
		await page.locator("#try-text").fill("A rose by the door.");
		await page.locator("details.card form button[type=submit]").click();
		await page.locator("details.card .notice").waitFor();
	});
	await stepOrEnd("what follows is told, with the post that it would have held, and the first version is published", async () => {
		await publish(page);
		const follows = page.locator("dialog .follows");
		await follows.locator("li", { hasText: "would have held one" }).waitFor();
		await follows.locator("summary").click();
		await follows.locator(".held", { hasText: "marigold is in bloom" }).waitFor();
		await look(lucy, "policies-publish-first");
		await send(page);
		await told(page, "Version 1 is posted");
		assert.equal((await anyone("/policies/the-garden")).version, 1);
	});
}

async function membersMeetIt() {
	const heron = await come("heron", { width: "phone" });
	const { page } = heron;
	await stepOrEnd("a member is asked for the new policy by its date, and accepts it", async () => {
		await page.goto("/");
		await page.locator("main a[href^='/acknowledge']").first().click();
		await page.locator("h1", { hasText: "The garden" }).waitFor();
		await look(heron, "policies-asked");
		await page.check("#accept");
		await page.locator("form:has(#accept) button[type=submit]").click();
		await page.waitForURL((url) => url.pathname === "/");
	});
	await stepOrEnd("and its check is in force", async () => {
		const made = await ask(page, "POST", `/communities/${await room(page)}/posts`, { kind: "discussion", body: "Another marigold today." });
		assert.ok(made.status === "held" && made.findings[0].clause === "garden-flowers" && made.findings[0].say.includes("555-0100"), JSON.stringify(made));
	});
	await heron.context.close();
}

async function onPaper(lucy) {
	const james = await come("james");
	const { page } = james;
	const record = async (name, method, note) => {
		await page.goto("/people");
		await page.locator("main a", { hasText: name }).first().click();
		const line = page.locator("section:has(#papers) li", { hasText: "The garden" });
		await line.getByRole("button").click();
		await page.locator(`dialog input[value=${method}]`).check();
		if (method === "on_behalf") {
			await send(page);
			await page.locator("dialog #note-error").waitFor();
		}
		await page.locator("dialog #note").fill(note);
		await look(james, `policies-record-${method}`);
		await send(page);
		await told(page, "is on record");
		return line;
	};
	await stepOrEnd("who works here notes, where the person is, what was said on the phone", async () => {
		const line = await record("Rosa", "on_behalf", "Read aloud on the phone on Monday; she said yes.");
		await line.filter({ hasText: "James Okafor" }).filter({ hasText: "On their behalf" }).waitFor();
		await look(james, "policies-person");
	});
	await stepOrEnd("and what was signed on paper", async () => {
		const line = await record("Tom B.", "paper", "The signed page is in the blue folder.");
		await line.filter({ hasText: "On paper" }).waitFor();
	});
	await stepOrEnd("the report names the witness, and its file holds each of them", async () => {
		await lucy.page.goto("/manage/policies/the-garden/acknowledgements?state=done");
		await lucy.page.locator("main li", { hasText: "Rosa" }).filter({ hasText: "Witness: James Okafor" }).waitFor();
		await look(lucy, "policies-report");
		const loading = lucy.page.waitForEvent("download");
		await lucy.page.locator("main a[download]").click();
		const file = await loading;
		const lines = readFileSync(await file.path(), "utf8").split("\r\n");
		assert.equal(lines[0], "member,name,role,state,version,language,method,at,sha256,witness,note");
		const of = (name) => lines.find((line) => line.includes(`,${name},`));
		assert.match(of("Rosa"), /,patient,done,1,\w\w,on_behalf,\d{4}-\d\d-\d\dT[\d:]+Z,[0-9a-f]{64},James Okafor,/);
		assert.match(of("Tom B."), /,caregiver,done,1,\w\w,paper,.*blue folder/);
		assert.match(of("Quiet Heron"), /,patient,done,1,en,self,/);
		assert.match(of("Maple Street"), /,patient,missing,,,,,,,$/);
		assert.match(file.suggestedFilename(), /^the-garden.*\.csv$/);
	});
	await james.context.close();
}
