// Policies are edited in both admin UIs: by a member with the right to in our own page, and by an operator in the dashboard. Two who edit
// at once lose nothing. What each class of an edit brings to members is in classes.mjs.
import assert from "node:assert/strict";
import { fresh, operate, publish, saved, send, source, write } from "./drafting.mjs";
import { fillIn } from "./example.mjs";
import { ask, browse, look, person, signIn, stepOrEnd, walk } from "./house.mjs";
import { OPERATOR, practice } from "./practice.mjs";

// What the dashboard itself writes to the console, and answers that this walk provokes.
const EXPECTED = ["Failed to load resource"];

const house = await practice();
const browser = await browse();

const come = async (how) => {
	const who = await person(browser, house, { expects: EXPECTED, ...how });
	who.page.setDefaultTimeout(12_000);
	return who;
};
await walk("editor", editing);

/** The dashboard, signed in as its operator. */
async function dashboard(how = {}) {
	const who = await come(how);
	await operate(who);
	return who;
}

async function editing() {
	const lucy = await come({});
	const { page } = lucy;
	await stepOrEnd("an editor signs in and sees the list", async () => {
		await signIn(lucy, "lucy@demo.example");
		await page.goto("/manage/policies");
		await page.locator("main table").waitFor();
		await look(lucy, "manage-list");
	});
	await stepOrEnd("the editor opens with its preview beside it, and saves by itself", async () => {
		await page.locator("main table a", { hasText: "Community guidelines" }).click();
		await page.locator(".paper .prose").waitFor();
		await write(page, "\n\n31. Ask **before** you post a picture of the garden. {#garden-pictures}");
		await page.locator(".paper strong", { hasText: "before" }).waitFor();
		await saved(page);
		await look(lucy, "manage-editor");
	});
	await stepOrEnd("Tab leaves the text, and the tabs go by arrow keys", async () => {
		await source(page).click();
		await page.keyboard.press("Tab");
		assert.ok(!(await source(page).evaluate((box) => box.matches(":focus"))), "Tab stayed in the text");
		await page.locator("[role=tab]", { hasText: "Preview" }).focus();
		await page.keyboard.press("ArrowRight");
		await page.locator("ins", { hasText: "garden" }).waitFor();
		await look(lucy, "manage-changes");
		await page.locator("[role=tab][aria-selected=true]").press("ArrowRight");
		await page.locator("meter[aria-label]").waitFor();
		await look(lucy, "manage-reading");
		await page.locator("[role=tab][aria-selected=true]").press("Home");
	});
	await stepOrEnd("a version whose languages differ is not published", async () => {
		await publish(page, "clarification");
		await send(page);
		await fresh(page);
		await page.locator("dialog [role=group]", { hasText: "garden-pictures" }).waitFor();
		await look(lucy, "manage-publish-refused");
		await page.keyboard.press("Escape");
		await page.locator('[aria-label="Language of the text"] button', { hasText: "Español" }).click();
		await write(page, "\n\n31. Pregunte antes de publicar una foto del jardín. {#garden-pictures}");
		await saved(page);
	});
	await stepOrEnd("a material change is published", async () => {
		await publish(page, "material");
		await look(lucy, "manage-publish");
		await send(page);
		await fresh(page);
		await page.locator("[role=status]", { hasText: /is posted/ }).waitFor();
	});
	await stepOrEnd("a check that holds no more shows before it is published, and in the history to an editor alone", async () => {
		await page.goto("/manage/policies/staff-social-media");
		await page.locator(".paper .prose").waitFor();
		const rule = page.locator(".rule", { hasText: "Exact dates tied to a person" });
		await rule.locator("button", { hasText: "Change" }).click();
		await page.locator("dialog input[name=action][value=say]").check();
		await page.locator("dialog button[type=submit]").click();
		await page.fill("#strip-staff", "Speak of nobody.");
		await saved(page);
		await page.locator("[role=tab]", { hasText: "What changed" }).click();
		await page.locator(".panel del", { hasText: "Hold" }).waitFor();
		await page.locator(".panel ins", { hasText: "Speak of nobody." }).waitFor();
		await look(lucy, "manage-changes-checks");
		await publish(page, "typo");
		await page.locator("dialog del", { hasText: "Hold" }).waitFor();
		await page.locator("dialog ins", { hasText: "Speak of nobody." }).waitFor();
		await look(lucy, "manage-publish-checks");
		await send(page);
		await fresh(page);
		await page.locator("[role=status]", { hasText: /is posted/ }).waitFor();
		await page.goto("/policies/staff-social-media/versions?from=1&to=2");
		await page.locator("main del", { hasText: "Hold" }).waitFor();
		await look(lucy, "policy-history-checks");
		const told = await (await fetch(`${house.url}/api/clinic/policies/staff-social-media/versions/2?against=1`)).json();
		assert.ok(told.diff && !told.rules, "anyone is told of the checks");
	});
	await stepOrEnd("of two lines for the same writers one is shown, and the editor says which", async () => {
		await page.goto("/manage/policies/community-guidelines");
		await page.locator(".paper .prose").waitFor();
		await page.fill("#strip-staff", "Speak of everybody.");
		await page.locator("p", { hasText: "Not shown: they see the line of “Social media policy" }).waitFor();
		await page.fill("#strip-patients", "Be kind.");
		await page.locator("p", { hasText: "Shown in place of the line of “Urgent" }).waitFor();
		await saved(page);
		await look(lucy, "manage-strip");
		await page.locator("button", { hasText: "Throw the draft away" }).click();
		await page.locator("dialog button", { hasText: "Throw it away" }).click();
		await page.locator("[role=status]", { hasText: "was thrown away" }).waitFor();
	});
	await stepOrEnd("two who edit at once see both texts, and lose neither", async () => {
		const other = await dashboard();
		await other.page.locator(".kinward-policies a", { hasText: "Privacy in the community" }).click();
		await other.page.locator(".paper .prose").waitFor();
		await page.goto("/manage/policies/privacy");
		await page.locator(".paper .prose").waitFor();
		await write(other.page, "\n\nThe operator wrote this.");
		await saved(other.page);
		await write(page, "\n\nLucy wrote this.");
		await page.locator("#conflict-title").waitFor();
		await look(lucy, "manage-conflict");
		await page.locator("input[value=both]").check();
		await page.locator("button", { hasText: "Go on with this choice" }).click();
		await saved(page);
		for (const words of ["The operator wrote this.", "Lucy wrote this."]) await page.locator(".paper", { hasText: words }).waitFor();
	});
	await walkReport(lucy);
	await walkMembers();
	await walkDashboard();
	await walkExample(lucy);
	await walkPhone();
}

