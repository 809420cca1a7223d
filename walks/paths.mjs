// The paths beside the main one, as people take them: links that lead nowhere, and what a provider does with an invitation afterwards.
import assert from "node:assert/strict";
import { browse, demo, look, person, signIn, step, walk } from "./house.mjs";

const house = await demo();
const browser = await browse();
const NEW_PASSWORD = "a long walk by the sea";

/** The browser itself notes each refused request and each lost connection on its console. */
const expects = ["the server responded with a status", "net::ERR"];
const someone = (width, locale) => person(browser, house, { width, locale, expects });
const submit = (page) => page.locator("main form button[type=submit]").last().click();
const heading = (page, text) => page.locator("main h1", { hasText: text }).waitFor();

/** Asks the API as the person who is signed in on the page. */
const ask = (page, path, body = {}) =>
	page.evaluate(
		async ([path, body]) => {
			const headers = { "Content-Type": "application/json" };
			const init = body ? { method: "POST", body: JSON.stringify(body), headers } : {};
			return (await fetch(`/api/clinic${path}`, init)).json();
		},
		[path, body],
	);

const ana = await someone("desk", "en-US");
let invited = 0;
async function invite(wish = {}) {
	const email = `guest${++invited}@people.example`;
	const { id } = await ask(ana.page, "/invitations", { email, role: "patient", communities: [], language: "en", ...wish });
	const { link } = await ask(ana.page, `/invitations/${id}/link`);
	return { id, email, link };
}

/** Opens a link as a device would that has never been here. */
async function follow(who, link) {
	await who.page.goto("about:blank");
	await who.page.goto(link);
}

/** What ends a link; `say` has the words to look for. */
async function endsOfALink(width, locale, say) {
	const guest = await someone(width, locale);
	const { page } = guest;
	const language = locale.slice(0, 2);
	await step(`${width} ${locale}: a revoked link says whom to call`, async () => {
		const { id, link } = await invite({ language });
		await ask(ana.page, `/invitations/${id}/revoke`);
		await follow(guest, link);
		await heading(page, say.revoked);
		await look(guest, "path-revoked");
		assert.ok(await page.locator("main a[href^='tel:']").isVisible());
	});
	await step(`${width} ${locale}: who declined may ask again`, async () => {
		const { link } = await invite({ language });
		await follow(guest, link);
		await page.locator("main button", { hasText: say.no }).click();
		await page.locator("dialog button").last().click();
		await heading(page, say.declined);
		await follow(guest, link);
		await page.locator("main button", { hasText: say.again }).click();
		await heading(page, say.asked);
		await look(guest, "path-asked-again");
	});
	await step(`${width} ${locale}: half a link leads members to sign in`, async () => {
		await follow(guest, `${house.url}/join#${"A".repeat(20)}`);
		await page.locator("main a[href='/sign-in']").waitFor();
		await look(guest, "path-half-a-link");
	});
	await step(`${width} ${locale}: a code too often wrong locks; sent again with another code it opens`, async () => {
		const { email, link } = await invite({ language, code: "123456" });
		await follow(guest, link);
		await page.locator("main button").first().click();
		await page.fill("#name", `River ${language}`);
		await page.fill("#password", NEW_PASSWORD);
		for (const left of [4, 3, 2, 1]) {
			await page.fill("#code", `00000${left}`);
			await submit(page);
			await page.locator("main form [role=group]", { hasText: left > 1 ? String(left) : say.once }).waitFor();
		}
		await look(guest, "path-code-wrong");
		await page.fill("#code", "000000");
		await submit(page);
		await heading(page, say.locked);
		await ana.page.goto(`/invitations?q=${email}`);
		await ana.page.locator("article button", { hasText: "Send again" }).click();
		await ana.page.fill("dialog #code", "654321");
		await look(ana, "path-resend");
		await ana.page.locator("dialog button[type=submit]").click();
		await ana.page.locator("dialog").waitFor({ state: "detached" });
		await follow(guest, link);
		await page.locator("main button").first().click();
		await page.fill("#code", "654 321");
		await page.fill("#name", `River ${language}`);
		await page.fill("#password", NEW_PASSWORD);
		await submit(page);
		await page.locator("main input[type=checkbox]").first().waitFor();
	});
	await step(`${width} ${locale}: signed in as another member, they sign out and go on`, async () => {
		const { link } = await invite({ language });
		await follow(guest, link);
		await page.locator("main button", { hasText: say.change }).waitFor();
		await look(guest, "path-someone-else");
		await page.locator("main button", { hasText: say.change }).click();
		await heading(page, "Riverside");
	});
	await guest.context.close();
}

