// Example cases: an editor writes one of the practice's own, who is new at the practice goes through theirs, that one too, a patient skips
// some and asks about one, and the lead answers.
import { fillIn } from "./example.mjs";
import { ask, browse, demo, look, PASSWORD, person, signIn, step, until, walk } from "./house.mjs";

const house = await demo();
const browser = await browse();

/** Somebody new on the staff, in a community, with every policy accepted. */
async function newcomer(admin, who, email) {
	const room = (await ask(admin, "GET", "/communities")).items[0].id;
	await ask(admin, "POST", "/invitations", { email, role: "staff", communities: [room], language: who.locale.slice(0, 2) });
	const link = (await house.letter(email)).text.match(/\/join#(\S+)/)[1];
	await who.page.goto("/policies");
	const { policies } = await ask(who, "POST", "/invitations/open", { token: link });
	await ask(who, "POST", "/invitations/accept", {
		token: link,
		name: `Front desk ${who.width}`,
		password: PASSWORD,
		acknowledge: policies.map(({ slug, version, sha256 }) => ({ slug, version, sha256 })),
	});
	return room;
}

await walk("cases", async () => {
	const admin = await person(browser, house, {});
	await signIn(admin, "ana@demo.example");
	for (const [width, locale, dark] of [
		["phone", "en-US", false],
		["desk", "es-MX", true],
	]) {
		const named = `${width} ${locale}`;
		const editor = await person(browser, house, { width, locale, dark, expects: ["400", "401", "409"] });
		await step(`${named}: an editor writes one of their own`, async () => {
			await signIn(editor, "lucy@demo.example");
			await ask(editor, "PATCH", "/me", { language: locale.slice(0, 2) });
			await editor.page.goto("/manage/cases");
			await editor.page.waitForSelector("main ol li");
			await look(editor, "manage-cases");
			await editor.page.goto("/manage/policies/staff-social-media");
			await editor.page.click("main nav a[href$='/cases']");
			await editor.page.waitForSelector("main ol li");
			await look(editor, "policy-cases");
			await editor.page.click("main a[href$='/cases/new']");
			await editor.page.waitForSelector("main form .seen");
			await editor.page.click("main form > .row button[type=submit]");
			await editor.page.waitForSelector("main form .error");
			await look(editor, "case-new-faults");
			await fillIn(editor, `The phone rings twice ${width}`);
			await editor.page.waitForSelector(".seen strong");
			await look(editor, "case-form");
			await editor.page.click("main form > .row button[type=submit]");
			await editor.page.locator("main ol li", { hasText: `The phone rings twice ${width}` }).waitFor();
		});
		const title = '[id="texts.en.title"]';
		const saved = () => editor.page.locator(".state", { hasText: /Draft saved|Borrador guardado/ }).waitFor();
		/** What was done is said, and the focus is not lost with the button for it. */
		const told = async () => {
			await editor.page.locator("main h2 ~ p[role=status]", { hasText: /./ }).waitFor();
			await editor.page.waitForFunction(() => document.activeElement?.matches("main h2"));
		};
		const english = async () => {
			await editor.page.click("main form [role=group] button[lang=en]");
			await editor.page.waitForSelector("main form .seen strong");
		};
		await step(`${named}: what is begun waits as a draft, also over the end of a session, until it is thrown away`, async () => {
			await editor.page.locator("main ol li a", { hasText: `The phone rings twice ${width}` }).click();
			await english();
			await editor.page.fill('[id="texts.en.situation"]', "It is early, and **nobody** picks up.");
			await saved();
			await editor.context.clearCookies();
			await editor.page.fill(title, "The phone rings early");
			await editor.page.locator("dialog input[type=password]").fill(PASSWORD);
			await editor.page.locator("dialog button[type=submit]").click();
			await saved();
			await editor.page.click("main nav a[href$='/cases']");
			const row = editor.page.locator("main ol li", { hasText: `The phone rings twice ${width}` });
			await row.locator("strong", { hasText: /draft|borrador/ }).waitFor();
			await look(editor, "policy-cases-draft");
			await row.locator("a").click();
			await editor.page.reload();
			await english();
			for (const [field, words] of Object.entries({ title: "The phone rings early", situation: "It is early, and **nobody** picks up." })) {
				const found = await editor.page.inputValue(`[id="texts.en.${field}"]`);
				if (found !== words) throw new Error(`the form says ${found}`);
			}
			const slug = new URL(editor.page.url()).pathname.split("/").at(-1);
			const posted = await ask(editor, "GET", `/manage/cases/${slug}`);
			if (posted.texts.en.title !== `The phone rings twice ${width}`) throw new Error(`it is posted already: ${posted.texts.en.title}`);
			await look(editor, "case-again");
			await editor.page.locator("main .apart button", { hasText: /throw|descartar/i }).click();
			await look(editor, "case-discard");
			await editor.page.locator("dialog button", { hasText: /throw|descartar/i }).click();
			await editor.page.locator("dialog").waitFor({ state: "detached" });
			await told();
			await english();
			const back = await editor.page.inputValue(title);
			if (back !== `The phone rings twice ${width}`) throw new Error(`it says ${back}`);
		});
		await step(`${named}: two editors of a draft lose nothing`, async () => {
			const slug = new URL(editor.page.url()).pathname.split("/").at(-1);
			const one = await ask(admin, "GET", `/manage/cases/${slug}`);
			const theirs = structuredClone(one);
			theirs.texts.en.title = "Ana's words";
			await ask(admin, "PUT", `/manage/cases/${slug}/draft`, { ...theirs, revision: 0 });
			await editor.page.fill(title, "Lucy's words");
			await editor.page.waitForSelector("main form .notice button");
			if ((await editor.page.inputValue(title)) !== "Lucy's words") throw new Error("the words are gone");
			await editor.page.click("main form .notice summary");
			await editor.page.locator("main form .notice", { hasText: "Ana's words" }).waitFor();
			await look(editor, "case-two-drafts");
			await editor.page.locator("main form .notice button").nth(1).click();
			await editor.page.waitForFunction((title) => document.querySelector(title).value === "Ana's words", title);
			await told();
			await editor.page.fill(title, "Both our words");
			await saved();
			await until(editor.page, async (slug) => {
				const { draft } = await (await fetch(`/api/clinic/manage/cases/${slug}/draft`)).json();
				return draft?.texts.en.title === "Both our words";
			}, slug);
		});
		await step(`${named}: two editors of a case lose nothing`, async () => {
			const slug = new URL(editor.page.url()).pathname.split("/").at(-1);
			const one = await ask(editor, "GET", `/manage/cases/${slug}`);
			await ask(editor, "PUT", `/manage/cases/${slug}`, { ...one, position: 77 });
			await editor.page.fill(title, "My own words");
			await editor.page.click("main form > .row button[type=submit]");
			await editor.page.waitForSelector("main form .notice button");
			if ((await editor.page.inputValue(title)) !== "My own words") throw new Error("the words are gone");
			await look(editor, "case-meanwhile");
			let asked = "";
			editor.page.once("dialog", (dialog) => {
				asked = dialog.message();
				void dialog.dismiss();
			});
			await editor.page.click("main form > .row a");
			if (!asked) throw new Error("leaving did not ask");
			await editor.page.click("main form .notice button");
			await editor.page.locator("main form .notice.good").waitFor();
			const after = await ask(editor, "GET", `/manage/cases/${slug}`);
			if (after.texts.en.title !== "My own words") throw new Error(`it says ${after.texts.en.title}`);
			if ((await ask(editor, "GET", `/manage/cases/${slug}/draft`)).draft) throw new Error("a draft waits still");
			await look(editor, "case-saved");
		});
		await editor.context.close();

		const staff = await person(browser, house, { width, locale, dark });
		let room = "";
		await step(`${named}: someone new on the staff comes in`, async () => {
			room = await newcomer(admin, staff, `desk-${width}@demo.example`);
			await staff.page.goto("/");
			await staff.page.waitForSelector("main a[href='/cases']");
			await look(staff, "home-cases");
		});
		await step(`${named}: the community says what comes before the first post`, async () => {
			await staff.page.goto(`/communities/${room}`);
			await staff.page.waitForSelector("main .notice a[href='/cases']");
			await look(staff, "room-cases");
			await staff.page.click("main .notice a[href='/cases']");
			await staff.page.locator("main ol li a", { hasText: "My own words" }).first().waitFor();
			await look(staff, "cases-open");
		});
		await step(`${named}: they go through all of them with the keyboard`, async () => {
			await staff.page.focus("main .row button");
			await staff.page.keyboard.press("Enter");
			for (let n = 0; n < 20; n++) {
				await staff.page.waitForSelector("form fieldset");
				if (n === 0) {
					await staff.page.click("form button[type=submit]");
					await staff.page.waitForSelector("#choice-error");
					await look(staff, "case");
				}
				await staff.page.focus("#choice");
				await staff.page.keyboard.press("Space");
				await staff.page.keyboard.press("ArrowDown");
				await staff.page.keyboard.press("Enter");
				await staff.page.waitForSelector("#leads");
				await staff.page.waitForFunction(() => document.activeElement.id === "leads").catch(() => {
					throw new Error("the outcome has no focus");
				});
				if (n === 0) await look(staff, "case-leads");
				const next = staff.page.locator("section button").first();
				await next.press("Enter");
				await staff.page.waitForFunction(() => document.activeElement?.tagName === "H1");
				if ((await staff.page.locator("form fieldset").count()) === 0) break;
			}
			await look(staff, "cases-done");
		});
		await step(`${named}: and can write`, async () => {
			await staff.page.goto(`/communities/${room}`);
			await staff.page.waitForSelector("#opener");
		});
		await staff.context.close();

		const patient = await person(browser, house, { width, locale, dark });
		await step(`${named}: a patient asks about a case and skips the rest`, async () => {
			await signIn(patient, "new@demo.example");
			if (width === "phone") {
				for (const { kind, slug } of (await ask(patient, "GET", "/me")).owes) {
					if (kind !== "policy") continue;
					const { version, sha256 } = await ask(patient, "GET", `/policies/${slug}`);
					await ask(patient, "POST", `/policies/${slug}/acknowledge`, { version, sha256 });
				}
			}
			await patient.page.goto("/");
			await patient.page.waitForSelector("h1");
			if (width === "phone") await look(patient, "home-tryout");
			await patient.page.goto("/cases");
			await patient.page.click("main ol li a");
			await patient.page.click("form label.choice >> nth=1");
			await patient.page.click("form button[type=submit]");
			await patient.page.click("section details summary");
			await patient.page.fill("#question", "Is this also so for my sister?");
			await patient.page.click("section form button[type=submit]");
			await patient.page.waitForSelector("section .notice");
			await look(patient, "case-asked");
			await patient.page.goto("/cases");
			await patient.page.waitForSelector("main ol li a");
			const skip = patient.page.locator("main .row button").nth(1);
			if (await skip.count()) await skip.click();
			await patient.page.waitForSelector("main .row button", { state: "detached" });
			await look(patient, "cases-skipped");
		});
		await patient.context.close();
	}
	await step("the lead answers", async () => {
		await admin.page.goto("/manage/cases/questions");
		await admin.page.waitForSelector("main textarea");
		await look(admin, "questions");
		await admin.page.fill("main textarea", "Yes. What is hers is hers to tell.");
		await admin.page.click("main form button[type=submit]");
		await admin.page.waitForSelector("main [role=status] .words");
	});
	await step("the texts for outside", async () => {
		await admin.context.grantPermissions(["clipboard-read", "clipboard-write"]);
		await admin.page.goto("/policies/kit");
		await admin.page.click("main article button");
		await admin.page.waitForSelector("main article .said:not(:empty)");
		const copied = await admin.page.evaluate(() => navigator.clipboard.readText());
		if (!/Version \d+, .* · [0-9a-f]{12}$/.test(copied)) throw new Error(`what was copied ends ${copied.slice(-80)}`);
		await look(admin, "kit-copied");
	});
});
