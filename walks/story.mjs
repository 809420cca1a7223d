// The main story in a real browser and over real SMTP: a provider invites, the letter arrives, the patient joins on a phone, reads
// and acknowledges the policies, and posts; on the desk the provider reads and answers.
import assert from "node:assert/strict";
import { browse, demo, look, person, signIn, stepOrEnd, walk } from "./house.mjs";

const house = await demo();
const browser = await browse();

/** Opens the composer where it waits, and writes. */
async function compose(page, text, title) {
	const area = page.locator("main form textarea");
	const opener = page.locator("main button#opener");
	await area.or(opener).first().waitFor();
	if (!(await area.isVisible())) await opener.first().click();
	if (title) await page.locator("main form input[id$=title]").fill(title);
	await area.fill(text);
}

async function story(width, locale, dark, n) {
	const words = locale.startsWith("es")
		? { title: "Hola a todos", text: "Soy **nueva** aquí.\n\n<script>alert(1)</script>" }
		: { title: "Hello everyone", text: "I am **new** here.\n\n<script>alert(1)</script>" };
	const address = `walker${n}@people.example`;
	const ana = await person(browser, house, { width });
	const patient = await person(browser, house, { width, locale, dark });

	await stepOrEnd(`${width} ${locale}: the provider signs in and invites`, async () => {
		await signIn(ana, "ana@demo.example");
		await ana.page.goto("/invitations/new");
		await ana.page.fill("#email", address);
		await ana.page.selectOption("#language", locale.slice(0, 2));
		await ana.page.check('#communities label:has-text("Living with diabetes") input');
		await look(ana, "invite");
		await ana.page.click("main form button[type=submit]");
		await ana.page.waitForSelector("main [role=status] >> text=" + address);
	});
	let link;
	await stepOrEnd(`${width} ${locale}: the letter arrives without health context`, async () => {
		const letter = await house.letter(address);
		link = letter.text.match(/http\S+\/join#[\w-]{43}/)?.[0];
		assert.ok(link, "the letter has no link");
		assert.doesNotMatch(letter.text + letter.subject + letter.html, /diabetes/i);
		for (let i = 0; i < 5; i++) {
			await fetch(link.split("#")[0]);
			await fetch(link.split("#")[0], { method: "HEAD" });
		}
	});
	await stepOrEnd(`${width} ${locale}: the provider sees that the relay took it, with what the relay said`, async () => {
		const { page, t } = ana;
		await page.goto(`/invitations?q=${address}`);
		await page.locator("main article details summary").click();
		const taken = page.locator("main article li", { hasText: t("invitations.event.accepted_by_relay") });
		await taken.getByText(/\b2\d\d\b/).waitFor(); // RFC 5321 section 4.2.1: a positive answer
		await look(ana, "invitation-story");
	});
	await stepOrEnd(`${width} ${locale}: the patient joins`, async () => {
		const { page } = patient;
		await page.goto(link);
		await page.waitForSelector("h1");
		assert.ok(!page.url().includes("#"), "the token stays in the address bar");
		await look(patient, "join-1-welcome");
		await page.click("main button:not([aria-pressed])");
		await page.waitForSelector("#password");
		await look(patient, "join-2-account");
		await page.fill("#name", `Walker ${n}`);
		await page.fill("#password", "a long walk by the sea");
		await page.click("main form button[type=submit]");
		await page.waitForSelector("main section, main article");
		await look(patient, "join-3-policies");
	});
	await stepOrEnd(`${width} ${locale}: they acknowledge the policies and are in`, async () => {
		const { page } = patient;
		await page.locator("main nav a[href^='#text-']").last().click();
		await page.waitForFunction(() => document.activeElement?.id.startsWith("text-"));
		for (const box of await page.locator("main input[type=checkbox]").all()) await box.check();
		await page.locator("main button[type=submit], main form button").last().click();
		await page.waitForFunction(() => !document.querySelector("#password"));
		await look(patient, "join-4-done");
		await page.goto("/");
		await page.waitForSelector("main a[href^='/communities/']");
		await look(patient, "home");
	});
	await stepOrEnd(`${width} ${locale}: they decide that their words may be shared`, async () => {
		const { page } = patient;
		await page.click("main a[href^='/communities/']");
		await page.waitForURL(/\/communities\//);
		await page.waitForSelector("main a[href^='/authorization']");
		await look(patient, "community-to-decide");
		await page.click("main a[href^='/authorization']");
		await page.waitForSelector("main form input[type=checkbox]");
		await look(patient, "authorization");
		await page.check("main form input[type=checkbox]");
		await page.click("main form button[type=submit]");
		await page.waitForURL(/\/communities\//);
		await page.goto("/");
	});
	let post;
	await stepOrEnd(`${width} ${locale}: they post`, async () => {
		const { page } = patient;
		await page.click("main a[href^='/communities/']");
		await page.waitForURL(/\/communities\//);
		await compose(page, words.text, words.title);
		await look(patient, "composer");
		await page.locator("main form:has(textarea) button[type=submit]").click();
		await page.locator("main").getByText(words.title).first().waitFor();
		await look(patient, "community");
		post = page.locator("main a[href^='/posts/']", { hasText: words.title }).first();
		await post.click();
		await page.waitForURL(/\/posts\//);
		await page.waitForSelector("main strong");
		await page.getByText("<script>alert(1)</script>").first().waitFor(); // raw HTML is shown as text
		await look(patient, "thread");
	});
	await stepOrEnd(`${width} ${locale}: the provider answers`, async () => {
		await ana.page.goto(new URL(patient.page.url()).pathname);
		await compose(ana.page, "Welcome. In general: take your time.");
		await ana.page.locator("main form:has(textarea) button[type=submit]").click();
		await ana.page.locator("main").getByText("take your time").first().waitFor();
		await look(ana, "thread-answered");
	});
	await stepOrEnd(`${width} ${locale}: the same link a second time ends in a next step`, async () => {
		const other = await person(browser, house, { width, locale, expects: ["409", "410"] });
		await other.page.goto(link);
		await other.page.waitForSelector("main a[href='/sign-in'], main button");
		await look(other, "join-used");
		await other.context.close();
	});
	await ana.context.close();
	await patient.context.close();
}

await walk("story", async () => {
	let n = 0;
	for (const width of ["phone", "desk", "zoomed"]) await story(width, n === 1 ? "es-MX" : "en-US", width === "phone", n++);
});