/** What became of an invitation meanwhile, by time, by another device, or by the account that has its address. */
async function otherEnds(width, locale) {
	const guest = await someone(width, locale);
	const { page, t } = guest;
	const language = locale.slice(0, 2);
	const name = `Willow ${language}`;
	const signInHere = async (email) => {
		await page.locator("main a[href='/sign-in']").click();
		await page.fill("#email", email);
		await page.fill("#password", NEW_PASSWORD);
		await submit(page);
		await page.waitForURL((url) => url.pathname !== "/sign-in");
	};
	await step(`${width} ${locale}: an invitation that is too old is asked for anew`, async () => {
		const { link } = await invite({ language });
		const token = link.split("#")[1];
		await page.goto("/sign-in");
		await ask(page, "/invitations/decline", { token });
		// Thirty days are not waited for. The door's answer to a declined link is told as the one to an expired link, which has the same
		// status and params (hooks/invitation/join_test.go); asking anew is the server's own.
		await page.route("**/api/clinic/invitations/open", async (route) => {
			const response = await route.fetch();
			const json = JSON.parse((await response.text()).replaceAll("invitation_declined", "invitation_expired"));
			json.data.error.message = json.message = t("fault.invitation_expired");
			await route.fulfill({ response, json });
		}, { times: 1 });
		await follow(guest, link);
		await heading(page, t("invitation.end.invitation_expired"));
		await page.locator("main").getByText(t("fault.invitation_expired")).waitFor();
		assert.ok(await page.locator("main a[href^='tel:']").isVisible());
		await look(guest, "path-expired");
		await page.getByRole("button", { name: t("invitation.end.ask_again") }).click();
		await heading(page, t("invitation.end.asked"));
	});
	let email;
	await step(`${width} ${locale}: used on another device: they sign in here, and the link then says that there is nothing more to do`, async () => {
		const first = await invite({ language });
		({ email } = first);
		const token = first.link.split("#")[1];
		const there = await someone("desk", locale);
		await there.page.goto("/sign-in");
		const { policies } = await ask(there.page, "/invitations/open", { token });
		const me = await ask(there.page, "/invitations/accept", { token, name, password: NEW_PASSWORD, language, acknowledge: policies });
		assert.equal(me.name, name, JSON.stringify(me));
		await there.context.close();
		await follow(guest, first.link);
		await heading(page, t("invitation.end.invitation_used"));
		await page.locator("main a[href='/forgotten']").waitFor();
		await look(guest, "path-used-elsewhere");
		await signInHere(email);
		await follow(guest, first.link);
		await page.locator("main").getByText(t("invitation.end.used_here", { name })).waitFor();
		await look(guest, "path-used-here");
		await page.locator("main a[href='/']").click();
		await page.locator("main h1").filter({ hasNotText: t("invitation.end.invitation_used") }).waitFor();
	});
	await step(`${width} ${locale}: an address that became a member's: they sign in, and the second invitation opens a further room`, async () => {
		const room = (await ask(ana.page, "/communities", null)).items.find((one) => one.name === "Living with diabetes");
		const { email: next, link } = await invite({ language, communities: [room.id] });
		// Whom the practice invites on an address that is new to it may be a member who moves to that address afterwards.
		await ask(page, "/me/email", { email: next, password: NEW_PASSWORD });
		await follow(guest, (await house.letter(next, "/confirm#")).text.match(/http\S+\/confirm#\S+/)[0]);
		await page.getByRole("button", { name: t("session.confirm.do") }).click();
		await heading(page, t("session.confirm.done_title"));
		await follow(guest, link);
		await heading(page, t("invitation.end.already_a_member"));
		await page.locator("main a[href='/forgotten']").waitFor();
		await look(guest, "path-already-a-member");
		await signInHere(next);
		await follow(guest, link);
		await page.getByRole("button", { name: t("invitation.join.more_do") }).waitFor();
		await look(guest, "path-second-invitation");
		await page.getByRole("button", { name: t("invitation.join.more_do") }).click();
		await heading(page, t("invitation.done.title", { name }));
		await look(guest, "path-second-invitation-done");
		await page.locator(`main a[href='/communities/${room.id}']`).click();
		await heading(page, room.name);
		email = next;
	});
	await step(`${width} ${locale}: an invitation for another role says what it changes, and changes it by their own click`, async () => {
		const { link } = await invite({ email, language, role: "staff", code: "402915" });
		const { sha256 } = await ask(page, "/authorizations/sharing", null);
		await ask(page, "/authorizations/sharing", { sha256 });
		await follow(guest, link);
		await page.locator("main").getByText(t("invitation.join.change_from.patient", { name }), { exact: false }).waitFor();
		await page.locator("main").getByText(t("invitation.join.change.staff"), { exact: false }).waitFor();
		await page.locator("main").getByText(t("invitation.join.change_policies")).waitFor();
		await page.locator("main").getByText(t("invitation.join.change_back")).waitFor();
		await look(guest, "path-another-role");
		const change = page.getByRole("button", { name: t("invitation.join.change_do") });
		await page.fill("#code", "111111");
		await change.click();
		await page.locator("main [role=group]", { hasText: "4" }).waitFor();
		assert.equal((await ask(page, "/me", null)).role, "patient");
		await page.fill("#code", "402915");
		await change.click();
		await heading(page, t("invitation.policies.title"));
		await look(guest, "path-another-role-policies");
		const { owes } = await ask(page, "/me", null);
		const again = owes.filter(({ kind }) => kind === "policy").map(({ slug }) => slug);
		for (const slug of ["privacy", "community-guidelines", "staff-social-media"]) assert(again.includes(slug), `not asked for ${slug}: ${again}`);
		assert.equal(await page.locator("main input[type=checkbox]").count(), again.length);
		for (const box of await page.locator("main input[type=checkbox]").all()) await box.check();
		await submit(page);
		await heading(page, t("invitation.done.title", { name }));
		assert.equal((await ask(page, "/me", null)).role, "staff");
		await look(guest, "path-another-role-done");
		await page.goto("/authorization");
		await page.locator("main").getByText(t("authorization.not_needed")).waitFor();
		assert.equal(await page.locator("main form, main button").count(), 0);
		await look(guest, "path-another-role-authorization");
		await follow(guest, link);
		await page.locator("main").getByText(t("invitation.end.used_here", { name })).waitFor();
	});
	await guest.context.close();
}

async function atTheDesk() {
	await step("who leads a community is asked to hand it over before another role", async () => {
		const lead = await someone("phone", "en-US");
		await signIn(lead, "ana@demo.example");
		const { id, link } = await invite({ email: "ana@demo.example", role: "staff" });
		await follow(lead, link);
		await heading(lead.page, lead.t("invitation.end.role_hand_over_first"));
		await lead.page.locator("main a[href='/']").waitFor();
		await look(lead, "path-hand-over-first");
		await ask(ana.page, `/invitations/${id}/revoke`);
		await lead.context.close();
	});
	await step("staff propose, a provider approves several at once", async () => {
		const lucy = await someone("phone", "en-US");
		await signIn(lucy, "lucy@demo.example");
		for (const n of [1, 2]) {
			await lucy.page.goto("/invitations/new");
			await lucy.page.fill("#email", `proposed${n}@people.example`);
			await submit(lucy.page);
			await lucy.page.locator("main [role=status]", { hasText: `proposed${n}@` }).waitFor();
		}
		await look(lucy, "path-proposed");
		await lucy.context.close();
		await ana.page.goto("/invitations?q=proposed");
		await ana.page.getByRole("button", { name: "Choose all" }).click();
		await ana.page.getByRole("button", { name: /Approve the chosen/ }).click();
		await ana.page.locator("main [role=status]", { hasText: "2 invitations are approved" }).waitFor();
		await look(ana, "path-approved");
	});
	await step("a file with problems names each, and brings in the others", async () => {
		const file = "email,role,communities\nfile1@people.example,patient,\nnot an address,patient,\nheron@demo.example,patient,\nfile2@people.example,king,\n";
		await ana.page.goto("/invitations/import");
		await ana.page.setInputFiles("#file", { name: "list.csv", mimeType: "text/csv", buffer: Buffer.from(file) });
		await ana.page.locator("tr.problem").nth(2).waitFor();
		await look(ana, "path-file");
		await ana.page.locator("main button", { hasText: "Invite the 1" }).click();
		await ana.page.waitForURL(/batch=/);
		await ana.page.locator("article", { hasText: "file1@people.example" }).waitFor();
	});
	await step("an address that is here already leads to where it stands", async () => {
		await ana.page.goto("/invitations/new");
		await ana.page.fill("#email", "heron@demo.example");
		await submit(ana.page);
		await ana.page.locator("main a[href^='/people?q=']").click();
		await ana.page.getByText("Quiet Heron").first().waitFor();
	});
	await step("the printed invitation is one sheet", async () => {
		const { id } = await invite({ code: "123456" });
		await ana.page.goto(`/invitations/${id}/letter`);
		await ana.page.locator("main img").waitFor();
		const pdf = await ana.page.pdf({ format: "Letter" });
		assert.equal(pdf.toString("latin1").match(/\/Type\s*\/Page\b/g).length, 1);
	});
}

await walk("paths", async () => {
	await signIn(ana, "ana@demo.example");
	await endsOfALink("phone", "en-US", {
		revoked: "taken back", no: "No, thank you", declined: "You have declined", again: "Ask for a new", asked: "We have asked",
		once: "try once more", locked: "Too many wrong codes", change: "Sign out and go on",
	});
	await endsOfALink("desk", "es-MX", {
		revoked: "se retiró", no: "No, gracias", declined: "Ha rechazado", again: "Pedir una invitación", asked: "Lo hemos pedido",
		once: "una vez más", locked: "Demasiados códigos", change: "Cerrar sesión y seguir",
	});
	await otherEnds("phone", "es-MX");
	await otherEnds("desk", "en-US");
	await atTheDesk();
});