async function walkReport(lucy) {
	const { page } = lucy;
	await stepOrEnd("the report tells who is missing, reminds them, and takes a paper", async () => {
		await page.goto("/manage/policies/community-guidelines/acknowledgements");
		await page.locator("main .sum").waitFor();
		await look(lucy, "manage-report");
		await page.locator("button", { hasText: "Remind who is missing" }).click();
		await page.locator("[role=status]", { hasText: /reminder/ }).waitFor();
		const row = page.locator("main li", { hasText: "Heron" });
		await row.locator("button", { hasText: "Record" }).click();
		await page.locator("dialog #note").fill("Signed at the front desk; the sheet is in the binder.");
		await look(lucy, "manage-record");
		await page.locator("dialog button[type=submit]").click();
		await page.locator("[role=status]", { hasText: "is on record" }).waitFor();
		const [file] = await Promise.all([page.waitForEvent("download"), page.locator("a", { hasText: "CSV" }).click()]);
		assert.match(file.suggestedFilename(), /^community-guidelines.*\.csv$/);
	});
}

async function walkMembers() {
	const guest = await come({});
	await stepOrEnd("anyone reads the history and what changed", async () => {
		await guest.page.goto("/policies/community-guidelines/versions?from=1&to=2");
		await guest.page.locator("ins", { hasText: "garden" }).first().waitFor();
		await look(guest, "policy-history");
	});
	const rosa = await come({ locale: "es-MX", width: "phone" });
	await stepOrEnd("a member's next visit asks for the changed policy, and they accept it", async () => {
		const { page } = rosa;
		await signIn(rosa, "rosa@demo.example");
		await page.locator("a[href^='/acknowledge']").first().click();
		await page.locator("#accept").waitFor();
		await page.locator("summary", { hasText: "no estoy de acuerdo" }).click();
		await look(rosa, "acknowledge-changed");
		await page.check("#accept");
		await page.locator("form:has(#accept) button[type=submit]").click();
		await page.waitForURL((url) => url.pathname === "/");
	});
	await stepOrEnd("a member says no and reads on", async () => {
		const maple = await come({});
		await signIn(maple, "maple@demo.example");
		await maple.page.goto("/acknowledge");
		await maple.page.locator("summary", { hasText: "do not agree" }).click();
		await maple.page.check("input[value=read_only]");
		await maple.page.locator("details button[type=submit]").click();
		await maple.page.locator("main [role=status] .notice").waitFor();
		await look(maple, "refused");
		await maple.page.goto("/authorization");
		await maple.page.locator("h1").waitFor();
		await look(maple, "authorization");
	});
}

