// What an admin does about other people's accounts, and what these see of it in their own browsers: rights, suspending, removing, the
// lead of a community, a lost mailbox. Each round has a practice of its own, since what is done here cannot be undone.
import assert from "node:assert/strict";
import { ask, browse, demo, look, PASSWORD, rounds, signIn, walk, writeOnlyHere } from "./house.mjs";

const NEW_PASSWORD = "a long walk by the sea";
const browser = await browse();

async function round({ house, come, step }) {
	const ana = await come("ana");
	const all = (await ask(ana, "GET", "/members")).items;
	const id = (email) => all.find((one) => one.email === `${email}@demo.example`).id;
	const { page, t } = ana;
	const button = (key, params) => page.getByRole("button", { name: t(key, params), exact: true });
	const told = (words) => page.locator("main [role=group]", { hasText: words }).first().waitFor();
	const cast = { house, come, ana, id, page, t, button, told, step };

	await rights(cast);
	await suspending(cast);
	await removing(cast);
	await lead(cast);
	await mailbox(cast);
	await removingALead(cast);
	await theLastProvider(cast);
}

/** Does what ends somebody's session: with the answer to it, their browser is signed in no more. */
async function endsSession(ana, theirs, deed) {
	const done = ana.page.waitForResponse((answer) => answer.request().method() !== "GET" && answer.ok());
	await deed();
	await done;
	const asked = await theirs.page.evaluate(async () => (await fetch("/api/clinic/session")).json());
	assert.equal(asked.signed_in, false, "the session goes on");
}

async function rights({ house, come, ana, id, page, t, button, told, step }) {
	const james = await come("james");
	await step("a right is given after the password was asked for once more", async () => {
		await page.goto("/people");
		await page.fill("#q", "okafor");
		await page.locator("main a", { hasText: "James Okafor" }).click();
		await page.check("main input[value=admin]");
		// The ten minutes for which a password counts as fresh are not waited for: the door answers once as it then would.
		await page.route("**/rights", (route) => route.fulfill({
			status: 403,
			json: { status: 403, message: "", data: { error: { code: "fresh_sign_in_required", message: "" } } },
		}), { times: 1 });
		await button("people.rights.save").click();
		await page.locator("dialog #password").waitFor();
		assert.equal(await page.evaluate(() => document.activeElement.id), "password", "the dialog does not begin at the password");
		await page.fill("dialog #password", "not the right one");
		await page.keyboard.press("Enter");
		await page.locator("dialog #password-error").waitFor();
		await look(ana, "rights-password-wrong");
		await page.fill("dialog #password", PASSWORD);
		// Two answers come, the password's and then the door's.
		await Promise.all([page.waitForResponse((answer) => answer.url().endsWith("/fresh") && answer.ok()), page.keyboard.press("Enter")]);
		await told(t("people.rights.done"));
		await look(ana, "rights-given");
	});
	await step("whose rights changed signs in anew and has them", async () => {
		await james.page.goto("/");
		await james.page.waitForURL(/sign-in/);
		await signIn(james, "james@demo.example");
		await james.page.goto("/settings/practice");
		await james.page.locator("#mail").waitFor();
	});
	await step("it is taken away again", async () => {
		await page.uncheck("main input[value=admin]");
		await endsSession(ana, james, () => button("people.rights.save").click());
		await told(t("people.rights.done"));
		await james.page.goto("/settings/practice");
		await james.page.waitForURL(/sign-in/);
		await signIn(james, "james@demo.example");
		await james.page.goto("/settings/practice");
		await james.page.locator("main h1", { hasText: james.t("page.not_allowed.title") }).waitFor();
	});
	await step("the last admin stays", async () => {
		await page.goto(`/people/${id("ana")}`);
		await page.uncheck("main input[value=admin]");
		await button("people.rights.save").click();
		await told(t("fault.last_admin"));
		assert.equal(await button("people.suspend.do").count(), 0, "one's own account is offered to be suspended");
		await look(ana, "rights-last-admin");
		await page.goto("/settings/practice");
		await page.locator("#mail").waitFor();
	});
	await james.context.close();
}

