// The first visit of a new practice: no open door without the link from the terminal, every wrong input told at its place, and in the end
// a list of what is still to be done. Its first patient is invited before there is a mail relay: on paper, or by a link in person.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ask, browse, look, person, serve, stepOrEnd, walk } from "./house.mjs";

const folder = mkdtempSync(join(tmpdir(), "kinward-walk-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
const expects = ["the server responded with a status"];
const browser = await browse();

async function round(width, locale, dark) {
	const house = await serve(join(folder, width, "data"));
	const step = (name, work) => stepOrEnd(`${width} ${locale}: ${name}`, work);
	const founder = await person(browser, house, { width, locale, dark, expects });
	const { page, t } = founder;
	const field = (name) => page.locator(`[id="${name}"]`);
	const submit = () => page.locator("main form button[type=submit]").first().click();
	const wrong = (...names) => Promise.all(names.map((name) => page.locator(`[id="${name}-error"]`).waitFor()));
	let link;

	await step("every page of a practice that is not set up says so, and offers nothing else", async () => {
		for (const path of ["/", "/sign-in", "/people", "/setup"]) {
			await page.goto(path);
			await page.locator("main h1", { hasText: t("setup.no_link.title") }).waitFor();
			assert.equal(await page.locator("main input").count(), 0);
		}
		await look(founder, "setup-no-link");
		link = house.said().match(/http\S+\/setup#\S+/)?.[0];
		assert.ok(link, `no link on the terminal: ${house.said()}`);
	});
	await step("a wrong link is refused, and what was typed stays", async () => {
		await page.goto("about:blank");
		await page.goto(`${house.url}/setup#${"A".repeat(43)}`);
		await field("practice.name").waitFor();
		await submit();
		await wrong("practice.name", "practice.phone", "practice.hours");
		await look(founder, "setup-missing");
		await field("practice.name").fill("Riverside Family Practice");
		await field("practice.phone").fill("555-0100");
		await field("practice.hours").fill("8 to 5");
		await submit();
		await field("name").fill("Ana Ruiz");
		await field("email").fill("ana@practice.example");
		await field("password").fill("sunny river walk");
		await submit();
		await page.locator("main [role=group]", { hasText: t("fault.set_up_link_wrong") }).waitFor();
		assert.equal(await field("email").inputValue(), "ana@practice.example");
		await look(founder, "setup-wrong-link");
	});
	await step("the right one takes the secret out of the address bar", async () => {
		await page.goto("about:blank");
		await page.goto(link);
		await field("practice.name").waitFor();
		assert.ok(!page.url().includes("#"));
		await look(founder, "setup-practice");
		await field("practice.name").fill("Riverside Family Practice");
		await field("practice.phone").fill("5".repeat(41));
		await field("practice.hours").fill("8 to 5");
		await field("practice.emergency").fill("Call 911.");
		await submit();
		await field("name").waitFor();
		await submit();
		await wrong("name", "email", "password");
		await look(founder, "setup-person-missing");
	});
	await step("what only the server knows to be wrong leads to its screen and its field", async () => {
		await field("name").fill("Ana Ruiz");
		await field("email").fill("ana at practice");
		await field("password").fill("password123");
		await submit();
		await wrong("practice.phone");
		assert.equal(await field("practice.name").inputValue(), "Riverside Family Practice", "what was typed is lost");
		await look(founder, "setup-phone-long");
		await field("practice.phone").fill("555-0100");
		await submit();
		await field("name").waitFor();
		assert.equal(await field("email").inputValue(), "ana at practice");
		await submit();
		await wrong("email", "password");
		await look(founder, "setup-person-wrong");
		await field("email").fill("ana@practice.example");
		await field("password").fill("sunny river walk");
	});
	await step("back to the practice and on again loses nothing", async () => {
		await page.locator("main button", { hasText: t("page.back") }).click();
		assert.equal(await field("practice.emergency").inputValue(), "Call 911.");
		await submit();
		assert.equal(await field("password").inputValue(), "sunny river walk");
	});
	await step("the practice is there, its founder signed in, and a list says what is still to be done", async () => {
		await submit();
		await page.locator("main h1", { hasText: t("setup.list.title") }).waitFor();
		await page.locator("main li").nth(4).waitFor();
		assert.equal(await page.locator("main li.done").count(), 3);
		await look(founder, "setup-list");
		assert.equal((await ask(founder, "GET", "/me")).name, "Ana Ruiz");
	});
	await step("a second time the link says that it is over", async () => {
		const other = await person(browser, house, { width, locale, dark, expects });
		await other.page.goto(link);
		await other.page.locator("main h1", { hasText: t("setup.over.title") }).waitFor();
		await look(other, "setup-over");
		await other.context.close();
	});
	await step("the policies accepted and a first community opened, the list leads to the first invitation", async () => {
		await page.locator("main a[href^='/acknowledge']").click();
		await page.waitForURL(/acknowledge/);
		for (let n = 0; n < 12 && page.url().includes("/acknowledge"); n++) {
			await page.locator("#accept").check();
			const before = await page.locator("main h1").innerText();
			await page.locator("form:has(#accept) button[type=submit]").click();
			await page.waitForFunction((before) => !location.pathname.includes("/acknowledge") || document.querySelector("main h1")?.innerText !== before, before);
		}
		await page.waitForURL(/\/setup/);
		await field("name").fill("Living with diabetes");
		await submit();
		await page.locator("main li.done").nth(3).waitFor();
		await look(founder, "setup-list-community");
	});
	await withoutARelay(founder, step);
	await founder.context.close();
	await house.stop();
}

/** Nothing can be sent here, and nothing says that it was: a letter is printed, or a link handed over. */
async function withoutARelay(founder, step) {
	const { page, t, context } = founder;
	const email = "first@people.example";
	const entry = page.locator("main article", { hasText: email });
	const button = (key) => page.getByRole("button", { name: t(key), exact: true });

	await step("invited without a relay: the page says so, and offers the letter to print and the link to hand over", async () => {
		await page.goto("/invitations");
		await page.locator("main h2", { hasText: t("invitations.none") }).waitFor();
		await page.locator("main a[href='/invitations/new']").click();
		await page.locator("#communities label", { hasText: "Living with diabetes" }).locator("input").check();
		await page.fill("#email", email);
		await page.locator("main form button[type=submit]").click();
		const told = page.locator("main form [role=status]", { hasText: t("invitations.meaning.not_mailed") });
		await told.locator("a[href$='/letter']").waitFor();
		await look(founder, "setup-invited");
		await told.locator("a", { hasText: t("invitations.link") }).click();
		await entry.getByText(t("invitations.status.not_mailed"), { exact: true }).waitFor();
		await page.locator("main", { hasText: t("invitations.no_relay_body") }).waitFor();
	});
	await step("the link is copied, and where a browser copies nothing it is marked", async () => {
		await context.grantPermissions(["clipboard-read", "clipboard-write"]);
		await button("invitations.link").click();
		const dialog = page.locator("dialog");
		await dialog.locator("code").waitFor();
		const link = await dialog.locator("code").innerText();
		assert.match(link, /\/join#[\w-]{43}$/);
		await button("invitations.link_copy").click();
		await dialog.getByText(t("invitations.link_copied")).waitFor();
		assert.equal(await page.evaluate(() => navigator.clipboard.readText()), link);
		await look(founder, "setup-link");
		// As in a page without TLS, where browsers offer no clipboard.
		await page.evaluate(() => Object.defineProperty(navigator, "clipboard", { value: undefined, configurable: true }));
		await button("invitations.link_copy").click();
		await dialog.getByText(t("invitations.link_by_hand")).waitFor();
		assert.equal(await page.evaluate(() => String(getSelection())), link);
		await button("page.close").click();
		await dialog.waitFor({ state: "detached" });
	});
	await step("the letter to print names the practice and the link, and nothing of anybody's health", async () => {
		await entry.locator("a[href$='/letter']").click();
		await page.locator("main article img").waitFor();
		const letter = await page.locator("main article").innerText();
		assert.match(letter, /\/join#[\w-]{43}/);
		assert.ok(letter.includes("Riverside Family Practice") && letter.includes("555-0100"), letter);
		assert.doesNotMatch(letter, /diabetes/i);
		await look(founder, "setup-letter");
	});
	await step("tried again and looked up, the invitation's story says that nothing was mailed, and never that it was sent", async () => {
		await page.goto("/invitations");
		await button("invitations.resend").click();
		await entry.locator("details summary").click();
		await entry.locator("li", { hasText: t("invitations.event.resent") }).waitFor();
		const story = await entry.locator("ol").innerText();
		for (const event of ["approved", "not_mailed", "link_made"]) assert.ok(story.includes(t(`invitations.event.${event}`)), story);
		// "Sin enviar" is what it says in Spanish of a letter that was not mailed.
		assert.doesNotMatch((await entry.innerText()).replaceAll(t("invitations.event.not_mailed"), ""), /\bsent\b|\benviad[ao]s?\b/i);
		await look(founder, "setup-story");
	});
}

await walk("setup", async () => {
	await round("desk", "en-US", false);
	await round("phone", "es-MX", true);
});
