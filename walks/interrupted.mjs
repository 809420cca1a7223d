// What comes between people and what they were about to do: a forgotten password, a session that ends while someone writes, a network
// that goes away, an account that is suspended.
import assert from "node:assert/strict";
import { ask, browse, demo, look, PASSWORD, person, picture, signIn, step, walk, writeOnlyHere } from "./house.mjs";

const house = await demo();
const browser = await browse();
const NEW_PASSWORD = "a long walk by the sea";
const SAVED = /^(Draft saved|Borrador guardado)/;

/** The browser itself notes each refused request and each lost connection on its console. */
const expects = ["the server responded with a status", "net::ERR"];
const someone = (width, locale) => person(browser, house, { width, locale, expects });
const submit = (page) => page.locator("main form button[type=submit]").last().click();
const heading = (page, text) => page.locator("main h1", { hasText: text }).waitFor();
const ana = await someone("desk", "en-US");

async function account() {
	const heron = await someone("phone", "en-US");
	const { page } = heron;
	/** Opens a link as a device would that has never been here. */
	const follow = async (link) => {
		await page.goto("about:blank");
		await page.goto(link);
	};
	await step("a forgotten password, to the end, and its link a second time", async () => {
		await page.goto("/sign-in");
		await page.click("main a[href='/forgotten']");
		await heading(page, "Forgot");
		await page.fill("#email", "heron@demo.example");
		await submit(page);
		const link = (await house.letter("heron@demo.example")).text.match(/http\S+\/reset#\S+/)[0];
		for (const [password, next] of [
			["password123", "first that somebody would guess"],
			[NEW_PASSWORD, "Your password is changed"],
		]) {
			if (!page.url().includes("/reset")) await follow(link);
			await page.fill("#password", password);
			await submit(page);
			await page.locator("main").getByText(next).first().waitFor();
		}
		await follow(link);
		await page.fill("#password", PASSWORD);
		await submit(page);
		await heading(page, "does not work any more");
		await look(heron, "path-reset-again");
	});
	await step("the password changed in the settings: a wrong one is told, a right one is kept", async () => {
		await signIn(heron, "heron@demo.example", NEW_PASSWORD);
		await page.goto("/settings");
		await page.click("#change-password");
		for (const [current, seen] of [
			["not the right one", "not your current password"],
			[NEW_PASSWORD, "Your password is changed"],
		]) {
			await page.fill("#current", current);
			await page.locator("form:has(#current) #password").fill(PASSWORD);
			await page.locator("form:has(#current) button[type=submit]").click();
			await page.locator("main").getByText(seen).first().waitFor();
		}
		await look(heron, "path-password-changed");
	});
	await heron.context.close();
}

const opener = (page) => page.locator("main button#opener").first();
const area = (page) => page.locator("main form textarea").first();

/** Signs in, goes to a post, and has begun a comment. */
async function writing(who, email, words) {
	await signIn(who, email);
	const { page } = who;
	await page.locator("main a[href^='/communities/']").first().click();
	await page.locator("main a[href^='/posts/']").first().click();
	await page.waitForURL(/\/posts\//);
	await opener(page).click();
	await area(page).fill(words);
	await page.locator("main form").getByText(SAVED).first().waitFor();
}

async function whileWriting() {
	const words = "Half a thought that must not be lost";
	await step("idle: the warning is answered by Enter; left alone, the page closes and the draft waits", async () => {
		const tom = await someone("phone", "en-US");
		const { page } = tom;
		await page.clock.install();
		await writing(tom, "tom@demo.example", words);
		// The idle minutes of the server's time are not waited for: it answers as it would.
		let answer = { signed_in: true, idle_seconds_left: 110, idle_seconds: 900, warn_seconds: 120, expires: new Date(Date.now() + 4e7) };
		await page.route("**/api/clinic/session", (route) => route.fulfill({ json: answer }));
		const warned = ((await ask(tom, "GET", "/me")).session.idle_seconds - 100) * 1000;
		await page.clock.fastForward(warned);
		await page.locator("dialog").waitFor();
		await look(tom, "path-idle");
		await page.keyboard.press("Enter");
		await page.locator("dialog").waitFor({ state: "detached" });
		assert.equal(await area(page).inputValue(), words);
		await page.clock.fastForward(warned);
		await page.locator("dialog").waitFor();
		answer = { signed_in: false };
		await page.clock.fastForward("03:00");
		await page.waitForURL(/signed-out/);
		await look(tom, "path-idle-over");
		await page.getByText(words).waitFor({ state: "detached" });
		await tom.context.close();
		const again = await someone("desk", "en-US");
		await signIn(again, "tom@demo.example");
		await again.page.goto(new URL(page.url(), house.url).searchParams.get("next"));
		await again.page.waitForSelector("main textarea, main button#opener");
		if (!(await area(again.page).isVisible())) await opener(again.page).click();
		await again.page.waitForFunction((words) => document.querySelector("main form textarea")?.value === words, words);
		await again.context.close();
	});
	await step("off line: the words stay, are said to be unsaved, and are saved when the network is back", async () => {
		const rosa = await someone("phone", "es-MX");
		const { page } = rosa;
		await writing(rosa, "rosa@demo.example", "Antes");
		await rosa.context.setOffline(true);
		await area(page).fill(words);
		await page.locator("main form [role=status] button").waitFor();
		await picture(page, "path-offline");
		await rosa.context.setOffline(false);
		await page.locator("main form").getByText(SAVED).first().waitFor();
		await page.locator("main form button[type=submit]").click();
		await page.locator("main article, main li").getByText(words).first().waitFor();
		await rosa.context.close();
	});
	await step("suspended while writing: the page asks to sign in, and says whom to call", async () => {
		const maple = await someone("phone", "en-US");
		const { page } = maple;
		await signIn(maple, "maple@demo.example");
		await writeOnlyHere(maple, "What I was in the middle of");
		const [member] = (await ask(ana, "GET", "/members?q=maple")).items;
		await ana.page.goto(`/people/${member.id}`);
		await ana.page.getByRole("button", { name: "Suspend" }).click();
		await ana.page.fill("dialog textarea", "The phone was stolen");
		await look(ana, "path-suspend");
		await ana.page.locator("dialog button[type=submit]").click();
		await ana.page.locator("main [role=group]", { hasText: "is suspended" }).waitFor();
		await page.fill("dialog #password", PASSWORD);
		await page.locator("dialog button[type=submit]").click();
		await page.locator("dialog").getByText("555-0100").first().waitFor();
		await look(maple, "path-suspended");
		await maple.context.close();
	});
}

await walk("interrupted", async () => {
	await signIn(ana, "ana@demo.example");
	await account();
	await whileWriting();
});