async function suspending({ come, ana, id, page, t, button, told, step }) {
	const maple = await come("maple");
	const elsewhere = await come("maple");
	await step("suspending asks for a reason, ends the other's session at once and says so where it was", async () => {
		await writeOnlyHere(maple, "What I was in the middle of");
		await page.goto(`/people/${id("maple")}`);
		await button("people.suspend.do").click();
		await page.locator("dialog button[type=submit]").click();
		await page.locator("dialog #reason-error").waitFor();
		await page.locator("dialog a[href='#reason']").click();
		assert.equal(await page.evaluate(() => document.activeElement.id), "reason", "the summary does not lead to the field");
		await page.fill("dialog #reason", "The phone was stolen");
		await look(ana, "suspend-reason");
		await endsSession(ana, maple, () => page.locator("dialog button[type=submit]").click());
		await told(t("people.suspend.done", { name: "Maple Street" }));
		await elsewhere.page.locator("main h1", { hasText: t("session.signed_out.title") }).waitFor();
		await maple.page.fill("dialog #password", PASSWORD);
		await maple.page.keyboard.press("Enter");
		await maple.page.locator("dialog a[href^='tel:']").waitFor();
		await look(maple, "suspended-dialog");
		assert.equal(await maple.page.locator("dialog input[type=password]").count(), 0, "a paused account is offered to sign in");
		await maple.page.locator("dialog button").last().click();
		await maple.page.locator("main h1", { hasText: t("session.signed_out.title") }).waitFor();
	});
	await step("restored, they sign in as before", async () => {
		await button("people.restore.do").click();
		await page.fill("dialog #reason", "It was found again");
		await page.locator("dialog button[type=submit]").click();
		await told(t("people.restore.done", { name: "Maple Street" }));
		await look(ana, "restored");
		await signIn(maple, "maple@demo.example");
	});
	for (const who of [maple, elsewhere]) await who.context.close();
}

async function removing({ come, ana, id, page, t, button, step }) {
	const tom = await come("tom");
	const guest = await come("");
	await step("a removed member is out within a second; what they wrote stays under a neutral name", async () => {
		await writeOnlyHere(tom, "What I was in the middle of");
		await page.goto(`/people/${id("tom")}`);
		await button("people.remove.do").click();
		await page.fill("dialog #reason", "Asked us to");
		await look(ana, "remove-reason");
		await endsSession(ana, tom, () => page.locator("dialog button[type=submit]").click());
		await page.locator("main h1", { hasText: t("people.removed.title") }).waitFor();
		assert.ok((await page.locator("main").innerText()).includes("Tom B."), "it does not say who was removed");
		await look(ana, "removed");
		await page.goto("/people?q=tom");
		await page.locator("main h2", { hasText: t("people.none") }).waitFor();
		const rooms = (await ask(ana, "GET", "/communities")).items;
		await page.goto(`/communities/${rooms.find(({ name }) => name.includes("diabetes")).id}`);
		await page.locator("main a[href^='/posts/']", { hasText: "My kitchen list" }).click();
		const comment = page.locator("article, li", { hasText: "hides the bread" }).last();
		await comment.waitFor();
		assert.ok(!(await page.locator("main").innerText()).includes("Tom B."), "the name still stands there");
		await page.locator("main").getByText(t("member.former")).first().waitFor();
		await look(ana, "removed-thread");
	});
	await step("their page and their password lead nowhere any more", async () => {
		await tom.page.fill("dialog #password", PASSWORD);
		await tom.page.keyboard.press("Enter");
		await tom.page.locator("dialog [role=group]", { hasText: t("fault.sign_in_wrong") }).waitFor();
		await look(tom, "removed-dialog");
		await guest.page.goto("/sign-in");
		await guest.page.fill("#email", "tom@demo.example");
		await guest.page.fill("#password", PASSWORD);
		await guest.page.keyboard.press("Enter");
		await guest.page.locator("main [role=group]", { hasText: t("fault.sign_in_wrong") }).waitFor();
		await page.goto(`/people/${id("tom")}`);
		await page.locator("main h1", { hasText: t("people.unknown.title") }).waitFor();
	});
	await tom.context.close();
	await guest.context.close();
}

