// What people set for themselves and for the practice: wrong input keeps what was typed, devices are signed out from afar, a draft
// outlives a session that ended elsewhere, and an own address changes by the letter to the new one.
import assert from "node:assert/strict";
import { ask, beginComment, browse, demo, look, PASSWORD, rounds, signIn, walk, writeOnlyHere } from "./house.mjs";

const browser = await browse();

async function round(cast) {
	await practice(cast);
	await devices(cast);
	await expired(cast);
	await idle(cast);
	await address(cast);
}

const focusId = (page) => page.evaluate(() => document.activeElement?.id);
/** The faults at the fields, as they stand beside them. */
const faults = (page) => page.locator("main .field .error").evaluateAll((all) => all.map((one) => one.id));

async function practice({ come, step }) {
	const ana = await come("ana");
	const { page, t } = ana;
	const save = page.locator("main form").first().locator("button[type=submit]");
	await page.goto("/settings/practice");
	await page.locator("#mail").waitFor();
	await step("the practice's settings: what is wrong is told at each field and above, and nothing that was typed is lost", async () => {
		await page.fill("#name", " ");
		await page.fill("#idle_staff", "0");
		await page.fill("#idle_patient", "");
		await page.fill("#hours", "Always\nand ever");
		await save.click();
		assert.deepEqual(await faults(page), ["name-error", "idle_staff-error", "idle_patient-error"]);
		await page.waitForFunction((words) => document.activeElement?.getAttribute("aria-label") === words, t("page.problem"));
		await look(ana, "practice-wrong-here");
		await page.locator("main a[href='#idle_patient']").click();
		assert.equal(await focusId(page), "idle_patient");
		assert.equal(await page.getAttribute("#idle_patient", "aria-describedby"), "idle_patient-error");
		assert.equal(await page.inputValue("#hours"), "Always\nand ever");
	});
	await step("what only the server knows to be wrong is told alike", async () => {
		await page.fill("#name", "Riverside Family Practice");
		await page.fill("#idle_staff", "3");
		await page.fill("#idle_patient", "500");
		await page.fill("#phone", "555-0177\u202e");
		await save.click();
		await page.locator("#idle_staff-error").waitFor();
		assert.deepEqual(await faults(page), ["phone-error", "idle_staff-error", "idle_patient-error"]);
		await look(ana, "practice-wrong-there");
		assert.equal(await page.inputValue("#idle_patient"), "500");
		assert.equal(await page.inputValue("#hours"), "Always\nand ever");
	});
	await step("mended, they are saved and seen at once", async () => {
		await page.fill("#idle_staff", "20");
		await page.fill("#idle_patient", "40");
		await page.fill("#phone", "555-0177");
		await save.click();
		await page.locator("main form").first().locator("[role=status]", { hasText: t("page.saved") }).waitFor();
		await page.locator("footer", { hasText: "555-0177" }).waitFor();
		assert.equal((await ask(ana, "GET", "/practice/settings")).idle_staff, 20);
	});
	await bilingual(ana, step, save);
	await step("the address that links begin with: a wrong one is refused, a right one is used in the next letter", async () => {
		await page.locator("#url-change").click();
		await page.waitForFunction(() => document.activeElement?.id === "url");
		await page.fill("#url", "riverside.example/join");
		await page.keyboard.press("Enter");
		await page.locator("#url-error").waitFor();
		await look(ana, "public-url-wrong");
		assert.equal(await page.inputValue("#url"), "riverside.example/join");
		// Its cookie would be for https only, and this page came without.
		await page.fill("#url", "https://riverside.example");
		await page.keyboard.press("Enter");
		await page.locator("#url-error", { hasText: t("fault.public_url_not_here", { url: "https://riverside.example" }) }).waitFor();
		await look(ana, "public-url-not-here");
		await page.fill("#url", "http://riverside.example");
		await page.keyboard.press("Enter");
		await page.getByText(t("settings.url.saved")).waitFor();
		assert.equal(await focusId(page), "url-change", "the focus is lost");
		await look(ana, "public-url");
		const { id } = await ask(ana, "POST", "/invitations", { email: `url.${ana.width}@people.example`, role: "patient", communities: [], language: "en" });
		const { link } = await ask(ana, "POST", `/invitations/${id}/link`, {});
		assert.match(link, /^http:\/\/riverside\.example\/join#/);
		await page.locator("#url-change").click();
		await page.getByRole("button", { name: t("settings.url.own") }).click();
		await page.getByText(t("settings.url.from_server")).waitFor();
	});
	await ana.context.close();
}

const SAID = {
	en: { hours: "Mondays only,\n9 to 10", emergency: "Call 911 at once." },
	es: { hours: "Solo los lunes,\nde 9 a 10", emergency: "Llame al 911 enseguida." },
};

/** What the foot of the page says in a language, and nothing of what it says in the other. */
async function footSays({ page }, language, said) {
	const words = Object.values(said[language]).map((text) => text.replaceAll("\n", " "));
	await page.waitForFunction((words) => {
		const foot = document.querySelector("footer").innerText.replace(/\s+/g, " ");
		return words.every((one) => foot.includes(one));
	}, words);
	const foot = (await page.locator("footer").innerText()).replace(/\s+/g, " ");
	const others = Object.values(said[language === "en" ? "es" : "en"]).map((text) => text.replaceAll("\n", " "));
	for (const one of others) if (!words.includes(one)) assert.ok(!foot.includes(one), `${language}: the foot says “${one}”`);
}

/** The practice speaks English; whoever looks after it may read either. */
async function bilingual(ana, step, save) {
	const { page, t } = ana;
	const saved = () => page.locator("main form").first().locator("[role=status]", { hasText: t("page.saved") });
	const store = async () => {
		await save.click();
		await saved().waitFor();
	};
	const own = ana.locale.slice(0, 2);
	const other = own === "en" ? "es" : "en";
	const readIn = async (language) => {
		await ask(ana, "PATCH", "/me", { language });
		await page.goto("/settings/practice");
		await page.locator("#mail").waitFor();
	};
	await step("hours and what to do in an emergency: said in both languages, each reader sees their own", async () => {
		for (const [id, language] of [["hours", "en"], ["hours_other", "es"], ["emergency", "en"], ["emergency_other", "es"]]) {
			assert.equal((await page.locator(`label[for=${id}]`).innerText()).replace(t("page.optional"), "").trim(), t(`settings.practice.${id.replace("_other", "")}_${language}`));
			assert.equal(await page.getAttribute(`#${id}`, "lang"), language);
			await page.fill(`#${id}`, SAID[language][id.replace("_other", "")]);
		}
		await store();
		await footSays(ana, own, SAID);
		await look(ana, "practice-two-languages");
		await readIn(other);
		await footSays(ana, other, SAID);
		await look(ana, "practice-two-languages-read-in-the-other");
		await readIn(own);
	});
	await step("the practice's language becomes the other one: each text stays with its language", async () => {
		await page.selectOption("#language", "es");
		assert.equal(await page.inputValue("#hours"), SAID.es.hours);
		assert.equal(await page.inputValue("#emergency_other"), SAID.en.emergency);
		assert.ok((await page.locator("label[for=hours]").innerText()).startsWith(t("settings.practice.hours_es")));
		await store();
		await footSays(ana, own, SAID);
		const { language, hours, hours_other } = await ask(ana, "GET", "/practice/settings");
		assert.deepEqual({ language, hours, hours_other }, { language: "es", hours: SAID.es.hours, hours_other: SAID.en.hours });
		await page.selectOption("#language", "en");
		assert.equal(await page.inputValue("#hours"), SAID.en.hours);
		await store();
	});
	await step("what is said in one language alone is shown in both", async () => {
		await page.fill("#hours_other", "");
		await page.fill("#emergency_other", " ");
		await store();
		const once = { en: SAID.en, es: SAID.en };
		await footSays(ana, own, once);
		await readIn(other);
		await footSays(ana, other, once);
		await readIn(own);
	});
}

async function devices({ come, step }) {
	const here = await come("heron");
	const there = await come("heron");
	const library = await come("heron");
	const { page, t } = here;
	const list = page.locator("section[aria-labelledby=devices]");
	await step("one device is signed out from another, then all the others", async () => {
		await writeOnlyHere(library, "What nobody else should read here");
		await page.goto("/settings");
		await list.locator("li").nth(2).waitFor();
		await look(here, "devices");
		await list.locator("li button").first().click();
		await list.locator("li").nth(2).waitFor({ state: "detached" });
		assert.equal(await focusId(page), "devices", "the focus is lost");
		await list.getByRole("button", { name: t("settings.devices.end_others") }).click();
		await list.getByText(t("settings.devices.alone")).waitFor();
		for (const other of [there, library]) assert.equal((await ask(other, "GET", "/session")).signed_in, false);
		await there.page.locator("main h1", { hasText: t("session.signed_out.title") }).waitFor();
		await look(there, "signed-out");
		// Where words are nowhere else, the page asks before it goes.
		await library.page.locator("dialog #password").waitFor();
		await look(library, "signed-out-elsewhere");
		await library.page.locator("dialog button").last().click();
		await library.page.locator("main h1", { hasText: t("session.signed_out.title") }).waitFor();
	});
	for (const who of [here, there, library]) await who.context.close();
}

async function expired({ come, step }) {
	const maple = await come("maple");
	const elsewhere = await come("maple");
	const words = "What I was in the middle of";
	await step("a session that ended elsewhere: the password is asked for over the page, and what was written goes on its way", async () => {
		const { page } = maple;
		await beginComment(maple, words);
		await ask(elsewhere, "DELETE", "/sessions");
		await page.locator("dialog #password").waitFor();
		assert.equal(await focusId(page), "password");
		await look(maple, "expired");
		for (let n = 0; n < 4; n++) await page.keyboard.press("Escape");
		assert.ok(await page.locator("dialog").isVisible(), "Escape uncovers the page");
		await page.fill("dialog #password", "not the right one");
		await page.keyboard.press("Enter");
		await page.locator("dialog [role=group]").waitFor();
		await page.fill("dialog #password", PASSWORD);
		await page.keyboard.press("Enter");
		await page.locator("dialog").waitFor({ state: "detached" });
		await page.locator("main form:has(textarea) button[type=submit]").click();
		await page.locator("main article", { hasText: words }).last().waitFor();
		await page.locator("main form textarea").waitFor({ state: "detached" });
	});
	for (const who of [maple, elsewhere]) await who.context.close();
}

async function idle({ come, step }) {
	const who = await come("rosa");
	const { page, t } = who;
	await step("the idle warning takes the focus, is answered by keyboard, and gives the focus back", async () => {
		await page.clock.install();
		await page.goto("/");
		await beginComment(who, "Half a thought");
		await page.locator("main form").getByText(t("post.draft.saved")).first().waitFor(); // an answer that came after the minutes have passed would count as activity
		const { session } = await ask(who, "GET", "/me");
		// The idle minutes of the server's time are not waited for: it answers as it then would.
		const left = { signed_in: true, idle_seconds_left: 110, idle_seconds: session.idle_seconds, warn_seconds: 120, expires: session.expires };
		await page.route("**/api/clinic/session", (route) => route.fulfill({ json: left }));
		for (const key of ["Enter", "Escape", "Space"]) {
			await page.locator("main form textarea").focus();
			await page.clock.fastForward((session.idle_seconds - 100) * 1000);
			await page.locator("dialog").waitFor();
			assert.ok(await page.evaluate(() => document.activeElement.matches("dialog button:first-of-type")), "the first answer has no focus");
			if (key === "Enter") await look(who, "idle-warning");
			for (let n = 0; n < 3; n++) {
				await page.keyboard.press("Tab");
				assert.ok(await page.evaluate(() => !document.activeElement.closest("main")), "Tab leads behind the dialog");
			}
			await page.locator("dialog button").first().focus();
			if (key === "Escape") await unheard(who, key);
			await page.keyboard.press(key);
			await page.locator("dialog").waitFor({ state: "detached" });
			await who.settled();
			assert.ok(await page.evaluate(() => document.activeElement.matches("textarea")), "the focus is not where it was");
		}
		assert.equal(await page.inputValue("main form textarea"), "Half a thought");
	});
	await who.context.close();
}

/** The answer does not reach the server: the question stays, says so, and can be answered again. */
async function unheard(who, key) {
	const { page, t } = who;
	const problem = page.locator("dialog").getByRole("group", { name: t("page.problem") });
	for (const fail of [(route) => route.abort(), (route) => route.fulfill({ status: 502, body: "" })]) {
		await page.route("**/api/clinic/session/keep", fail);
		for (let n = 0; n < 4; n++) await page.keyboard.press(key); // a browser takes the second Escape for itself, where it is let
		await problem.waitFor();
		await who.settled();
		assert.ok(await page.locator("dialog").isVisible(), "the question is gone unheard");
		await page.unroute("**/api/clinic/session/keep");
	}
	await look(who, "idle-warning-unheard");
}

async function address({ house, come, step }) {
	const rosa = await come("rosa");
	const { page, t } = rosa;
	const next = "rosa.new@people.example";
	const form = page.locator("form:has(#email)");
	await step("a new address of one's own is confirmed from there, and told to the old one", async () => {
		await page.goto("/settings");
		await page.locator("#change-address").click();
		await page.waitForFunction(() => document.activeElement?.id === "email");
		await page.fill("#email", next);
		await form.locator("#password").fill("not the right one");
		await page.keyboard.press("Enter");
		await form.locator("#password-error").waitFor();
		assert.equal(await page.inputValue("#email"), next, "what was typed is lost");
		await look(rosa, "address-password");
		await form.locator("#password").fill(PASSWORD);
		await page.keyboard.press("Enter");
		await page.waitForFunction(() => document.activeElement?.id === "signing-in-done");
		await look(rosa, "address-sent");
		const link = (await house.letter(next)).text.match(/http\S+\/confirm#\S+/)[0];
		const guest = await come("");
		await guest.page.goto(link);
		await guest.page.getByRole("button", { name: guest.t("session.confirm.do") }).click();
		await guest.page.locator("main h1", { hasText: guest.t("session.confirm.done_title") }).waitFor();
		await look(guest, "address-confirmed");
		await guest.page.goto("about:blank");
		await guest.page.goto(link);
		await guest.page.getByRole("button", { name: guest.t("session.confirm.do") }).click();
		await guest.page.locator("main h1", { hasText: guest.t("session.confirm.dead_title") }).waitFor();
		const told = await house.letter("rosa@demo.example", t("member.letter.address_changed.text"));
		assert.equal(told.text.includes(next), false, "the letter to the old address names the new one");
		await signIn(guest, next);
		await guest.context.close();
	});
	await rosa.context.close();
}

await walk("settings", () => rounds(browser, round));
