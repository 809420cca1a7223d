// How members are told: an answer makes a letter that says nothing, its link asks for the password and leads to the comment, the bell
// counts, letters stop by a link from a letter without signing in, an address is confirmed before anything goes there, and push is
// offered only where the practice allows it, and says what came of it.
import assert from "node:assert/strict";
import { ask, browse, look, PASSWORD, person, REFUSED, rounds, signIn, until, walk } from "./house.mjs";
import { deliver, withPushService } from "./pushed.mjs";

const browser = await browse();

/** Looks by day and by night. */
async function both(who, name) {
	await look(who, name);
	await who.page.emulateMedia({ colorScheme: "dark" });
	await look({ ...who, dark: true }, name);
	await who.page.emulateMedia({ colorScheme: "light" });
}

/** Somebody of the round, in a browser that stands elsewhere or has not signed in yet. */
const other = (house, { width, locale }, more = {}) => person(browser, house, { width, locale, expects: REFUSED, ...more });
/** Waits until the server counts so many as unread; answers are told of a moment after they were written. */
const unread = (page, count) =>
	until(page, async (count) => (await (await fetch("/api/clinic/notifications/unread")).json()).unread === count, count);
/** The box that says what went wrong. */
const problem = ({ page, t }) => page.getByRole("group", { name: t("page.problem") });
const bell = "header a[href='/notifications']";

async function round(cast) {
	const { come } = cast;
	cast.maple = await come("maple");
	cast.heron = await come("heron");
	await choices(cast);
	await letters(cast);
	await list(cast);
	await stopping(cast);
	await confirming(cast);
	await pushing(cast);
}

async function choices({ maple, step }) {
	const { page, t } = maple;
	const kind = (name) => page.locator("fieldset", { has: page.locator("legend", { hasText: t(`notification.kind.${name}`) }) });
	const saved = page.locator("main form [role=status]", { hasText: t("page.saved") });
	await step("the bell leads to what is new, and that to how one is told", async () => {
		await page.click(bell);
		await page.locator("main article").first().waitFor();
		await both(maple, "notifications-of-the-sample");
		await ask(maple, "POST", "/notifications/read", { all: true }); // what the sample brings waits for no letter any more
		await page.locator("main a", { hasText: t("notification.choose") }).click();
		await page.locator("#mail-answer").waitFor();
		await both(maple, "notifications-choices");
	});
	await step("hours and days are asked where a letter has them", async () => {
		for (const select of await page.locator("select[id^=mail-]").all()) await select.selectOption("off");
		await page.locator("#hour").waitFor({ state: "detached" });
		await page.selectOption("#mail-follow", "daily");
		await page.locator("#hour").waitFor();
		await page.locator("#weekday").waitFor({ state: "detached" });
		await page.selectOption("#mail-mention", "weekly");
		await page.selectOption("#weekday", "3");
		await page.selectOption("#hour", "7");
		await page.selectOption("#quiet_from", "22");
		await page.selectOption("#quiet_to", "6");
		await page.selectOption("#zone", "America/Chicago");
		await page.selectOption("#mail-answer", "now");
		await kind("helpful").locator("input[type=checkbox]").uncheck();
		await look(maple, "notifications-choices-weekly");
		await page.locator("main form button[type=submit]").click();
		await saved.waitFor();
		await look(maple, "notifications-choices-saved");
		const now = await ask(maple, "GET", "/me/notifications");
		assert.deepEqual([now.kinds.answer.mail, now.kinds.follow.mail, now.kinds.mention.mail, now.kinds.announcement.mail], ["now", "daily", "weekly", "off"]);
		assert.deepEqual([now.hour, now.weekday, now.quiet_from, now.quiet_to, now.zone, now.kinds.helpful.page], [7, 3, 22, 6, "America/Chicago", false]);
	});
	await step("what was chosen stands there again, and the night can be switched off and on", async () => {
		await page.reload();
		await page.locator("#weekday").waitFor();
		assert.deepEqual(await Promise.all(["#weekday", "#hour", "#quiet_from", "#quiet_to", "#zone"].map((id) => page.inputValue(id))), ["3", "7", "22", "6", "America/Chicago"]);
		const quiet = page.getByLabel(t("notification.quiet"));
		await quiet.uncheck();
		await page.locator("#quiet_from").waitFor({ state: "detached" });
		await page.locator("main form button[type=submit]").click();
		await saved.waitFor();
		await page.reload();
		await page.locator("#weekday").waitFor();
		assert.equal(await quiet.isChecked(), false);
		await quiet.check();
		assert.deepEqual([await page.inputValue("#quiet_from"), await page.inputValue("#quiet_to")], ["21", "8"]);
	});
	await step("what does not reach the server is told, and nothing chosen is lost", async () => {
		await page.route("**/me/notifications", (route) => (route.request().method() === "PATCH" ? route.abort() : route.continue()));
		await page.selectOption("#hour", "18");
		await page.locator("main form button[type=submit]").click();
		await problem(maple).waitFor();
		assert.equal(await page.inputValue("#hour"), "18");
		await look(maple, "notifications-choices-failed");
		await page.unroute("**/me/notifications");
	});
}