async function lead({ ana, page, t, button, step }) {
	const rooms = (await ask(ana, "GET", "/communities")).items;
	const heart = rooms.find(({ name }) => name.includes("heart")).id;
	const leave = async () => {
		await page.goto(`/communities/${heart}`);
		const about = page.locator("main aside details");
		await about.waitFor();
		if (!(await about.evaluate((box) => box.open))) await about.locator("summary").click();
		await button("community.leave.do").click();
		await page.locator("dialog").waitFor();
	};
	await step("who leads alone and wants to leave is led to handing over", async () => {
		await leave();
		await page.locator("dialog", { hasText: t("community.leave.alone") }).waitFor();
		await look(ana, "lead-leaves-alone");
		await page.keyboard.press("Escape");
		await page.locator("dialog").waitFor({ state: "detached" });
		assert.equal(await page.evaluate(() => document.activeElement.innerText.trim()), t("community.leave.do"), "the focus is lost");
		await button("community.leave.do").click();
		await page.locator("dialog a[href$='/members']").click();
		await page.waitForURL(/\/members$/);
	});
	await step("the lead is handed over to a provider who was not in it", async () => {
		await page.fill("#search", "okafor");
		await page.keyboard.press("Enter");
		await button("community.members.add_name", { name: "James Okafor" }).click();
		await page.getByText(t("community.members.added", { name: "James Okafor" })).waitFor();
		await button("community.members.raise_name", { name: "James Okafor" }).click();
		await page.locator("dialog input[type=checkbox]").check();
		await look(ana, "hand-over");
		await button("community.members.hand_yes").click();
		await page.getByText(t("community.members.raised", { name: "James Okafor" })).waitFor();
		await look(ana, "handed-over");
		const after = (await ask(ana, "GET", `/communities/${heart}`));
		assert.deepEqual(after.lead_names.map(({ name }) => name), ["James Okafor"]);
	});
	await step("then they leave", async () => {
		await leave();
		await button("community.leave.yes").click();
		await page.waitForURL((url) => url.pathname === "/");
		// The address changes before the page does.
		await page.locator("main aside details").waitFor({ state: "detached" });
		await page.locator("main a[href^='/communities/']").first().waitFor();
		assert.equal(await page.locator(`main a[href='/communities/${heart}']`).count(), 0, "the community is still there");
	});
}

