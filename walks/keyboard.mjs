// Without a mouse, with letters twice as large, and on paper: from signing in to a posted comment with Tab and Enter alone; every page with
// its text at 200 % (WCAG 1.4.4); the policies and the invitation as they come out of the printer.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ask, browse, demo, look, PASSWORD, person, picture, screenshots, signIn, step, tabTo, walk } from "./house.mjs";

const house = await demo();
const browser = await browse();
const expects = ["the server responded with a status"];

async function come(key, how) {
	const who = await person(browser, house, { expects, ...how });
	if (!key) return who;
	await signIn(who, `${key}@demo.example`);
	await ask(who, "PATCH", "/me", { language: who.locale.slice(0, 2) });
	await who.page.goto("/");
	return who;
}

async function byKeyboard(width, locale) {
	const who = await come("", { width, locale });
	const { page, t } = who;
	const press = async (selector) => {
		await tabTo(who, selector);
		await page.keyboard.press("Enter");
	};
	await step(`${width} ${locale}: from signing in to a comment with the keyboard alone`, async () => {
		await page.goto("/sign-in");
		await page.locator("#password").waitFor();
		await tabTo(who, "#email");
		await page.keyboard.type("maple@demo.example");
		await tabTo(who, "#password");
		await page.keyboard.type("not the right one");
		await page.keyboard.press("Enter");
		await page.locator("main [role=group]").waitFor();
		await page.waitForFunction(() => document.activeElement?.matches("main [role=group]"));
		await tabTo(who, "#password");
		await page.keyboard.type(PASSWORD);
		await page.keyboard.press("Enter");
		await page.waitForURL((url) => url.pathname === "/");
		await page.waitForFunction(() => document.activeElement?.tagName === "H1");
		await ask(who, "PATCH", "/me", { language: locale.slice(0, 2) });
		await press("main a[href^='/communities/']");
		await page.waitForURL(/\/communities\//);
		await page.waitForFunction(() => document.activeElement?.tagName === "H1");
		await press("main h2 a[href^='/posts/']");
		await page.waitForURL(/\/posts\//);
		await page.waitForFunction(() => document.activeElement?.tagName === "H1");
		await press("#opener");
		await page.waitForFunction(() => document.activeElement?.tagName === "TEXTAREA");
		const words = `Written without a mouse, ${width}`;
		await page.keyboard.type(words);
		await press("main form button[type=submit]");
		await page.locator("main article", { hasText: words }).last().waitFor();
		await page.waitForFunction(() => document.activeElement !== document.body);
		await look(who, "keyboard-comment");
	});
	await step(`${width} ${locale}: the way past the menu, and the account's menu`, async () => {
		await page.goto("/settings");
		await page.locator("#devices").waitFor();
		await page.keyboard.press("Tab");
		assert.ok(await page.evaluate(() => document.activeElement.matches("a.skip")), "the way past the menu does not come first");
		await page.keyboard.press("Enter");
		await page.waitForFunction(() => document.activeElement.id === "main");
		await page.goto("/settings");
		await page.locator("#devices").waitFor();
		await tabTo(who, "header details summary");
		await page.keyboard.press("Enter");
		await tabTo(who, "header details a[href='/settings']");
		await page.keyboard.press("Escape");
		await page.waitForFunction(() => document.activeElement.matches("header details summary"));
		await page.locator("header details:not([open])").waitFor();
	});
	await who.context.close();
}

/** A dialog begins inside of itself, keeps Tab there, closes with Escape, and gives the focus back to what opened it. */
async function dialogs(width, locale) {
	const who = await come("ana", { width, locale });
	const { page } = who;
	const james = (await ask(who, "GET", "/members?q=okafor")).items[0].id;
	const room = (await ask(who, "GET", "/communities")).items.find(({ name }) => name.includes("diabetes")).id;
	const { id } = await ask(who, "POST", "/invitations", { email: `dialog.${width}@people.example`, role: "patient", communities: [], language: "en" });
	for (const [name, path, opener] of [
		["suspend", `/people/${james}`, "main .deed button"],
		["raise", `/communities/${room}/members`, "main li .tools button"],
		["revoke", `/invitations?q=dialog.${width}`, "main article button"],
	]) {
		await step(`${width} ${locale}: the dialog “${name}” begins inside, keeps the focus and gives it back`, async () => {
			await page.goto(path);
			await page.locator(opener).last().waitFor();
			const button = page.locator(opener).last();
			const words = await button.innerText();
			await button.focus();
			await page.keyboard.press("Enter");
			await page.locator("dialog[open]").waitFor();
			assert.ok(await page.evaluate(() => document.activeElement.closest("dialog")), "it begins outside of itself");
			await look(who, `dialog-${name}`);
			for (let n = 0; n < 12; n++) {
				await page.keyboard.press("Tab");
				assert.ok(await page.evaluate(() => document.activeElement === document.body || document.activeElement.closest("dialog")), "Tab leads behind it");
			}
			await page.keyboard.press("Escape");
			await page.locator("dialog").waitFor({ state: "detached" });
			assert.equal(await page.evaluate(() => document.activeElement.innerText), words, "the focus does not come back");
		});
	}
	assert.ok(id);
	await who.context.close();
}

/** Every page with its letters twice as large: nothing is cut off, nothing lies on anything else, and nothing goes sideways. */
async function large(locale) {
	const guest = await come("", { locale });
	const heron = await come("heron", { locale });
	const ana = await come("ana", { locale });
	const rooms = (await ask(heron, "GET", "/communities")).items;
	const room = rooms.find(({ name }) => name.includes("diabetes")).id;
	const post = (await ask(heron, "GET", `/communities/${room}/posts`)).items.at(-1).id;
	const members = (await ask(ana, "GET", "/members")).items;
	for (const [who, pages] of [
		[guest, { "sign-in": "/sign-in", policies: "/policies", policy: "/policies/community-guidelines", forgotten: "/forgotten" }],
		[heron, { home: "/", room: `/communities/${room}`, post: `/posts/${post}`, write: `/posts/${post}?write`, settings: "/settings" }],
		[ana, {
			invite: "/invitations/new", invitations: "/invitations", import: "/invitations/import", people: "/people",
			person: `/people/${members.find(({ name }) => name === "James Okafor").id}`, practice: "/settings/practice", desk: "/desk",
			members: `/communities/${room}/members`, "manage-policies": "/manage/policies",
		}],
	]) {
		for (const [name, path] of Object.entries(pages)) {
			await step(`${locale}: ${name} with text at 200 %`, async () => {
				await who.page.goto(path);
				await who.page.locator("main h1").waitFor();
				await who.page.evaluate(() => {
					const root = document.documentElement;
					root.style.fontSize = `${2 * Number.parseFloat(getComputedStyle(root).fontSize)}px`;
				});
				await look(who, `large-${name}`);
				for (const cut of await cutOff(who.page)) who.say(`large-${name}: ${cut}`);
			});
		}
	}
	for (const who of [guest, heron, ana]) await who.context.close();
}

/** What is there to be read, and is wider or higher than the box that hides the rest. */
const cutOff = (page) =>
	page.evaluate(() => {
		const hides = (style) => [style.overflowX, style.overflowY].some((value) => value === "hidden" || value === "clip");
		const found = [];
		for (const box of document.querySelectorAll("body *")) {
			const style = getComputedStyle(box);
			if (!hides(style) || box.clientWidth < 3 || style.visibility === "hidden" || box.closest(".unseen, svg, [hidden]")) continue;
			if (box.scrollWidth > box.clientWidth + 2 && style.textOverflow !== "ellipsis") found.push(`cut off sideways: ${box.className || box.tagName} “${box.innerText.slice(0, 30)}”`);
		}
		return found;
	});

/** How many sheets a page takes on paper. */
async function sheets(who, format, name) {
	const pdf = await who.page.pdf({ format, preferCSSPageSize: false, printBackground: false });
	mkdirSync(screenshots, { recursive: true });
	writeFileSync(join(screenshots, `${name}-${format}.pdf`), pdf);
	return (pdf.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g) ?? []).length;
}

async function onPaper(locale) {
	const ana = await come("ana", { locale });
	const { page } = ana;
	const language = locale.slice(0, 2);
	await step(`${locale}: the printed invitation is one sheet, whatever it asks for`, async () => {
		for (const wish of [{}, { code: "123456" }, { role: "caregiver", code: "654321" }]) {
			const { id } = await ask(ana, "POST", "/invitations", {
				email: `paper-${language}-${wish.role ?? "patient"}-${wish.code ?? "plain"}@people.example`, role: "patient", communities: [], language, ...wish,
			});
			await page.goto(`/invitations/${id}/letter`);
			await page.locator("main img").waitFor();
			await page.emulateMedia({ media: "print" });
			await page.waitForFunction(() => {
				const points = (selector) => Math.round((Number.parseFloat(getComputedStyle(document.querySelector(selector)).fontSize) * 72) / 96);
				return points("article.sheet") >= 16 && points("article.sheet .link") >= 14; // large print
			});
			await page.emulateMedia({ media: null });
			for (const format of ["A4", "Letter"]) assert.equal(await sheets(ana, format, `paper-invitation-${language}`), 1, format);
		}
		await page.emulateMedia({ media: "print" });
		await page.setViewportSize({ width: 794, height: 1123 });
		await picture(page, `paper-invitation-${language}`);
	});
	await step(`${locale}: each policy is printed whole, without what belongs to the screen`, async () => {
		const { items } = await ask(ana, "GET", "/policies");
		for (const { slug } of items) {
			await page.emulateMedia({ media: "screen" });
			await page.goto(`/policies/${slug}`);
			await page.locator("main .prose").first().waitFor();
			const title = await page.locator("main h1").innerText();
			for (const format of ["A4", "Letter"]) {
				const taken = await sheets(ana, format, `paper-${slug}-${language}`);
				assert.ok(taken >= 1 && taken <= 6, `${title} takes ${taken} sheets of ${format}`);
			}
			await page.emulateMedia({ media: "print" });
			for (const gone of ["header", "footer", "nav", "button"]) {
				assert.equal(await page.locator(`${gone}:visible`).count(), 0, `${title}: ${gone} is printed`);
			}
			if (slug === items[0].slug) await picture(page, `paper-policy-${language}`);
		}
	});
	await ana.context.close();
}

await walk("keyboard", async () => {
	for (const [width, locale] of [
		["desk", "en-US"],
		["phone", "es-MX"],
	]) {
		await byKeyboard(width, locale);
		await dialogs(width, locale);
	}
	for (const locale of ["en-US", "es-MX"]) {
		await large(locale);
		await onPaper(locale);
	}
});