async function letters(cast) {
	const { house, maple, heron, step } = cast;
	const { page, t } = maple;
	await step("an answer makes a letter that says nothing of it", async () => {
		const { id } = (await ask(maple, "GET", "/communities")).items.find(({ name, can_post }) => can_post && /diabetes/i.test(name));
		cast.post = (await ask(maple, "POST", `/communities/${id}/posts`, { kind: "question", title: "Cold feet", body: "What helps with cold feet at night?" })).id;
		cast.answer = (await ask(heron, "POST", `/posts/${cast.post}/comments`, { body: "Two pairs of wool socks." })).id;
		const letter = await house.letter("maple@demo.example");
		cast.letter = letter;
		assert.equal(letter.subject, t("mails.notification.subject"));
		assert.ok(letter.text.includes(t("mails.notification.kind.answer", { count: 1 })), letter.text);
		for (const word of ["Cold", "feet", "socks", "Heron", "diabetes", cast.post, cast.answer]) {
			assert.ok(!letter.text.includes(word) && !letter.html.includes(word), `the letter says ${word}`);
		}
	});
	await step("its link asks for the password and leads to the comment", async () => {
		const later = await other(house, cast);
		await later.page.goto(cast.letter.text.match(/http\S+\/notifications\/\w+/)[0]);
		await later.page.waitForURL(/\/sign-in\?next=/);
		await later.page.fill("#email", "maple@demo.example");
		await later.page.fill("#password", PASSWORD);
		await later.page.click("main button[type=submit]");
		await later.page.waitForURL(new RegExp(`/posts/${cast.post}\\?at=`));
		await later.page.waitForFunction(() => document.activeElement?.id.startsWith("comment-"));
		assert.match(await later.page.evaluate(() => document.activeElement.textContent), /wool socks/);
		await until(later.page, async () => (await (await fetch("/api/clinic/notifications")).json()).items[0].read);
		await look(later, "notifications-letter-led-here");
		await later.context.close();
	});
	await step("a link to what is gone says so", async () => {
		await page.goto("/notifications/aaaaaaaaaaaaaaa");
		await page.getByText(t("notification.gone")).waitFor();
		await both(maple, "notifications-gone");
	});
}