async function mailbox({ house, come, ana, id, page, t, step }) {
	const heron = await come("");
	const other = await come("heron");
	const address = "heron.new@people.example";
	let link;
	await step("a lost mailbox: an address that cannot be is told where it stands", async () => {
		await page.goto(`/people/${id("heron")}`);
		await page.locator("main summary").click();
		for (const [email, code] of [
			["", "page.required"],
			["not an address", "fault.address_invalid"],
			["heron@demo.example", "fault.member_address_same"],
			["maple@demo.example", "fault.member_address_taken"],
		]) {
			await page.fill("main #email", email);
			await page.locator("main details button[type=submit]").click();
			await page.locator("#email-error", { hasText: t(code) }).waitFor();
			assert.equal(await page.inputValue("main #email"), email, "what was typed is lost");
		}
		await look(ana, "mailbox-taken");
	});
	await step("the invitation opens the same account at the new address, and the old one is told", async () => {
		await page.fill("main #email", address);
		await page.locator("main details button[type=submit]").click();
		await page.getByText(t("people.again.done", { email: address })).waitFor();
		await look(ana, "mailbox-invited");
		// Asked for twice: it says where the first one is, and it is there.
		await page.fill("main #email", address);
		await page.locator("main details button[type=submit]").click();
		await page.locator(".notice", { hasText: t("people.again.open_returning") }).waitFor();
		await look(ana, "mailbox-open-already");
		const there = page.getByRole("link", { name: t("people.again.open_show") });
		assert.equal(await there.getAttribute("href"), `/invitations?q=${encodeURIComponent(address)}`);
		const waiting = "waits.already@people.example";
		await ask(ana, "POST", "/invitations", { email: waiting, role: "patient", communities: [], language: "en" });
		await page.fill("main #email", waiting);
		await page.locator("main details button[type=submit]").click();
		await page.locator(".notice", { hasText: t("people.again.open_new", { name: "Quiet Heron" }) }).waitFor();
		await page.getByRole("link", { name: t("people.again.open_show") }).click();
		await page.getByText(waiting).first().waitFor();
		await look(ana, "mailbox-open-there");
		await page.getByRole("button", { name: t("invitations.revoke") }).first().waitFor();
		link = (await house.letter(address)).text.match(/http\S+\/join#[\w-]{43}/)[0];
		const warned = await house.letter("heron@demo.example");
		assert.ok(!warned.text.includes(address) && !warned.text.includes("/join#"), "the old address reads too much");
		await heron.page.goto(link);
		await heron.page.locator("main h1", { hasText: heron.t("invitation.join.back_title") }).waitFor();
		await look(heron, "mailbox-welcome");
		await heron.page.locator("main button").first().click();
		await heron.page.fill("#password", NEW_PASSWORD);
		await heron.page.getByRole("button", { name: heron.t("page.back"), exact: true }).click();
		await heron.page.locator("main button").first().click();
		assert.equal(await heron.page.inputValue("#password"), NEW_PASSWORD, "going back emptied the form");
		await look(heron, "mailbox-password");
		await endsSession(heron, other, () => heron.page.locator("#password").press("Enter"));
		await heron.page.waitForFunction(() => !document.querySelector("#password"));
		await look(heron, "mailbox-back");
		await heron.page.goto("/");
		await heron.page.locator("main a[href^='/communities/']").first().waitFor();
		assert.equal((await ask(heron, "GET", "/me")).name, "Quiet Heron");
	});
	await heron.context.close();
	await other.context.close();
}

async function removingALead({ ana, id, page, t, button, step }) {
	await step("a member who leads alone is removed once each community has another lead", async () => {
		await page.goto(`/people/${id("james")}`);
		await button("people.remove.do").click();
		await page.fill("dialog #reason", "Moves away");
		await page.locator("dialog button[type=submit]").click();
		await page.locator("dialog select").first().waitFor();
		await look(ana, "remove-leads");
		assert.equal(await page.inputValue("dialog #reason"), "Moves away", "the reason is lost");
		for (let rest = await page.locator("dialog select").count(); rest > 0; rest--) {
			await page.locator("dialog select").first().selectOption({ label: "Ana Ruiz" });
			await button("people.hand.do").first().click();
			await page.waitForFunction((rest) => document.querySelectorAll("dialog select").length === rest, rest - 1);
		}
		await look(ana, "remove-handed-over");
		await page.locator("dialog form button[type=submit]").click();
		await page.locator("main h1", { hasText: t("people.removed.title") }).waitFor();
		const rooms = (await ask(ana, "GET", "/communities")).items;
		assert.equal(rooms.filter(({ lead }) => lead).length, 4, "not every community has its lead");
	});
}

/** Ana is the only provider who is left, and Lucy, of the staff, an admin. */
async function theLastProvider({ come, ana, id, step }) {
	await step("the last active provider stays, and the page says what to do first", async () => {
		const { rights } = (await ask(ana, "GET", `/members/${id("lucy")}`));
		await ask(ana, "PUT", `/members/${id("lucy")}/rights`, { rights: [...rights, "admin"] });
		const lucy = await come("lucy");
		const { page, t } = lucy;
		for (const what of ["suspend", "remove"]) {
			await page.goto(`/people/${id("ana")}`);
			await page.getByRole("button", { name: t(`people.${what}.do`), exact: true }).click();
			await page.fill("dialog #reason", "Moves away");
			await page.locator("dialog button[type=submit]").click();
			await page.locator("dialog [role=group]", { hasText: t("fault.last_provider") }).waitFor();
			assert.equal(await page.inputValue("dialog #reason"), "Moves away", "the reason is lost");
			await look(lucy, `${what}-last-provider`);
		}
		await lucy.context.close();
	});
}

await walk("members", () => rounds(browser, round));
