// A bad phone: what opens without a network, on a member's own device and on
// any other; a post that could not be sent; and that nothing stays when the session is over.
import { ask, browse, demo, look, person, shellKept, signIn, step, until, walk } from "./house.mjs";

const house = await demo();
const browser = await browse();

const must = (holds, words) => {
	if (!holds) throw new Error(words);
};
const get = (who, path) => ask(who, "GET", path);
const stored = (who) =>
	who.page.evaluate(async () => {
		const out = [];
		for (const name of (await caches.keys()).filter((one) => one.startsWith("kinward-own"))) {
			for (const request of await (await caches.open(name)).keys()) out.push(new URL(request.url).pathname);
		}
		return out;
	});
const offline = async (who, is) => {
	await who.context.setOffline(is);
	if (!is) await who.page.waitForFunction(() => navigator.onLine);
};

await walk("offline", async () => {
	for (const [width, locale, dark, email] of [
		["phone", "en-US", true, "heron@demo.example"],
		["desk", "es-MX", false, "rosa@demo.example"],
	]) {
		const named = `${width} ${locale}`;
		// The last is axe's word for a style sheet that did not come: the page's letters, where the browser has not kept them.
		const expects = ["401", "404", "ERR_", "Failed to load", "Couldn't load preload assets"];
		const who = await person(browser, house, { width, locale, dark, expects });
		await signIn(who, email);
		const room = (await get(who, "/communities")).items[0].id;
		const [post, unread] = (await get(who, `/communities/${room}/posts`)).items.map(({ id }) => id);

		await step(`${named}: on a device that is not one's own nothing is kept`, async () => {
			await who.page.goto(`/communities/${room}`);
			await who.page.waitForSelector("ol article");
			await who.page.evaluate(() => navigator.serviceWorker.ready);
			await until(who.page, async () => (await (await caches.open("kinward-offline-3")).match("/practice")) !== undefined);
			must((await stored(who)).length === 0, "something is kept");
			await offline(who, true);
			await who.page.goto(`/communities/${room}`);
			await who.page.waitForSelector("p.practice a[href^='tel:']");
			await look(who, "offline-page");
			await offline(who, false);
		});
		await step(`${named}: the member says that the device is their own`, async () => {
			await who.page.goto("/settings");
			await who.page.check("section[aria-labelledby=own] input");
			await who.page.waitForSelector("section[aria-labelledby=own] .notice");
			await look(who, "settings-own-device");
			await shellKept(who);
		});
		await step(`${named}: what was read opens without a network`, async () => {
			await who.page.goto("/");
			await who.page.waitForSelector("main h2");
			await who.page.goto(`/communities/${room}`);
			await who.page.waitForSelector("ol article");
			await who.page.goto(`/posts/${post}`);
			await who.page.waitForSelector("#comments");
			const words = await who.page.textContent("main article");
			await who.settled();
			await offline(who, true);
			await who.page.goto(`/posts/${post}`);
			await who.page.waitForSelector("#comments");
			must((await who.page.textContent("main article")) === words, "the post reads otherwise");
			await who.page.waitForSelector(".offline .notice");
			await look(who, "offline-own-post");
			await who.page.goto(`/communities/${room}`);
			await who.page.waitForSelector("ol article");
			await look(who, "offline-own-feed");
			await who.page.goto("/");
			await who.page.waitForSelector("main h2");
			await look(who, "offline-own-home");
			await who.page.goto(`/posts/${unread}`);
			await who.page.waitForSelector("main .notice, main h1");
			await look(who, "offline-own-unread");
			await offline(who, false);
		});
		await step(`${named}: a comment that could not be sent says so, and goes once`, async () => {
			await who.page.goto(`/posts/${post}`);
			await who.page.click("#opener");
			const words = `Written in a tunnel, ${named}`;
			await who.page.fill("textarea", words);
			await offline(who, true);
			const send = who.page.locator("form button[type=submit]");
			await send.click();
			await who.page.getByText(who.t("page.fault.offline")).first().waitFor();
			await look(who, "offline-unsent");
			must((await who.page.inputValue("textarea")) === words, "the words are gone");
			await offline(who, false);
			const keys = [];
			who.page.on("request", (request) => request.method() === "POST" && request.url().endsWith("/comments") && keys.push(request.headers()["idempotency-key"]));
			await send.click();
			await who.page.waitForFunction((words) => [...document.querySelectorAll("article")].some((one) => one.textContent.includes(words)), words);
			const said = (await get(who, `/posts/${post}`)).comments.items.filter((one) => one.html?.includes(words));
			must(said.length === 1, `it stands there ${said.length} times`);
			must(keys.length === 1 && keys[0], "it was sent without a key");
		});
		await step(`${named}: signed out elsewhere, what was kept is gone`, async () => {
			await offline(who, false);
			await who.page.goto(`/communities/${room}`);
			await who.page.waitForSelector("ol article");
			must((await stored(who)).length > 0, "nothing was kept");
			const other = await person(browser, house, { expects });
			await signIn(other, email);
			await other.page.evaluate(() => fetch("/api/clinic/sessions", { method: "DELETE" }));
			await who.page.waitForURL((url) => url.pathname === "/signed-out");
			await until(who.page, async () => (await (await caches.open("kinward-own")).keys()).length === 0);
			await other.context.close();
		});
		await step(`${named}: so it is after signing out, and after taking the word back`, async () => {
			await signIn(who, email);
			await who.page.goto(`/communities/${room}`);
			await who.page.waitForSelector("ol article");
			await until(who.page, async () => (await (await caches.open("kinward-own")).keys()).length > 1);
			await who.page.goto("/settings");
			await who.page.uncheck("section[aria-labelledby=own] input");
			await until(who.page, async () => !(await caches.keys()).some((name) => /^kinward-(own|shell)/.test(name)));
			await who.page.check("section[aria-labelledby=own] input");
			await who.page.goto(`/communities/${room}`);
			await who.page.waitForSelector("ol article");
			await until(who.page, async () => (await (await caches.open("kinward-own")).keys()).length > 1);
			await who.page.evaluate(() => fetch("/api/clinic/session", { method: "DELETE" }));
			await who.page.goto("/");
			await who.page.waitForURL((url) => url.pathname === "/sign-in");
			await until(who.page, async () => (await (await caches.open("kinward-own")).keys()).length === 0);
		});
		await who.context.close();
	}
	await step("who works here is not asked, and the page can be installed", async () => {
		const staff = await person(browser, house);
		await signIn(staff, "ana@demo.example");
		await staff.page.goto("/settings");
		await staff.page.waitForSelector("section[aria-labelledby=devices] li");
		must((await staff.page.locator("section[aria-labelledby=own]").count()) === 0, "a provider is asked");
		const session = await staff.context.newCDPSession(staff.page);
		const { errors, data } = await session.send("Page.getAppManifest");
		must(errors.length === 0 && JSON.parse(data).name, `the manifest: ${JSON.stringify(errors)}`);
		const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
		const real = installabilityErrors.filter(({ errorId }) => errorId !== "in-incognito");
		must(real.length === 0, `it cannot be installed: ${JSON.stringify(real)}`);
		await staff.context.close();
	});
});