async function list(cast) {
	const { maple, heron, step } = cast;
	const { page, t } = maple;
	await step("the bell counts while a page stays open, the list leads there, and what was opened is read, in another tab as well", async () => {
		await page.goto("/");
		const tab = await maple.context.newPage();
		await tab.goto("/settings/notifications");
		await tab.locator("#mail-answer").waitFor();
		await ask(heron, "POST", `/posts/${cast.post}/comments`, { body: "And a warm drink." });
		await ask(heron, "POST", `/posts/${cast.post}/comments`, { body: "Or a hot water bottle." });
		for (const one of [page, tab]) await one.locator(`${bell} .count`, { hasText: "2" }).waitFor();
		await look(maple, "notifications-bell");
		await page.click(bell);
		await page.locator("main article.fresh").waitFor();
		await page.locator(`${bell} .count`, { hasText: "2" }).waitFor();
		await both(maple, "notifications");
		await page.locator("main article h2 a").first().click();
		await page.waitForURL(new RegExp(`/posts/${cast.post}`));
		await unread(page, 0);
		for (const one of [page, tab]) await one.locator(`${bell} .count`).waitFor({ state: "detached" });
		await tab.close();
		await page.click(bell);
		await page.locator("main article").first().waitFor();
		await page.locator("article.fresh").first().waitFor({ state: "detached" });
	});
	await step("the list is asked for once, and again when the language changes; one that does not come can be asked for again", async () => {
		let asked = 0;
		const count = (request) => new URL(request.url()).pathname === "/api/clinic/notifications" && asked++;
		page.on("request", count);
		await page.goto("/");
		await page.click(bell);
		await page.locator("main article").first().waitFor();
		await page.evaluate(() => new Promise((resolve) => requestIdleCallback(() => requestIdleCallback(resolve))));
		assert.equal(asked, 1);
		page.off("request", count);
		await page.route("**/api/clinic/notifications", (route) => route.abort());
		await page.reload();
		await problem(maple).waitFor();
		await look(maple, "notifications-not-there");
		await page.unroute("**/api/clinic/notifications");
		await page.getByRole("button", { name: t("page.try_again") }).click();
		await page.locator("main article").first().waitFor();
	});
	await step("several conversations and kinds each stand as one entry; all can be marked as read at once", async () => {
		const james = await cast.come("james");
		const post = await ask(maple, "POST", `/communities/${await room(maple)}/posts`, { kind: "discussion", title: "A long title, so that one sees whether it wraps where the window is narrow and letters are large", body: "Which shoes do you wear for long walks?" });
		await ask(maple, "POST", `/posts/${post.id}/comments`, { body: "I wear wide ones." });
		await ask(james, "POST", `/posts/${post.id}/comments`, { body: "Wide ones are good, with a soft insole." });
		await ask(heron, "POST", `/posts/${post.id}/comments`, { body: "The same here." });
		await ask(heron, "POST", `/posts/${cast.post}/comments`, { body: "One more: a warm bath." });
		await james.context.close();
		await unread(page, 3);
		await page.goto("/notifications");
		await page.locator("main article.fresh").nth(1).waitFor();
		await look(maple, "notifications-several");
		await page.getByRole("button", { name: t("notification.read_all") }).click();
		await page.locator("article.fresh").first().waitFor({ state: "detached" });
		await page.locator(`${bell} .count`).waitFor({ state: "detached" });
		assert.equal(await page.evaluate(() => document.activeElement?.tagName), "H1");
	});
}
const room = async (who) => (await ask(who, "GET", "/communities")).items.find(({ name }) => /diabetes/i.test(name)).id;

async function stopping(cast) {
	const { house, maple, step } = cast;
	await step("a link from the letter stops letters without a sign-in, and not because a program looked at it", async () => {
		const stranger = await other(house, cast);
		const { page, t } = stranger;
		const stop = cast.letter.text.match(/http\S+\/unsubscribe\?t=\S+/)[0];
		for (const method of ["GET", "HEAD"]) assert.equal((await fetch(stop, { method, redirect: "manual" })).status, 303);
		assert.equal((await ask(maple, "GET", "/me/notifications")).kinds.answer.mail, "now");
		await page.goto(stop);
		await page.waitForURL(/\/unsubscribe$/); // the secret is gone from the address
		await page.getByRole("button", { name: t("notification.stop.do") }).waitFor();
		await both(stranger, "unsubscribe");
		await page.getByRole("button", { name: t("notification.stop.do") }).click();
		await page.locator("h1", { hasText: t("notification.stop.done_title") }).waitFor();
		await both(stranger, "unsubscribed");
		assert.equal((await ask(maple, "GET", "/me/notifications")).kinds.answer.mail, "off");
		// As a mail program does it: no browser, no cookie, a form (RFC 8058).
		const oneClick = { method: "POST", headers: { "Content-Type": "application/x-www-form-urlencoded" }, body: "List-Unsubscribe=One-Click" };
		const answer = await fetch(stop, oneClick);
		assert.deepEqual([answer.status, await answer.json()], [200, { stopped: "now" }]);
		assert.equal((await fetch(`${stop.slice(0, -5)}AAAAA`, oneClick)).status, 404);
		await page.goto(`${stop.slice(0, -5)}AAAAA`);
		await page.getByRole("button", { name: t("notification.stop.do") }).click();
		await page.getByText(t("fault.stop_link_unknown")).first().waitFor();
		await page.getByRole("button", { name: t("notification.stop.do") }).waitFor({ state: "detached" });
		await page.locator("main").getByRole("link", { name: t("notification.stop.choose") }).waitFor();
		await look(stranger, "unsubscribe-link-cut");
		await page.goto("/unsubscribe");
		await page.getByText(t("notification.stop.without")).waitFor();
		await look(stranger, "unsubscribe-without-link");
		await stranger.context.close();
	});
}