/** One case is written in each of the two admin UIs; who works here has both to go through. */
async function walkExample(lucy) {
	const operator = await dashboard();
	const written = { "At night in the dashboard": operator, "At noon in the house": lucy };
	await stepOrEnd("an operator writes an example case on a clause, and so does an editor", async () => {
		await operator.page.locator(".kinward-policies a", { hasText: "Privacy in the community" }).click();
		await lucy.page.goto("/manage/policies/privacy");
		for (const [title, who] of Object.entries(written)) {
			const { page } = who;
			await page.locator(".paper .prose").waitFor();
			await page.locator("nav a[href$='/privacy/cases']").click();
			await page.locator("a[href$='/cases/new']").click();
			await page.locator("form .seen").waitFor();
			if (who === operator) {
				await page.locator("form > .row button[type=submit]").click();
				await page.locator("form .error").first().waitFor();
				await look(who, "dashboard-case-faults", ".kinward-policies");
			}
			await fillIn(who, title);
			await page.locator(".seen strong", { hasText: "late" }).waitFor();
			if (who === operator) await look(who, "dashboard-case", ".kinward-policies");
			await page.locator("form > .row button[type=submit]").click();
			await page.locator("ol li", { hasText: title }).waitFor();
		}
		await look(operator, "dashboard-cases", ".kinward-policies");
	});
	await stepOrEnd("what is not saved in the dashboard is found again there", async () => {
		const { page } = operator;
		await page.locator("ol li a", { hasText: "At night in the dashboard" }).click();
		await page.locator('[id="texts.en.title"]').fill("Not saved yet");
		await page.evaluate(() => (location.hash = "#/collections"));
		await page.locator(".kinward-policies").waitFor({ state: "detached" });
		await page.goBack();
		await saved(page);
		assert.equal(await page.locator('[id="texts.en.title"]').inputValue(), "Not saved yet");
		await look(operator, "dashboard-case-draft", ".kinward-policies");
	});
	await stepOrEnd("who works here has both to go through", async () => {
		await lucy.page.goto("/cases");
		for (const title of Object.keys(written)) await lucy.page.locator("main ol li a", { hasText: title }).waitFor();
		const { owes } = await ask(lucy, "GET", "/me");
		assert.ok(owes.filter(({ kind }) => kind === "case").length >= 2, "they are not owed");
	});
}

async function walkPhone() {
	const lucy = await come({ width: "phone", locale: "es-MX", dark: true });
	await stepOrEnd("the editor on a phone, in Spanish, by night", async () => {
		const { page } = lucy;
		await signIn(lucy, "lucy@demo.example");
		await page.evaluate(() => fetch("/api/clinic/me", { method: "PATCH", body: '{"language":"es"}', headers: { "Content-Type": "application/json" } }));
		await page.goto("/manage/policies");
		await page.locator("main table").waitFor();
		await look(lucy, "manage-list");
		await page.goto("/manage/policies/urgent-questions");
		await source(page).waitFor();
		await look(lucy, "manage-editor");
		await page.locator("[role=tab]", { hasText: "Vista previa" }).click();
		await page.locator(".paper .prose").waitFor();
		await look(lucy, "manage-preview");
		await page.locator("button", { hasText: "Añadir una revisión" }).first().click();
		await page.locator("dialog #detector").waitFor();
		await page.locator("dialog summary", { hasText: "Qué tan bien funciona" }).click();
		await page.locator("dialog details li", { hasText: /en [0-9]+ frases guardadas aparte/ }).waitFor();
		await look(lucy, "manage-check");
		await page.keyboard.press("Escape");
		await page.goto("/manage/policies/urgent-questions/acknowledgements");
		await page.locator("main .sum").waitFor();
		await look(lucy, "manage-report");
		await page.goto("/manage/policies");
		await page.locator("button", { hasText: "Norma nueva" }).click();
		await page.fill("dialog #title", "Fotos en la sala de espera");
		await page.locator("dialog button[type=submit]").click();
		await page.waitForURL("**/manage/policies/fotos-en-la-sala-de-espera");
		await source(page).waitFor();
	});
}

