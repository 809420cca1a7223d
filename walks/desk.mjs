// The desk in a real browser: a patient reports, a lead gives back what is held and decides on the report, the author reads why,
// mends it and asks somebody else, and the moderator decides last.
import assert from "node:assert/strict";
import { browse, demo, look, person, signIn, stepOrEnd, walk } from "./house.mjs";

const house = await demo();
const browser = await browse();

const answer = async (page, what, words) => {
	await page.check(`input[name=decision][value=${what}]`);
	await page.fill("#reason", words);
	await page.click("section[aria-labelledby=decide] button[type=submit]");
	await page.waitForSelector(".notice.good");
};

await walk("desk", async () => {
	const heron = await person(browser, house, { width: "phone" });
	const maple = await person(browser, house, { width: "phone", expects: ["404"] });
	const james = await person(browser, house, { expects: ["404"] });
	const lucy = await person(browser, house, { dark: true });
	let thread;

	await stepOrEnd("a patient reports a comment, and reads at once whom to call", async () => {
		const { page } = heron;
		await signIn(heron, "heron@demo.example");
		await page.goto("/");
		await page.click("main a[href^='/communities/']:has-text('diabetes')");
		await page.click("main a[href^='/posts/']:has-text('My kitchen list')");
		await page.waitForURL(/\/posts\//);
		thread = new URL(page.url()).pathname;
		await page.locator("article", { hasText: "hides the bread" }).getByRole("button", { name: /Report what Tom/ }).click();
		await page.waitForSelector("dialog fieldset");
		await page.check("dialog input[value=crisis]");
		await page.waitForSelector("dialog a[href^='tel:']");
		await look(heron, "report-crisis");
		await page.check("dialog input[value=conduct]");
		assert.equal(await page.locator("dialog a[href^='tel:']").count(), 0);
		await page.fill("dialog #words", "This makes fun of somebody.");
		await page.click("dialog button[type=submit]");
		await page.waitForSelector("dialog >> text=Thank you");
		await look(heron, "report-sent");
		await page.click("dialog button");
		await page.goto("/");
		await page.waitForSelector("text=What you reported waits");
	});

	await stepOrEnd("the lead sees it on the desk and opens the held post by keyboard", async () => {
		const { page } = james;
		await signIn(james, "james@demo.example");
		await page.goto("/");
		await page.waitForSelector("nav a[href='/desk'] .count");
		await page.click("nav a[href='/desk']");
		await page.waitForSelector("main ul h2 a");
		assert.equal(await page.locator("main ul h2 a").count(), 2);
		await look(james, "desk-two");
		await page.locator("main ul h2 a").first().focus();
		await page.keyboard.press("ArrowDown");
		await page.keyboard.press("ArrowUp");
		await page.keyboard.press("Enter");
		await page.waitForURL(/\/desk\/\w+/);
		await page.waitForSelector("mark");
		assert.match(await page.locator("mark").first().innerText(), /555-0142/);
		await look(james, "desk-held");
	});

	await stepOrEnd("and gives it back with a reason", async () => {
		const { page } = james;
		await page.check("input[name=decision][value=return]");
		await page.selectOption("#preset", { index: 1 });
		assert.ok((await page.inputValue("#reason")).length > 20, "a preset reason is there to be edited");
		await look(james, "desk-decide");
		await answer(page, "return", "Please leave your neighbor's number out.");
		await look(james, "desk-decided");
	});

	let own;
	await stepOrEnd("the author gets a letter without a word of it, and reads the reason and the rule", async () => {
		const letter = await house.letter("maple@demo.example");
		assert.doesNotMatch(letter.text + letter.subject + letter.html, /neighbor|number|diabetes|555-0142/i);
		const { page } = maple;
		await signIn(maple, "maple@demo.example");
		await page.goto("/");
		await page.waitForSelector("text=Please change it");
		await look(maple, "home-returned");
		await page.click("main a[href^='/holds/']");
		await page.waitForSelector("text=leave your neighbor's number out");
		own = new URL(page.url()).pathname;
		assert.ok(letter.text.includes(own), "the letter leads there");
		assert.ok(await page.locator("main a[href*='#clause-']").first().isVisible());
		await look(maple, "own-returned");
	});

	await stepOrEnd("asks somebody else, who finds it on their desk", async () => {
		const { page } = maple;
		await page.getByRole("button", { name: "Ask somebody else" }).click();
		await page.fill("dialog #words", "She said I may.");
		await look(maple, "own-ask-again");
		await page.click("dialog button[type=submit]");
		await page.waitForSelector("text=Somebody else will look at it");
		await james.page.goto(own.replace("/holds/", "/desk/"));
		await james.page.waitForSelector("text=that is for somebody else");
		assert.equal(await james.page.locator("input[name=decision]").count(), 0);
	});

	await stepOrEnd("the author mends it meanwhile, and the moderator publishes it with a note", async () => {
		const { page } = maple;
		await page.click("#change");
		await page.waitForSelector("main textarea");
		await page.fill("main textarea", "When I was new to all this, my neighbor came by every evening. That helped.");
		await page.click("main form button[type=submit]");
		await page.waitForSelector("text=on its way to a person");
		await look(maple, "own-sent-again");
		await signIn(lucy, "lucy@demo.example");
		await lucy.page.goto(own.replace("/holds/", "/desk/"));
		await lucy.page.waitForSelector("input[name=decision]");
		await lucy.page.check("input[name=decision][value=note]");
		await lucy.page.fill("#note", "This is one person's experience.");
		await look(lucy, "desk-second-look");
		await answer(lucy.page, "note", "Lovely now. Thank you.");
	});

	await stepOrEnd("everybody reads it, with the note", async () => {
		const room = await maple.page.evaluate(
			async (id) => (await (await fetch(`/api/clinic/holds/${id}`)).json()).community.id,
			own.split("/").pop(),
		);
		await heron.page.goto(`/communities/${room}`);
		await heron.page.waitForSelector("main article >> text=That helped.");
		await heron.page.waitForSelector("main article >> text=one person's experience");
		await look(heron, "community-with-note");
	});

	await stepOrEnd("the report is found to be in order; who reported learns that somebody looked, and the author nothing", async () => {
		const { page } = james;
		await page.goto("/desk?source=report");
		await page.locator("main ul h2 a").first().click();
		await page.waitForSelector("text=makes fun of somebody");
		await look(james, "desk-report");
		await answer(page, "publish", "He makes fun of himself.");
		await heron.page.goto("/");
		await heron.page.waitForSelector("text=has looked at what you reported");
		const tom = await person(browser, house, {});
		await signIn(tom, "tom@demo.example");
		await tom.page.goto(thread);
		await tom.page.waitForSelector("article >> text=hides the bread");
		const holds = await tom.page.evaluate(async () => (await (await fetch("/api/clinic/holds")).json()).items);
		assert.deepEqual(holds, []);
		await tom.context.close();
	});

	await stepOrEnd("an empty desk says so", async () => {
		await james.page.goto("/desk");
		await james.page.waitForSelector("text=Nothing waits for you");
		await look(james, "desk-empty");
	});
});
