// Every page, as those who may see it: on a phone, on a desk in both languages, by night, and at 400 % in forced colours.
import { ask, browse, demo, look, person, signIn, step, walk } from "./house.mjs";

const house = await demo();
const browser = await browse();

const PUBLIC = {
	"sign-in": "/sign-in",
	"signed-out": "/signed-out",
	forgotten: "/forgotten",
	"reset-without-link": "/reset",
	"confirm-without-link": "/confirm",
	"join-without-link": "/join",
	"setup-done": "/setup",
	policies: "/policies",
	policy: "/policies/community-guidelines",
	"policy-versions": "/policies/community-guidelines/versions",
	"policy-version": "/policies/community-guidelines/versions/1",
	"not-found": "/no-such-page",
};
const MEMBER = {
	home: "/",
	settings: "/settings",
	files: "/files",
	follows: "/settings/follows",
	notifications: "/notifications",
	"notifications-choices": "/settings/notifications",
	cases: "/cases",
	search: "/search",
	authorization: "/authorization",
	"not-allowed": "/not-allowed",
};
const ADMIN = {
	"home-provider": "/",
	"cases-works": "/cases",
	"case-works": "/cases?case=friend-request",
	"case-questions": "/manage/cases/questions",
	kit: "/policies/kit",
	invitations: "/invitations",
	"invitations-new": "/invitations/new",
	"invitations-import": "/invitations/import",
	people: "/people",
	"settings-practice": "/settings/practice",
	"community-new": "/communities/new",
	desk: "/desk",
	reviews: "/reviews",
	"reviews-waiting": "/reviews?state=waiting",
};

/** A poll of three, asked by who leads the community, with a vote: too few to show more than that it runs. */
async function poll(lead, room) {
	const ends = new Date(Date.now() + 7 * 86_400_000).toISOString();
	const { id } = await ask(lead, "POST", `/communities/${room}/posts`, {
		kind: "poll", title: "Which evening suits you?", body: "For a walk along the river.", poll: { choices: ["Monday", "Thursday", "Neither"], ends, results: "running" },
	});
	return id;
}

/** The invitation on paper: its square comes after its heading. */
async function letter(who) {
	const { width, locale } = who;
	const { id } = await ask(who, "POST", "/invitations", {
		email: `${width}.${locale}${who.dark ? ".dark" : ""}@people.example`.toLowerCase(), role: "patient", communities: [], language: locale.slice(0, 2), code: "402915",
	});
	await step(`letter ${width} ${locale}`, async () => {
		await who.page.goto(`/invitations/${id}/letter`);
		await who.page.locator("main img").waitFor();
		await who.page.locator("main .sheet", { hasText: `${house.url}/policies` }).waitFor();
		await look(who, "letter");
	});
}

async function visit(who, pages) {
	for (const [name, path] of Object.entries(pages)) {
		await step(`${name} ${who.width} ${who.locale}`, async () => {
			await who.page.goto(path);
			await who.page.waitForSelector("h1");
			await who.page.locator("footer a[href='/policies']").waitFor(); // the policies are posted on every page
			await look(who, name);
		});
	}
}

await walk("pages", async () => {
	for (const [width, locale, dark, forced] of [
		["phone", "en-US", false, false],
		["desk", "es-MX", false, false],
		["desk", "en-US", true, false],
		["zoomed", "es-MX", false, true],
	]) {
		const how = { width, locale, dark, forced, expects: ["404", "401"] };
		const guest = await person(browser, house, how);
		await visit(guest, PUBLIC);
		const member = await person(browser, house, how);
		await signIn(member, locale.startsWith("es") ? "rosa@demo.example" : "heron@demo.example");
		await visit(member, MEMBER);
		const room = await member.page.evaluate(async () => (await (await fetch("/api/clinic/communities")).json()).items[0].id);
		const post = await member.page.evaluate(
			async (id) => (await (await fetch(`/api/clinic/communities/${id}/posts`)).json()).items.find(({ kind }) => kind !== "poll").id,
			room,
		);
		await visit(member, {
			room: `/communities/${room}`,
			"room-unanswered": `/communities/${room}?view=unanswered`,
			"room-saved": `/communities/${room}?view=saved`,
			"room-media": `/communities/${room}?view=media`,
			"room-media-kind": `/communities/${room}?view=media&kind=video`,
			post: `/posts/${post}`,
		});
		const newcomer = await person(browser, house, how);
		await signIn(newcomer, "new@demo.example");
		await visit(newcomer, { acknowledge: "/acknowledge" });
		const admin = await person(browser, house, how);
		await signIn(admin, "ana@demo.example");
		// A member's language is their account's, whatever the browser prefers.
		await admin.page.evaluate(
			(language) =>
				fetch("/api/clinic/me", { method: "PATCH", body: JSON.stringify({ language }), headers: { "Content-Type": "application/json" } }),
			locale.slice(0, 2),
		);
		await visit(admin, ADMIN);
		const led = (await ask(admin, "GET", "/communities")).items.find(({ name }) => name === "Living with diabetes").id;
		const patient = (await ask(admin, "GET", "/members?q=heron")).items[0].id;
		await visit(admin, { "community-about": `/communities/${led}/about`, members: `/communities/${led}/members`, person: `/people/${patient}` });
		await letter(admin);
		const asked = await poll(admin, led);
		await visit(admin, { "poll-asked": `/posts/${asked}` });
		await visit(member, { poll: `/posts/${asked}` });
		await ask(member, "POST", `/polls/${asked}/vote`, { choice: 1 });
		await visit(member, { "poll-voted": `/posts/${asked}` });
		const holds = await admin.page.evaluate(async () => (await (await fetch("/api/clinic/desk")).json()).items);
		for (const { id, source } of holds) await visit(admin, { [`desk-${source}`]: `/desk/${id}` });
		const author = await person(browser, house, how);
		await signIn(author, "maple@demo.example");
		const own = await author.page.evaluate(async () => (await (await fetch("/api/clinic/holds")).json()).items[0]);
		await visit(author, { "own-hold": `/holds/${own.id}`, "own-held-post": `/posts/${own.post}`, "home-author": "/" });
		for (const who of [guest, member, newcomer, admin, author]) await who.context.close();
	}
});
