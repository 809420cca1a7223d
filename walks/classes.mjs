// What each class of an edit brings: in both admin UIs a typo, a clarification and a material change are published, and members come by
// after each. Of the first they hear nothing, of the second what was made clearer, and the third asks them by a date. Then the date passes:
// who has not accepted reads everything and does not write, is told why and what to do, and writes again once they have.
import assert from "node:assert/strict";
import { fresh, operate, publish, saved, send, write } from "./drafting.mjs";
import { ask, browse, look, person, REFUSED, serve, signIn, stepOrEnd, until, walk } from "./house.mjs";
import { daysOn, OPERATOR, practice } from "./practice.mjs";

let house = await practice();
const browser = await browse();

/** The day by which it is to be accepted, as a date field has it, and how long after it the walk goes on. */
const [WITHIN, ON] = [3, 10];
const now = new Date();
const due = new Date(now.getTime() + WITHIN * 86_400_000 - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
const dueIn = (locale) => new Intl.DateTimeFormat(locale.slice(0, 2), { dateStyle: "long" }).format(new Date(`${due}T23:59`));

const READERS = [
	{ key: "rosa", width: "phone", locale: "es-MX", words: "¿Quién camina conmigo el lunes?", answer: "Yo voy también." },
	{ key: "heron", width: "desk", locale: "en-US", words: "Who walks with me on Monday?", answer: "I am coming too." },
];
const come = async (email, how = {}) => {
	const who = await person(browser, house, { expects: ["Failed to load resource", ...REFUSED], ...how });
	who.page.setDefaultTimeout(12_000);
	if (email) await signIn(who, `${email}@demo.example`);
	if (how.locale) await ask(who, "PATCH", "/me", { language: how.locale.slice(0, 2) });
	return who;
};
const communityOf = async (who) => (await ask(who, "GET", "/communities")).items.find(({ name }) => name === "Living with diabetes").id;
const titleOf = async (slug, { locale }) => (await (await fetch(`${house.url}/api/clinic/policies/${slug}?language=${locale.slice(0, 2)}`)).json()).title;
/** Home, with what comes with its news. */
async function comeHome({ page, settled }) {
	await page.goto("/");
	await page.locator("main a[href^='/communities/']").first().waitFor();
	await settled();
}

await walk("classes", async () => {
	const editors = await comeToEdit();
	const readers = [];
	for (const how of READERS) readers.push({ ...how, ...(await come(how.key, { ...how })) });

	for (const kind of ["typo", "clarification"]) {
		for (const editor of editors) {
			await published(editor, kind);
			for (const reader of readers) await (kind === "typo" ? hearsNothing : hearsOfIt)(reader, editor);
		}
	}
	for (const editor of editors) await published(editor, "material");
	for (const reader of readers) await isAskedByTheDate(reader);

	for (const context of browser.contexts()) await context.close(); // a page that is still open would ask a practice that is gone
	await house.stop();
	house = await serve(house.dir, daysOn(ON));
	for (const how of READERS) await afterTheDate(how);
	await whileSomebodyWrites();
});

/** Who edits: an operator in the dashboard, and a member with the right to in our own page, each a policy of their own. */
async function comeToEdit() {
	const operator = await come("", {});
	const lucy = await come("lucy", {});
	await stepOrEnd("an operator opens a policy in the dashboard, and an editor another one in our own page", async () => {
		await operate(operator);
		await operator.page.locator(".kinward-policies a", { hasText: "Community guidelines" }).click();
		await lucy.page.goto("/manage/policies/privacy");
		for (const { page } of [operator, lucy]) await page.locator(".paper .prose").waitFor();
	});
	return [
		{ ...operator, place: "in the dashboard", slug: "community-guidelines", part: ".kinward-policies", password: OPERATOR.password },
		{ ...lucy, place: "in our own page", slug: "privacy" },
	];
}

async function published(editor, kind) {
	const { page, place, slug, part, password } = editor;
	await stepOrEnd(`a ${kind} is published ${place}`, async () => {
		await write(page, ` A ${kind} of ours.`);
		await page.locator(".paper", { hasText: `A ${kind} of ours.` }).waitFor();
		await saved(page);
		await publish(page, kind, password);
		if (kind === "material") await page.fill("dialog #due", due);
		await page.locator("dialog .follows li").first().waitFor();
		await look(editor, `publish-${kind}-${slug}`, part);
		await send(page);
		if (!password) await fresh(page);
		await page.locator("dialog").first().waitFor({ state: "detached" });
		await page.locator("[role=status]", { hasText: "is posted" }).waitFor();
		const posted = await (await fetch(`${house.url}/api/clinic/policies/${slug}`)).json();
		assert.ok(posted.class === kind && posted.version === { typo: 2, clarification: 3, material: 4 }[kind], JSON.stringify(posted));
	});
}

async function hearsNothing(reader, { slug, place }) {
	const { page, locale, width, t } = reader;
	await stepOrEnd(`${width} ${locale}: a typo that was published ${place} brings nothing at the next visit`, async () => {
		await comeHome(reader);
		await look(reader, `visit-typo-${slug}`);
		assert.deepEqual((await ask(reader, "GET", "/me/news")).items, []);
		assert.equal(await page.getByText(t("home.news", { title: await titleOf(slug, reader) })).count(), 0);
		assert.equal(await page.locator("a[href^='/acknowledge']").count(), 0, "it is asked for");
	});
}

async function hearsOfIt(reader, { slug, place }) {
	const { page, locale, width, t } = reader;
	await stepOrEnd(`${width} ${locale}: of a clarification ${place} they are told until they have read it, and nothing is asked`, async () => {
		await comeHome(reader);
		const told = page.locator("main .notice", { hasText: t("home.news", { title: await titleOf(slug, reader) }) });
		await told.filter({ hasText: "Words were asked about in the waiting room." }).waitFor();
		await look(reader, `visit-clarification-${slug}`);
		assert.equal(await page.locator("a[href^='/acknowledge']").count(), 0, "it is asked for");
		await told.getByRole("link", { name: t("home.news.changes") }).click();
		await page.waitForURL(`**/policies/${slug}/versions`);
		await page.goBack();
		await told.getByRole("button", { name: t("home.news.read") }).click();
		await told.waitFor({ state: "detached" });
		await comeHome(reader);
		assert.equal(await told.count(), 0, "it is told again");
	});
}

async function isAskedByTheDate(reader) {
	const { page, locale, width, t, words } = reader;
	await stepOrEnd(`${width} ${locale}: a material change asks them by its date, and until then they write`, async () => {
		await comeHome(reader);
		await page.getByText(t("home.next.policy.by", { date: dueIn(locale) })).waitFor();
		await look(reader, "visit-material");
		await page.locator("main a[href^='/acknowledge']").first().click();
		await page.getByText(t("policy.acknowledge.due", { date: dueIn(locale) })).waitFor();
		await look(reader, "visit-material-asked");
		await page.getByRole("link", { name: t("policy.acknowledge.later") }).click();
		await page.waitForURL((url) => url.pathname === "/");
		const made = await ask(reader, "POST", `/communities/${await communityOf(reader)}/posts`, { kind: "discussion", body: words });
		assert.equal(made.status, "shown");
	});
}

/** Writes in what is open on the page, and sends it. */
async function say({ page }, words) {
	await page.locator("#opener").click();
	await page.locator("main form textarea").fill(words);
	await page.locator("main form:has(textarea) button[type=submit]").click();
	await page.locator("main article", { hasText: words }).first().waitFor();
}

/** What a member meets who owes a changed policy after its date. */
async function afterTheDate({ key, words, answer, ...how }) {
	const { width, locale } = how;
	const who = await come(key, { ...how, days: ON });
	const { page, t } = who;
	const named = `${width} ${locale}`;
	const community = await communityOf(who);
	const why = page.locator("main .notice", { hasText: t("community.read_only.policy_acknowledgement_required") });
	const thread = page.locator("main a[href^='/posts/']", { hasText: "My kitchen list" });

	await stepOrEnd(`${named}: after the date their home says that writing waits, and how to go on`, async () => {
		await comeHome(who);
		await page.locator("main section", { hasText: t("home.next.policy.now") }).locator("a[href^='/acknowledge']").waitFor();
		await look(who, "late-home");
	});
	await stepOrEnd(`${named}: they read everything: community, thread, files, search`, async () => {
		await page.goto(`/communities/${community}?view=media`);
		await page.getByRole("navigation", { name: t("file.media.kinds") }).waitFor();
		const { items: files } = await ask(who, "GET", `/communities/${community}/files`);
		const shelf = page.locator("main .shelf > li");
		await (files.length ? shelf.first() : page.getByRole("heading", { name: t("file.media.none"), exact: true })).waitFor();
		assert.equal(await shelf.count(), files.length);
		assert.ok((await ask(who, "GET", `/communities/${community}/posts`)).items.some(({ html }) => html.includes(words)), "their own words are gone");
		assert.ok((await ask(who, "POST", "/search", { q: "kitchen" })).items.length, "nothing is found");
		await page.goto(`/communities/${community}`);
		await why.waitFor();
		assert.equal(await page.locator("#opener").count(), 0, "one may write");
		await look(who, "late-community");
		await thread.first().click();
		await page.waitForURL(/\/posts\//);
		await page.locator("main article", { hasText: "hides the bread" }).waitFor();
		await why.waitFor();
		assert.equal(await page.locator("#opener").count(), 0, "one may write");
		await look(who, "late-thread");
	});
	const place = new URL(page.url()).pathname;
	await stepOrEnd(`${named}: no door takes what they write`, async () => {
		const doors = [
			["POST", `/communities/${community}/posts`, { kind: "discussion", body: words }],
			["POST", `${place}/comments`, { body: answer }],
			["POST", "/files", { name: "garden.jpg", bytes: 1000, community }],
		];
		for (const [method, path, body] of doors) await assert.rejects(ask(who, method, path, body), /403.*policy_acknowledgement_required.*"(privacy|community-guidelines)"/s, path);
	});
	await stepOrEnd(`${named}: the way leads from where they would write to each text, past its date, and back`, async () => {
		await why.locator("a[href^='/acknowledge']").click();
		for (const button of ["policy.acknowledge.next", "policy.acknowledge.done"]) {
			await page.getByRole("button", { name: t(button) }).waitFor();
			await page.getByText(t("policy.acknowledge.past", { date: dueIn(locale) })).waitFor();
			assert.equal(await page.getByText(t("policy.acknowledge.due", { date: dueIn(locale) })).count(), 0, "they may write, it says");
			await page.locator(".notice").getByRole("link", { name: t("policy.acknowledge.changes") }).waitFor();
			await look(who, `late-${button.split(".").pop()}`);
			await page.check("#accept");
			await page.getByRole("button", { name: t(button) }).click();
		}
		await page.waitForURL(`**${place}`);
	});
	await stepOrEnd(`${named}: they write again, and nothing is owed`, async () => {
		await page.locator("#opener").waitFor();
		assert.equal(await why.count(), 0);
		await say(who, answer);
		assert.deepEqual((await ask(who, "GET", "/me")).owes.filter(({ kind }) => kind === "policy"), []);
		await comeHome(who);
		assert.equal(await page.locator("a[href^='/acknowledge']").count(), 0);
		await look(who, "late-done");
	});
	await who.context.close();
}

/** The date passes while a page is open on which somebody writes: an editor's own program may choose one that is a moment away. */
async function whileSomebodyWrites() {
	const lucy = await come("lucy", { days: ON });
	const maple = await come("maple", { width: "phone", days: ON });
	const { page, t } = maple;
	for (const who of [lucy, maple]) {
		for (const { kind, slug } of (await ask(who, "GET", "/me")).owes) {
			if (kind !== "policy") continue;
			const { version, sha256 } = await ask(who, "GET", `/policies/${slug}`);
			await ask(who, "POST", `/policies/${slug}/acknowledge`, { version, sha256 });
		}
	}
	const community = `/communities/${await communityOf(maple)}`;
	const words = "My three raisins, and what came of them.";
	await stepOrEnd("the date passes while somebody writes: the words stay, and are sent once the change is accepted", async () => {
		await page.goto(community);
		await page.locator("#opener").click();
		await page.locator("main form textarea").fill(words);
		await page.getByText(t("post.draft.saved")).first().waitFor();
		await lucy.page.goto("/manage/policies/privacy");
		await lucy.page.locator(".paper .prose").waitFor();
		await write(lucy.page, " This is new.");
		const draft = await until(lucy.page, async () => {
			const { draft } = await (await fetch("/api/clinic/manage/policies/privacy")).json();
			return draft?.texts.en.body.includes("This is new.") && draft;
		});
		const at = new Date(Date.now() + ON * 86_400_000 + 2_000).toISOString();
		await ask(lucy, "POST", "/manage/policies/privacy/publish", { revision: draft.revision, class: "material", due: at, reason: { en: "It was asked for.", es: "Se pidió." } });
		await page.waitForTimeout(2_500); // the date is what is waited for
		await page.locator("main form:has(textarea) button[type=submit]").click();
		// What says why takes the place of what one writes in; the words are theirs to read, and wait.
		const way = page.locator("main .notice a[href^='/acknowledge']");
		await way.waitFor();
		await page.waitForFunction((words) => document.querySelector("main textarea[readonly]")?.value === words, words);
		await look(maple, "late-while-writing");
		await way.click();
		await page.check("#accept");
		await page.getByRole("button", { name: t("policy.acknowledge.done") }).click();
		await page.waitForURL((url) => url.pathname === community);
		const area = page.locator("main form textarea");
		await area.or(page.locator("#opener")).first().waitFor();
		if (!(await area.isVisible())) await page.locator("#opener").click();
		await page.waitForFunction((words) => document.querySelector("main form textarea")?.value === words, words);
		await page.locator("main form:has(textarea) button[type=submit]").click();
		await page.locator("main article", { hasText: words }).first().waitFor();
	});
}