async function walkDashboard() {
	const operator = await dashboard({ dark: true });
	const { page } = operator;
	await stepOrEnd("an operator sees the list in the dashboard, by night", async () => {
		await look(operator, "dashboard-list", ".kinward-policies");
		await page.locator(".kinward-policies a", { hasText: "For caregivers" }).click();
		await page.locator(".paper .prose").waitFor();
		await look(operator, "dashboard-editor", ".kinward-policies");
	});
	await stepOrEnd("an operator tries what the draft would find, before anybody else meets it", async () => {
		await page.locator(".kinward-policies button", { hasText: "Add a check" }).first().click();
		await page.locator("dialog #detector").selectOption("word");
		await page.locator("dialog #words-en").fill("marigold");
		await page.locator("dialog #words-es").fill("caléndula");
		await page.locator("dialog #say-en").fill("We talk about marigolds on the phone: {{phone}}.");
		await page.locator("dialog #say-es").fill("De las caléndulas hablamos por teléfono: {{phone}}.");
		await page.locator("dialog button[type=submit]").click();
		await saved(page);
		await page.locator("summary", { hasText: "Try the checks on a text" }).click();
		await page.locator("#try-text").fill("A marigold helped me. Call me at 617-555-0182.");
		await page.locator("details.card form button[type=submit]").click();
		await page.locator(".finding", { hasText: "marigold" }).filter({ hasText: "555-0100" }).waitFor();
		await page.locator(".finding", { hasText: "617-555-0182" }).waitFor();
		await look(operator, "dashboard-try", ".kinward-policies");
		await page.locator(".kinward-policies .rule", { hasText: "marigold" }).locator("button").last().click();
		await saved(page);
	});
	await stepOrEnd("a draft outlives the page around it", async () => {
		await write(page, "\n\nNot saved when the page was left.");
		await page.evaluate(() => (location.hash = "#/collections"));
		await page.locator(".kinward-policies").waitFor({ state: "detached" });
		await page.evaluate(() => (location.hash = "#/policies/caregivers"));
		await page.locator(".paper", { hasText: "Not saved when the page was left." }).waitFor();
		await saved(page);
	});
	await stepOrEnd("an operator publishes with their password", async () => {
		await publish(page, "typo", "not the password");
		await send(page);
		await page.locator("dialog #password-error").waitFor();
		await page.locator("dialog #password").fill(OPERATOR.password);
		await send(page);
		await page.locator("[role=status]", { hasText: /is posted/ }).waitFor();
		await look(operator, "dashboard-published", ".kinward-policies");
	});
	await stepOrEnd("an operator withdraws with a reason in one language, which its readers in the other see", async () => {
		await page.locator(".kinward-policies nav button", { hasText: "Withdraw" }).click();
		await page.locator("dialog", { hasText: "Anyone can read the reason" }).waitFor();
		await page.locator('dialog [id="reason.es"]').fill("La revisa una abogada.");
		await page.locator("dialog #password").fill(OPERATOR.password);
		await look(operator, "dashboard-withdraw", ".kinward-policies");
		await send(page);
		await page.locator(".kinward-policies .notice [lang=es]", { hasText: "La revisa una abogada." }).waitFor();
		await look(operator, "dashboard-withdrawn", ".kinward-policies");
		const told = (await (await fetch(`${house.url}/api/clinic/policies/caregivers?language=en`)).json()).withdrawn;
		assert.deepEqual(told.reason, { text: "La revisa una abogada.", language: "es" });
	});
}
