// The practice takes a new release while people have its page open: what they write stays, the page says that there is a newer one and
// takes it when they want it, or when they come back another time; a device that keeps the page keeps the new one.
import assert from "node:assert/strict";
import { ask, beginComment, browse, look, person, REFUSED, serve, shellKept, signIn, stepOrEnd, until, walk } from "./house.mjs";
import { nextPage, practice } from "./practice.mjs";

const NEW = { "en-US": "What is posted here", "es-MX": "Lo que está publicado aquí" };
const says = (words) => (catalogue) => catalogue.replace(/("page\.foot\.policies": )"[^"]+"/, `$1"${words}"`);
const binary = nextPage({ "en/page.json": says(NEW["en-US"]), "es/page.json": says(NEW["es-MX"]) });
const browser = await browse();
const WORDS = "What I was in the middle of";

/** What stays on the device of the page itself. */
const shells = (page) => page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith("kinward-shell-")));
const build = (page) => page.evaluate(() => document.querySelector('script[type="module"][src]').getAttribute("src"));

async function round(width, locale, take) {
	let house = await practice();
	const named = `${width} ${locale}`;
	// While the server is changed it does not answer.
	const who = await person(browser, house, { width, locale, expects: [...REFUSED, "ERR_"] });
	const { page, t } = who;
	const offer = page.getByText(t("page.update.title"));
	const area = page.locator("main form textarea");
	const saved = page.locator("main form").getByText(t("post.draft.saved")).first();
	let before;
	await stepOrEnd(`${named}: somebody writes on a device that keeps the page`, async () => {
		await signIn(who, "heron@demo.example");
		await ask(who, "PATCH", "/me", { language: locale.slice(0, 2) });
		await page.goto("/settings");
		await page.check("section[aria-labelledby=own] input");
		await shellKept(who);
		await page.goto("/");
		before = await build(page);
		await beginComment(who, WORDS);
		await saved.waitFor();
		assert.equal((await shells(page)).length, 1);
	});
	await stepOrEnd(`${named}: the practice takes the next release, and the page that is open goes on`, async () => {
		await house.stop();
		house = await serve(house.dir, binary, house.url);
		await area.fill(`${WORDS}, and went on`);
		await saved.waitFor();
		assert.equal(await build(page), before, "the page was loaded anew by itself");
	});
	await stepOrEnd(`${named}: the page says that there is a newer one, and nothing is taken unasked`, async () => {
		// As it does each hour, when somebody comes back to it.
		await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
		await offer.waitFor();
		await look(who, "update-offered");
		assert.equal(await build(page), before);
		assert.equal(await area.inputValue(), `${WORDS}, and went on`);
	});
	if (take) {
		await stepOrEnd(`${named}: taken, it is the new page, and what was written is there`, async () => {
			await page.getByRole("button", { name: t("page.update.take") }).click();
			await page.locator("footer").getByText(NEW[locale]).waitFor();
		});
	} else {
		await stepOrEnd(`${named}: put away, it comes by itself when somebody leaves and comes back, and is offered no more`, async () => {
			await page.getByRole("button", { name: t("page.update.later") }).click();
			await offer.waitFor({ state: "detached" });
			const place = page.url();
			await page.goto("about:blank");
			await page.goto(place);
			await page.locator("footer").getByText(NEW[locale]).waitFor();
		});
	}
	await stepOrEnd(`${named}: what was written waits in the new page, which is offered no more`, async () => {
		assert.notEqual(await build(page), before);
		const opener = page.locator("main button#opener").first();
		await area.or(opener).first().waitFor();
		if (!(await area.isVisible())) await opener.click();
		await page.waitForFunction((words) => document.querySelector("main form textarea")?.value === words, `${WORDS}, and went on`);
		assert.equal(await offer.count(), 0, "it is offered still");
	});
	// Where nobody asked, Chromium may let the old worker go on for minutes beside the new page. That does no harm.
	if (take) {
		await stepOrEnd(`${named}: the device keeps the new page alone, and it opens without a network`, async () => {
			await until(page, async () => {
				const names = (await caches.keys()).filter((one) => one.startsWith("kinward-shell-"));
				const kept = names.length === 1 && (await (await caches.open(names[0])).match("/"));
				return kept && (await kept.text()).includes(document.querySelector('script[type="module"][src]').getAttribute("src"));
			});
			await who.settled();
			await who.context.setOffline(true);
			await page.reload();
			await page.locator("footer").getByText(NEW[locale]).waitFor();
			await who.context.setOffline(false);
			await page.waitForFunction(() => navigator.onLine);
		});
	}
	await who.context.close();
	await house.stop();
}

await walk("upgrade", async () => {
	await round("phone", "es-MX", true);
	await round("desk", "en-US", false);
});