async function confirming(cast) {
	const { house, come, step, locale } = cast;
	await step("an address that nobody has shown to be theirs is confirmed by a letter", async () => {
		const ana = await come("ana");
		const email = "wren@demo.example";
		const { items } = await ask(ana, "POST", "/invitations", { email, role: "patient", communities: [await room(ana)], language: locale.slice(0, 2) }).then((made) => ({ items: [made] }));
		const { link } = await ask(ana, "POST", `/invitations/${items[0].id}/link`, {});
		const wren = await other(house, cast);
		const { page, t } = wren;
		const token = link.split("#")[1];
		await page.goto("/policies");
		const { policies } = await ask(wren, "POST", "/invitations/open", { token });
		await ask(wren, "POST", "/invitations/accept", {
			token, name: "Small Wren", password: PASSWORD, language: locale.slice(0, 2),
			acknowledge: policies.map(({ slug, version, sha256 }) => ({ slug, version, sha256 })),
		});
		await page.goto("/");
		await page.click(bell);
		await page.locator("h2", { hasText: t("notification.none") }).waitFor();
		await both(wren, "notifications-none");
		await page.goto("/settings/notifications");
		await page.getByText(t("notification.confirm.title")).waitFor();
		await both(wren, "notifications-unconfirmed");
		const form = page.locator("form", { has: page.getByRole("button", { name: t("notification.confirm.do") }) });
		await form.locator("button[type=submit]").click();
		await form.getByText(t("page.required")).first().waitFor();
		await form.locator("input[autocomplete=current-password]").fill("wrong, and long enough");
		await form.locator("button[type=submit]").click();
		await problem(wren).waitFor();
		await look(wren, "notifications-confirm-wrong");
		await form.locator("input[autocomplete=current-password]").fill(PASSWORD);
		await form.locator("button[type=submit]").click();
		await page.getByText(t("notification.confirm.sent")).waitFor();
		await look(wren, "notifications-confirm-sent");
		const letter = await house.letter(email);
		await page.goto(letter.text.match(/http\S+\/confirm#\S+/)[0]);
		await look(wren, "notifications-confirm");
		await page.getByRole("button", { name: t("session.confirm.do") }).click();
		await page.locator("h1", { hasText: t("session.confirm.done_title") }).waitFor();
		await look(wren, "notifications-confirmed");
		await page.goto("/settings/notifications");
		await page.locator("#mail-answer").waitFor();
		assert.equal((await ask(wren, "GET", "/me/notifications")).confirmed, true);
		assert.equal(await page.getByText(t("notification.confirm.title")).count(), 0);
		for (const who of [ana, wren]) await who.context.close();
	});
}

async function pushing(cast) {
	const { house, come, step, maple } = cast;
	await step("push is offered once the practice allows it", async () => {
		await maple.page.goto("/settings/notifications");
		await maple.page.locator("#preview").waitFor();
		assert.equal(await maple.page.locator("#push").count(), 0);
		const ana = await come("ana");
		await ana.page.goto("/settings/practice");
		const form = ana.page.locator("form[aria-labelledby=push-title]");
		await form.locator("input[type=checkbox]").check();
		await form.locator("button[type=submit]").click();
		await form.locator("[role=status]", { hasText: ana.t("page.saved") }).waitFor();
		await ana.context.close();
	});
	const rosa = await other(house, cast, { zone: "America/Denver" });
	const { page, t } = rosa;
	const section = page.locator("section[aria-labelledby=push]");
	const cdp = await rosa.context.newCDPSession(page); // what it permits ends with it
	const permit = async (setting) => {
		const { browserContextId } = (await cdp.send("Target.getTargetInfo")).targetInfo;
		await cdp.send("Browser.setPermission", { permission: { name: "notifications" }, setting, origin: house.url, browserContextId });
	};
	await step("the first page tells which time zone it is in", async () => {
		await signIn(rosa, "rosa@demo.example");
		await ask(rosa, "PATCH", "/me", { language: cast.locale.slice(0, 2) });
		await until(page, async () => (await (await fetch("/api/clinic/me/notifications")).json()).zone === "America/Denver");
	});
	await step("a browser that knows no push says so", async () => {
		const old = await come("rosa");
		await old.page.addInitScript(() => delete window.PushManager);
		await old.page.goto("/settings/notifications");
		await old.page.getByText(t("notification.push.unsupported")).waitFor();
		await look(old, "push-unsupported");
		await old.context.close();
	});
	await step("who has told the browser to refuse hears what to do", async () => {
		await permit("denied");
		await page.goto("/settings/notifications");
		await section.getByText(t("notification.push.denied")).waitFor();
		await look(rosa, "push-denied");
	});
	await step("where the push service does not answer, that is said and can be tried again", async () => {
		await permit("granted");
		await page.addInitScript(withPushService);
		await page.goto("/settings/notifications");
		await page.evaluate(() => sessionStorage.setItem("service", "away"));
		await section.getByRole("button", { name: t("notification.push.on") }).click();
		await section.getByText(t("notification.push.said.failed")).waitFor();
		await both(rosa, "push-failed");
	});
	await step("where the practice's server does not answer, nothing is on", async () => {
		await page.evaluate(() => sessionStorage.setItem("service", "there"));
		await page.route("**/me/push", (route) => route.abort());
		await section.getByRole("button", { name: t("notification.push.on") }).click();
		await problem(rosa).waitFor();
		await look(rosa, "push-server-away");
		assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.ready).pushManager.getSubscription()), null);
		await page.unroute("**/me/push");
	});
	await step("it is turned on, and stays on for who is signed in", async () => {
		await section.getByRole("button", { name: t("notification.push.on") }).click();
		await section.getByText(t("notification.push.said.on")).waitFor();
		await both(rosa, "push-on");
		assert.equal((await ask(rosa, "GET", "/me/notifications")).push.devices, 1);
		await page.reload();
		await section.getByRole("button", { name: t("notification.push.off") }).waitFor();
	});
	await step("a message says that there is something, whatever came, and leads to the list", async () => {
		const [worker] = rosa.context.serviceWorkers();
		await worker.evaluate(() => {
			const show = self.registration.showNotification;
			self.registration.showNotification = async (...what) => {
				await show.apply(self.registration, what);
				self.shown = true;
			};
		});
		await deliver(rosa, house, "what nobody may read on a locked screen");
		await until(worker, () => self.shown);
		// Asked while one is on its way to the screen, Chromium takes it for one that was closed, and forgets it: about one in 150.
		const [shown] = await worker.evaluate(async () => (await self.registration.getNotifications()).map(({ title, body }) => ({ title, body })));
		// The worker goes by the browser's language, which is that of this round.
		assert.deepEqual(shown, { title: t("notification.push.message_title"), body: t("notification.push.message_body") });
		await worker.evaluate(async () => {
			const [notification] = await self.registration.getNotifications();
			self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
		});
		await page.waitForURL("**/notifications");
		await page.locator("h1", { hasText: t("notification.title") }).waitFor();
	});
	await step("it is turned off", async () => {
		await page.goto("/settings/notifications");
		await section.getByRole("button", { name: t("notification.push.off") }).click();
		await section.getByText(t("notification.push.said.off")).waitFor();
		await look(rosa, "push-off");
		assert.equal((await ask(rosa, "GET", "/me/notifications")).push.devices, 0);
		await section.getByRole("button", { name: t("notification.push.on") }).waitFor();
		await rosa.context.close();
	});
}

await walk("notifications", () => rounds(browser, round));
