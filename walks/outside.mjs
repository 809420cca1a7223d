// An outside doctor: a provider invites them into a provider room, they join from the letter, read and write there, and find nothing
// else of the practice by any address; whoever writes in the room sees that they are there.
import assert from "node:assert/strict";
import { ask, browse, look, PASSWORD, rounds, walk } from "./house.mjs";

const browser = await browse();
const ADDRESS = "lou.ferrer@elsewhere.example";

async function round({ house, come, step }) {
	const ana = await come("ana");
	const lou = await come("");
	const { page, t } = ana;
	const room = (await ask(ana, "POST", "/communities", { name: "Colleagues", kind: "provider_room", about: "Cases without names." })).id;
	await ask(ana, "POST", `/communities/${room}/posts`, { kind: "question", title: "A knee", body: "Swollen for two weeks. Whom do you ask?" });

	await step("a provider invites an outside doctor, and is offered provider rooms only", async () => {
		await page.goto("/invitations/new");
		await page.locator("#communities label", { hasText: "Living with diabetes" }).waitFor();
		await page.locator("#communities label", { hasText: "Living with diabetes" }).locator("input").check();
		await page.fill("#email", ADDRESS);
		await page.selectOption("#role", "outside");
		await page.locator("#communities label", { hasText: "Living with diabetes" }).waitFor({ state: "detached" });
		assert.equal(await page.locator("#communities label").count(), 1, "other rooms than the provider room are offered");
		await page.click("main form button[type=submit]");
		await page.locator("#communities .error").waitFor(); // what was chosen for somebody else does not count
		await look(ana, "outside-no-room");
		await page.check("#communities input");
		await look(ana, "outside-invite");
		await page.click("main form button[type=submit]");
		await page.locator("main [role=status]", { hasText: ADDRESS }).waitFor();
	});

	await step("they join from the letter, under their own name, and are told what they will see", async () => {
		const letter = await house.letter(ADDRESS);
		assert.doesNotMatch(letter.text + letter.subject + letter.html, /Colleagues|diabetes/i);
		await lou.page.goto(letter.text.match(/http\S+\/join#[\w-]{43}/)[0]);
		await lou.page.locator("main li", { hasText: lou.t("invitation.join.outside_only") }).waitFor();
		await look(lou, "outside-join-1");
		await lou.page.click("main button:not([aria-pressed])");
		await lou.page.fill("#name", "Lou Ferrer");
		await lou.page.fill("#title", "MD");
		await lou.page.fill("#password", PASSWORD);
		assert.equal(await lou.page.locator("main .suggestions").count(), 0, "a doctor is offered a pseudonym");
		await look(lou, "outside-join-2");
		await lou.page.click("main form button[type=submit]");
		await lou.page.locator("main section#text-privacy, main h2#text-privacy").first().waitFor();
		for (const box of await lou.page.locator("main form input[type=checkbox]").all()) await box.check();
		await lou.page.click("main form button[type=submit]");
		await lou.page.locator("main a", { hasText: "Colleagues" }).waitFor();
		await look(lou, "outside-join-4");
	});

	await step("they read in the room and write there, and cannot name a patient in it", async () => {
		await lou.page.locator("main a", { hasText: "Colleagues" }).click();
		await lou.page.locator("main article h2 a, main a[href^='/posts/']", { hasText: "A knee" }).first().click();
		const area = lou.page.locator("main form textarea");
		const opener = lou.page.locator("main button#opener");
		await area.or(opener).first().waitFor();
		if (!(await area.isVisible())) await opener.first().click();
		await area.fill("Her MRN is 00483921, I would ask a rheumatologist.");
		await area.press("Control+Enter");
		await lou.page.locator("main .gate.stop").waitFor();
		await look(lou, "outside-stopped");
		await lou.page.locator("main .gate button", { hasText: lou.t("check.ask.change") }).click();
		await area.fill("I would ask a rheumatologist.");
		await area.press("Control+Enter");
		await lou.page.locator("main li .badge.outside").first().waitFor();
		await look(lou, "outside-thread");
	});

	await step("they find nothing else of the practice", async () => {
		await lou.page.goto("/");
		await lou.page.locator("main a[href^='/communities/']").first().waitFor();
		await look(lou, "outside-home");
		assert.equal(await lou.page.locator("main .cards > li").count(), 1, "home shows more than their room");
		const links = await lou.page.locator("a[href='/people'], a[href^='/invitations'], a[href^='/desk'], a[href^='/manage']").count();
		assert.equal(links, 0, "home leads to what is the practice's");
		for (const path of ["/people", "/invitations", "/invitations/new", "/communities/new", "/desk", "/manage/policies", "/reviews", `/communities/${room}/members`]) {
			await lou.page.goto(path);
			await lou.page.locator("main h1", { hasText: lou.t("page.not_allowed.title") }).waitFor();
		}
		const others = (await ask(ana, "GET", "/communities")).items.filter(({ id }) => id !== room);
		assert.ok(others.length > 2);
		for (const { id, name } of others) {
			await lou.page.goto(`/communities/${id}`);
			await lou.settled();
			assert.ok(!(await lou.page.locator("body").innerText()).includes(name), `${name} is shown`);
		}
		const found = await ask(lou, "POST", "/search", { q: "walk" });
		assert.equal(found.items.length, 0, "search finds what stands in other rooms");
	});

	await step("whoever opens the room sees that somebody from outside reads it", async () => {
		await page.goto(`/communities/${room}`);
		const summary = page.locator("aside summary");
		await page.locator("aside").waitFor();
		if (await summary.isVisible()) await summary.click();
		await page.locator("aside section", { hasText: t("community.outside.title") }).locator(".badge.outside").waitFor();
		await look(ana, "outside-room");
		await page.goto(`/people?role=outside`);
		await page.locator("main", { hasText: "Lou Ferrer" }).locator(".badge.outside").first().waitFor();
		await look(ana, "outside-people");
	});
}

await walk("outside", () => rounds(browser, round));
