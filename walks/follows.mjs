// Reactions, following, saving, muting, blocking, mentions and home in a real browser: what each person sees of it, what comes back
// where the network fails, and that the practice calls no patient by name.
import assert from "node:assert/strict";
import { browse, demo, look, person, signIn, step, stepOrEnd, walk } from "./house.mjs";

const house = await demo();
const browser = await browse();

/** Asks a door as the person who is signed in on a page, refused or not. */
const call = (page, method, path, body) =>
	page.evaluate(
		async ([method, path, body]) => {
			const answer = await fetch(`/api/clinic${path}`, {
				method,
				headers: { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() },
				body: body && JSON.stringify(body),
			});
			return { status: answer.status, ...(await answer.json().catch(() => ({}))) };
		},
		[method, path, body],
	);

const open = async (page, room, title) => {
	await page.goto("/");
	await page.click(`main .cards a[href^='/communities/']:has-text('${room}')`);
	await page.click(`main article a[href^='/posts/']:has-text('${title}')`);
	await page.waitForURL(/\/posts\//);
	await page.waitForSelector("main article .prose");
	return new URL(page.url()).pathname;
};
const reaction = (scope, name) => scope.getByRole("button", { name: new RegExp(`^${name}`) });

await walk("follows", async () => {
	const maple = await person(browser, house, { width: "phone", expects: ["ERR_FAILED", "409"] });
	const heron = await person(browser, house, { width: "phone" });
	const ana = await person(browser, house, { expects: ["422"] });
	const rosa = await person(browser, house, { locale: "es-MX" });
	let walk;

	await stepOrEnd("a reaction counts once, shows at once, and is taken back by a second press", async () => {
		const { page } = maple;
		await signIn(maple, "maple@demo.example");
		walk = await open(page, "diabetes", "What do you eat");
		const post = page.locator("main article").first();
		await reaction(post, "With you").click();
		await page.waitForSelector("main article button[aria-pressed=true]:has-text('With you')");
		await reaction(post, "Helpful").focus();
		await page.keyboard.press("Space");
		await post.locator("button[aria-pressed=true]", { hasText: "Helpful" }).waitFor();
		await look(maple, "reactions");
		await page.reload();
		await post.locator("button[aria-pressed=true]", { hasText: "With you" }).waitFor();
		await reaction(post, "Helpful").click();
		await post.locator("button[aria-pressed=false]", { hasText: "Helpful" }).waitFor();
		await maple.settled();
		const { reactions } = await call(page, "GET", walk);
		assert.deepEqual(reactions, { with_you: 1 });
		assert.ok(!(await call(page, "GET", walk)).names, "no names anywhere");
	});

	await step("what did not reach the server is taken back, and said", async () => {
		const { page } = maple;
		const post = page.locator("main article").first();
		await page.route("**/reactions/**", (route) => route.abort());
		await reaction(post, "Thank you").click();
		await page.getByRole("alert").filter({ hasText: "as it was before" }).waitFor();
		await post.locator("button[aria-pressed=false]", { hasText: "Thank you" }).waitFor();
		await look(maple, "reaction-undone");
		await page.unroute("**/reactions/**");
	});

	await step("one sees the numbers on one's own writing, and nobody's name", async () => {
		const { page } = heron;
		await signIn(heron, "heron@demo.example");
		await page.goto(walk);
		const post = page.locator("main article").first();
		await post.getByText("With you").waitFor();
		assert.equal(await reaction(post, "With you").count(), 0, "nobody reacts to their own");
	});

	await step("saved and followed posts and comments are found again, and undone", async () => {
		const { page } = maple;
		await page.goto(walk);
		const [post, comment] = [page.locator("main article").first(), page.locator("main li article", { hasText: "In general" })];
		await post.getByRole("button", { name: /^Save/ }).click();
		await comment.getByRole("button", { name: /^Save/ }).click();
		await comment.locator("button[aria-pressed=true]", { hasText: "Saved" }).waitFor();
		await post.locator("button[aria-pressed=true]", { hasText: "Following" }).waitFor(); // who commented follows
		await maple.settled(); // a mark shows before the server has it
		await page.goto("/settings/follows");
		const saved = page.locator("section[aria-labelledby=list-saved] li");
		await saved.nth(1).waitFor();
		await look(maple, "follows");
		await saved.first().getByRole("button", { name: /^Remove/ }).click();
		await saved.first().getByRole("button", { name: /^Undo/ }).click();
		await saved.first().getByRole("button", { name: /^Remove/ }).waitFor();
		await saved.filter({ hasText: "comment" }).locator("a").first().click();
		await page.waitForURL(/\?at=/);
		await page.waitForFunction(() => document.activeElement?.id.startsWith("comment-"));
	});

	await step("a mention is chosen by the keyboard, and waits for the one who is called", async () => {
		const { page } = maple;
		await heron.page.goto("/settings"); // whoever has the thread before them sees what comes, and nothing waits for them
		await heron.page.waitForSelector("h1");
		await page.goto(walk);
		await page.click("#opener");
		const area = page.locator("main form textarea");
		await area.pressSequentially("Thank you @Qui");
		await page.getByRole("option", { name: /Quiet Heron/ }).waitFor();
		assert.ok(await area.getAttribute("aria-activedescendant"));
		await look(maple, "mention-offer");
		await page.keyboard.press("Escape");
		await page.getByRole("option").first().waitFor({ state: "hidden" });
		await area.pressSequentially("e");
		await page.keyboard.press("Backspace");
		await page.keyboard.press("Backspace");
		await area.fill("Thank you ");
		await area.pressSequentially("@Qui");
		await page.getByRole("option", { name: /Quiet Heron/ }).waitFor();
		await page.keyboard.press("ArrowDown");
		await page.keyboard.press("ArrowUp");
		await page.keyboard.press("Enter");
		assert.match(await area.inputValue(), /^Thank you @\[Quiet Heron\]\(member:[a-z0-9]{15}\) $/);
		await area.pressSequentially("for the raisins.");
		await page.click("main form button[type=submit]");
		await page.locator("main li article .mention", { hasText: "@Quiet Heron" }).waitFor();
		await look(maple, "mentioned");
		await heron.page.goto("/");
		await heron.page.getByRole("link", { name: "Maple Street mentioned you" }).waitFor();
		await heron.page.getByText("1 new answer").first().waitFor();
		await look(heron, "home-for-you");
		await heron.page.getByRole("link", { name: "Maple Street mentioned you" }).click();
		await heron.page.waitForURL(/\?at=/);
		await heron.page.waitForFunction(() => document.activeElement?.id.startsWith("comment-"));
		await heron.settled(); // that it was read is told when it is there
		await heron.page.goto("/");
		await heron.page.waitForSelector("h1");
		await heron.settled();
		assert.equal(await heron.page.getByText("mentioned you").count(), 0, "what was read waits no longer");
	});

	await step("the practice is offered colleagues, and is stopped with the clause where it calls a patient", async () => {
		const { page } = ana;
		await signIn(ana, "ana@demo.example");
		await page.goto(walk);
		await page.click("#opener");
		const area = page.locator("main form textarea");
		await area.pressSequentially("Hello @Qui");
		await page.getByRole("status").filter({ hasText: "Nobody found" }).waitFor();
		await area.fill("");
		await area.pressSequentially("Hello @Jam");
		await page.getByRole("option", { name: /James Okafor/ }).waitFor();
		const { author } = await call(page, "GET", walk);
		await area.fill(`Hello @[Quiet Heron](member:${author.id})`);
		await page.click("main form button[type=submit]");
		await page.getByText("this person is our patient").first().waitFor();
		await look(ana, "mention-stopped");
	});

	await step("who is blocked is folded away, is told nothing, and can be shown once", async () => {
		const { page } = maple;
		const list = await open(page, "diabetes", "My kitchen list");
		const tom = page.locator("main li article", { hasText: "hides the bread" });
		await tom.locator("summary", { hasText: "More" }).click();
		await look(maple, "more");
		await tom.getByRole("button", { name: "Block Tom B." }).click();
		await page.waitForSelector("dialog");
		await look(maple, "block");
		await page.getByRole("dialog").getByRole("button", { name: "Block", exact: true }).click();
		await page.getByText("You blocked Tom B.").waitFor();
		assert.equal(await page.getByText("hides the bread").count(), 0);
		await look(maple, "blocked");
		await page.getByRole("button", { name: "Show it once" }).click();
		await page.getByText("hides the bread").waitFor();
		await page.reload();
		await page.getByText("You blocked Tom B.").waitFor();
		const doctor = page.locator("main li article", { hasText: "Quiet Heron" }).first();
		assert.ok(await doctor.isVisible());
		const { author } = await call(page, "GET", walk).then(() => call(ana.page, "GET", list));
		assert.ok(author);
		const refused = await call(page, "PUT", `/members/${(await call(ana.page, "GET", "/me")).id}/block`);
		assert.equal(refused.status, 409);
		await page.getByRole("button", { name: "Unblock Tom B." }).click();
		await page.getByText("hides the bread").waitFor();
	});

	await step("more muted conversations than a page has come by pages", async () => {
		const { page } = maple;
		const room = (await call(page, "GET", walk)).community;
		const some = [];
		for (let n = 1; n <= 23; n++) {
			const post = await call(ana.page, "POST", `/communities/${room}/posts`, { kind: "discussion", title: `Stretch ${n} of the river path`, body: "In general, it is flat and dry." });
			assert.equal(post.status, "shown");
			some.push(post.id);
			await call(page, "PUT", `/posts/${post.id}/mute`);
		}
		await page.goto("/settings/follows");
		const muted = page.locator("section[aria-labelledby=list-muted]");
		await muted.locator("li").nth(19).waitFor();
		assert.equal(await muted.locator("li").count(), 20);
		await muted.getByRole("button", { name: "Show more" }).click();
		await muted.locator("li").nth(22).waitFor();
		assert.equal(await muted.locator("li").count(), 23);
		await look(maple, "muted-by-pages");
		for (const id of some) await call(ana.page, "DELETE", `/posts/${id}`);
	});

	await step("a muted community is not on the home page, and comes back", async () => {
		const { page } = maple;
		await call(ana.page, "POST", `/communities/${(await call(ana.page, "GET", walk)).community}/posts`, {
			kind: "discussion", title: "Shoes for wet days", body: "In general, dry socks matter most.",
		});
		await page.goto("/");
		await page.getByRole("link", { name: "Shoes for wet days" }).waitFor();
		await look(maple, "home-new");
		await page.click("main .cards a[href^='/communities/']:has-text('diabetes')");
		await page.locator("aside summary").click();
		await page.getByRole("button", { name: "Mute this community" }).click();
		await page.getByText("You muted this community").waitFor();
		await look(maple, "community-muted");
		await page.goto("/");
		await page.waitForSelector("main .cards");
		await maple.settled();
		assert.equal(await page.locator("section[aria-labelledby=new]", { hasText: "Shoes for wet days" }).count(), 0);
		await page.goto("/settings/follows");
		await page.locator("section[aria-labelledby=list-muted]").getByRole("button", { name: /^Unmute/ }).click();
		await maple.settled();
		await page.goto("/");
		await page.getByRole("link", { name: "Shoes for wet days" }).waitFor();
	});

	await step("a hit in a long thread opens at its place, and what stands before can be read", async () => {
		const { page } = ana;
		const { id } = await call(page, "POST", `/communities/${(await call(page, "GET", walk)).community}/posts`, {
			kind: "discussion", title: "A long thread", body: "General words on walking.",
		});
		for (let n = 0; n < 45; n++) {
			await call(page, "POST", `/posts/${id}/comments`, { body: n === 40 ? "A lantern for the evening walk." : `General words, number ${n}.` });
		}
		await page.goto("/search");
		await page.fill("#q", "lantern");
		await page.click("main form button[type=submit]");
		await page.locator("main li a[href*='?at=']").click();
		await page.waitForFunction(() => document.activeElement?.textContent?.includes("A lantern for the evening"));
		await page.getByRole("button", { name: "Show the comments before" }).click();
		await page.getByText("General words, number 5.").waitFor();
		await look(ana, "thread-at");
	});

	await step("a posted policy is found", async () => {
		const { page } = ana;
		await page.goto("/search");
		await page.fill("#q", "guidelines");
		await page.click("main form button[type=submit]");
		await page.locator("section[aria-labelledby=found-policies] a").first().waitFor();
		await look(ana, "search-policies");
	});

	await step("all of it in Spanish, on a desk", async () => {
		const { page } = rosa;
		await signIn(rosa, "rosa@demo.example");
		await page.goto("/");
		await page.waitForSelector("section[aria-labelledby=new]");
		await look(rosa, "home-new");
		await page.goto(walk);
		await page.getByRole("button", { name: /^Le acompaño/ }).first().click();
		await page.waitForSelector("main button[aria-pressed=true]:has-text('Le acompaño')");
		await look(rosa, "reactions");
		await page.goto("/settings/follows");
		await page.waitForSelector("section[aria-labelledby=list-follows] li");
		await look(rosa, "follows");
	});
});
