// What members may say no to, and take back: the authorization to share with others, a later version of a policy, and the first one, after
// which only leaving is left. Who says no is told what follows and how to change their mind.
import assert from "node:assert/strict";
import { answerTo as ask, eachPart, fresh, paste, publish, saved, send } from "./drafting.mjs";
import { browse, demo, look, PASSWORD, person, signIn, stepOrEnd, walk } from "./house.mjs";

const house = await demo();
const browser = await browse();
const come = async (email, how = {}) => {
	const who = await person(browser, house, { expects: ["Failed to load resource"], ...how });
	who.page.setDefaultTimeout(12_000);
	await signIn(who, `${email}@demo.example`);
	if (how.locale) await ask(who.page, "PATCH", "/me", { language: how.locale.slice(0, 2) });
	return who;
};
const room = async (page) => (await ask(page, "GET", "/communities")).items.find(({ name }) => name === "Living with diabetes").id;

await walk("agreeing", async () => {
	// Each part stands for itself: where one ends early, the next is walked all the same.
	await eachPart([sharing, refusing, leavingAtTheDoor]);
});

async function sharing() {
	for (const [width, locale, email] of [
		["phone", "es-MX", "rosa"],
		["desk", "en-US", "maple"],
	]) {
		const who = await come(email, { width, locale });
		const { page } = who;
		const named = `${width} ${locale.slice(0, 2)}`;
		for (const { slug, kind } of (await ask(page, "GET", "/me")).owes) {
			if (kind !== "policy") continue;
			const { version, sha256 } = await ask(page, "GET", `/policies/${slug}`);
			await ask(page, "POST", `/policies/${slug}/acknowledge`, { version, sha256 });
		}
		const diabetes = `/communities/${await room(page)}`;
		await stepOrEnd(`${named}: an authorization is taken back, and the patient reads only`, async () => {
			await page.goto("/settings");
			await page.locator("main a[href^='/authorization']").first().click();
			await page.locator(".notice.good").waitFor();
			await look(who, "sharing-granted");
			await page.locator("main button", { hasText: /Take it back|Retirar/ }).click();
			await page.locator("dialog").waitFor();
			await look(who, "sharing-revoke");
			await page.locator("dialog button").first().click();
			await page.locator("form:has(#agree)").waitFor();
			await look(who, "sharing-revoked");
		});
		await stepOrEnd(`${named}: they are told where they would write, and how to give it again`, async () => {
			await page.goto(diabetes);
			await page.locator("main article").first().waitFor();
			assert.equal(await page.locator("#opener").count(), 0);
			await look(who, "sharing-read-only");
			const { data } = await ask(page, "POST", `${diabetes}/posts`, { kind: "discussion", body: "Hello" });
			assert.ok(data.error.code === "policy_acknowledgement_required" && data.error.params.authorization);
			await page.locator("main .notice a[href^='/authorization']").click();
			await page.locator("#agree").check();
			await page.locator("form:has(#agree) button[type=submit]").click();
			await page.waitForURL(`**${diabetes}`);
			await page.locator("#opener").waitFor();
		});
		await who.context.close();
	}
}

async function refusing() {
	const lucy = await come("lucy");
	await lucy.page.goto("/manage/policies/privacy");
	await lucy.page.locator(".paper .prose").waitFor();
	await paste(lucy.page, "\n\nThis is a change of the rules.");
	await saved(lucy.page);
	await publish(lucy.page, "material");
	await send(lucy.page);
	await fresh(lucy.page);
	await lucy.page.locator("main [role=status]", { hasText: "Version 2 is posted" }).waitFor();
	const maple = await come("maple", { width: "phone" });
	const { page } = maple;
	const diabetes = `/communities/${await room(page)}`;
	await stepOrEnd("who refuses a later version reads on and does not write", async () => {
		await page.goto("/acknowledge");
		await page.locator("summary", { hasText: "do not agree" }).click();
		await look(maple, "refusing-later");
		await page.check("input[value=read_only]");
		await page.locator("details form button[type=submit]").click();
		await page.locator("main [role=status] .notice").waitFor();
		await look(maple, "refused-later");
		await page.goto("/");
		await page.locator("#next").waitFor();
		await look(maple, "refused-home");
		await page.goto(diabetes);
		await page.locator("main article").first().waitFor();
		assert.equal(await page.locator("#opener").count(), 0);
		await page.locator("main .notice", { hasText: "You did not accept a change" }).waitFor();
		await look(maple, "refused-community");
		assert.equal((await ask(page, "POST", `${diabetes}/posts`, { kind: "discussion", body: "Hello" })).data.error.code, "policy_acknowledgement_required");
	});
	await stepOrEnd("and writes again once they accept after all", async () => {
		await page.locator("main .notice a[href^='/acknowledge']").click();
		await page.locator(".notice", { hasText: "You said that you do not accept this" }).waitFor();
		await look(maple, "refused-again");
		await page.check("#accept");
		await page.locator("form:has(#accept) button[type=submit]").click();
		await page.waitForURL(`**${diabetes}`);
		await page.locator("#opener").waitFor();
	});
	await maple.context.close();
}

async function leavingAtTheDoor() {
	const guest = await come("new", { width: "phone", locale: "es-MX" });
	const { page } = guest;
	await stepOrEnd("who refuses the first policy reads the policies and nothing else", async () => {
		await page.goto("/acknowledge");
		await page.locator("details:has(form) summary").click();
		await look(guest, "refusing-first");
		await page.check("input[value=read_only]");
		await page.locator("details form button[type=submit]").click();
		await page.locator("main [role=status] .notice", { hasText: "leer las normas" }).waitFor();
		await page.goto("/communities/nothing");
		await page.waitForURL(/\/acknowledge/);
		await page.locator(".notice", { hasText: "solo tiene abiertas las normas" }).waitFor();
		await look(guest, "refused-first");
		assert.equal((await ask(page, "GET", "/communities")).data.error.code, "policy_acknowledgement_required");
		await page.goto("/policies/privacy");
		await page.locator("main .prose, main h1").first().waitFor();
	});
	await stepOrEnd("and can leave from there", async () => {
		await page.goto("/acknowledge");
		await page.locator("details:has(form) summary").click();
		assert.equal(await page.locator("details input[type=radio]").count(), 1);
		await page.check("input[value=leaving]");
		await page.locator("details form button[type=submit]").click();
		const again = page.locator("dialog:has(#password)");
		const goodbye = page.locator("dialog", { hasText: "Usted dejó la comunidad" });
		await again.or(goodbye).first().waitFor();
		if (await again.isVisible()) {
			await again.locator("#password").fill(PASSWORD);
			await again.locator("button[type=submit]").click();
		}
		await goodbye.waitFor();
		await look(guest, "left");
		await goodbye.locator("button").click();
		await page.goto("/sign-in");
		await page.fill("#email", "new@demo.example");
		await page.fill("#password", PASSWORD);
		await page.click("main button[type=submit]");
		await page.locator("main .notice.bad").first().waitFor();
	});
}
