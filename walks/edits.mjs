// What becomes of words after they were posted: their author changes them, reads what they said before, and takes them away; and a
// feed and a thread that are longer than one page, to their ends.
import assert from "node:assert/strict";
import { ask, browse, look, rounds, until, walk } from "./house.mjs";

const browser = await browse();

const WORDS = {
	es: {
		title: "Un banco junto a la ventana",
		body: "Hay un banco **nuevo** en la sala.",
		better: ["Dos bancos junto a la ventana", "Hay dos bancos *nuevos* en la sala."],
		best: ["Tres bancos junto a la ventana", "Hay tres bancos en la sala, y una planta."],
		comment: "Me gusta el color.",
		changed: "Me gusta el color, y también la planta.",
		other: "Gracias por contarlo.",
	},
	en: {
		title: "A bench at the window",
		body: "There is a **new** bench in the room.",
		better: ["Two benches at the window", "There are two *new* benches in the room."],
		best: ["Three benches at the window", "There are three benches in the room, and a plant."],
		comment: "I like the color.",
		changed: "I like the color, and the plant too.",
		other: "Thank you for telling us.",
	},
};

/** Writes at a door, and fails where a check would hold it: the walk would wait in vain. */
async function write(who, path, body) {
	const made = await ask(who, "POST", path, body);
	assert.equal(made.status, "shown", `${path}: ${JSON.stringify(body)}`);
	return made;
}

/** The words as they are read, without the marks of Markdown. */
const read = (markdown) => markdown.replaceAll("*", "");
const ids = (list) => list.evaluateAll((all) => all.map(({ id }) => id));
const button = (part, name) => part.getByRole("button", { name, exact: true });
/** Waits until an element has the focus. */
const focus = (page, id) => page.waitForFunction((wanted) => document.activeElement?.id === wanted, id);
/** What a list announces once it has grown. */
const told = (page, text) => page.locator("[role=status]", { hasText: text }).waitFor();

/** Opens the editor of a piece, finds in it what was written, changes it and saves. */
async function edit({ page, t }, piece, was, next) {
	await button(piece, t("post.edit")).click();
	const area = piece.locator("form textarea");
	await area.waitFor();
	const title = piece.locator("form input[id$=title]");
	assert.equal(await area.inputValue(), was.body);
	if (was.title) {
		assert.equal(await title.inputValue(), was.title);
		await title.fill(next.title);
	}
	await area.fill(next.body);
	await button(piece, t("post.send.edit")).click();
	await area.waitFor({ state: "detached" });
	await piece.getByText(read(next.body), { exact: true }).waitFor();
	await piece.getByText(t("post.edited")).waitFor();
	await focus(page, await piece.getAttribute("id"));
	if (was.title) await page.getByRole("heading", { level: 1, name: next.title, exact: true }).waitFor();
}

/** Asks what a piece said before. */
async function before({ t }, piece, words) {
	await button(piece, t("post.versions.show")).click();
	const all = piece.locator("section li");
	await all.first().waitFor();
	assert.equal(await all.count(), words.length);
	for (const [n, said] of words.entries()) assert.ok((await all.nth(n).innerText()).includes(read(said)), `version ${n} is not “${said}”`);
}

/** Takes a piece away by the question, which is answered with No first. */
async function remove(who, piece, what, words) {
	const { page, t } = who;
	const dialog = page.getByRole("dialog", { name: t(`post.delete.ask_${what}`), exact: true });
	await button(piece, t("post.delete")).click();
	await dialog.waitFor();
	if (what === "post") await look(who, "edits-delete");
	await button(dialog, t("post.delete.no")).click();
	await dialog.waitFor({ state: "detached" });
	await piece.getByText(words, { exact: true }).waitFor();
	await page.waitForFunction((name) => document.activeElement?.textContent.trim() === name, t("post.delete"));
	await button(piece, t("post.delete")).click();
	await button(dialog, t("post.delete.yes")).click();
	await dialog.waitFor({ state: "detached" });
	await piece.locator(".stone", { hasText: t("post.deleted.author") }).waitFor();
	assert.equal(await piece.getByText(words, { exact: true }).count(), 0);
	await focus(page, await piece.getAttribute("id"));
}

/** Presses what shows more until it is gone: what stood there stays in its place, the first that came has the focus, nothing stands
    twice, and it is said that more came, or that this is all. */
async function toTheEnd({ page, t }, list, label, times) {
	const more = button(page.locator("main"), label);
	for (let n = 1; n <= times; n++) {
		const stood = await ids(list);
		await more.click();
		await list.nth(stood.length).waitFor();
		await told(page, t(n < times ? "page.loaded_more" : "page.loaded_all"));
		const stands = await ids(list);
		assert.deepEqual(stands.slice(0, stood.length), stood);
		assert.equal(new Set(stands).size, stands.length, "something stands twice");
		await focus(page, stands[stood.length]);
	}
	assert.equal(await more.count(), 0);
}

await walk("edits", () =>
	rounds(browser, async ({ come, locale, step }) => {
		const words = WORDS[locale.slice(0, 2)];
		const author = await come(locale.startsWith("es") ? "rosa" : "heron");
		const other = await come("maple");
		const { page, t } = author;
		const room = (await ask(author, "GET", "/communities")).items.find(({ name }) => name === "Living with diabetes").id;
		const post = page.locator("article[id^=post-]");
		const comment = page.locator("article[id^=comment-]").first();
		let id;

		await step("a member writes a post and a comment", async () => {
			await page.goto(`/communities/${room}`);
			await page.click("#opener");
			await page.fill("form input[id$=title]", words.title);
			await page.fill("form textarea", words.body);
			await button(page.locator("form"), t("post.send.discussion")).click();
			const title = page.getByRole("link", { name: words.title, exact: true });
			await title.waitFor();
			id = (await title.getAttribute("href")).split("/").at(-1);
			await focus(page, `post-${id}`);
			await title.click();
			await page.waitForSelector("#comments");
			await page.click("#opener");
			await page.fill("form textarea", words.comment);
			await button(page.locator("form"), t("post.send.comment")).click();
			await comment.getByText(words.comment, { exact: true }).waitFor();
			await focus(page, await comment.getAttribute("id"));
			assert.equal(await page.getByText(t("post.edited")).count(), 0);
		});
		await step("changes both: the editor has the words, the new ones stand, and it is said that they were changed", async () => {
			await edit(author, post, words, { title: words.better[0], body: words.better[1] });
			await edit(author, post, { title: words.better[0], body: words.better[1] }, { title: words.best[0], body: words.best[1] });
			await edit(author, comment, { body: words.comment }, { body: words.changed });
		});
		await step("reads what they said before, the latest first", async () => {
			await before(author, post, [words.better[1], words.body]);
			await before(author, comment, [words.comment]);
			await look(author, "edits-before");
			for (const piece of [post, comment]) {
				await button(piece, t("post.versions.hide")).click();
				await piece.locator("section li").first().waitFor({ state: "detached" });
			}
		});
		await step("others read the new words, and not the old ones", async () => {
			await other.page.goto(`/posts/${id}`);
			await other.page.getByText(words.best[1], { exact: true }).waitFor();
			await other.page.getByText(words.changed, { exact: true }).waitFor();
			assert.equal(await other.page.getByText(t("post.edited")).count(), 2);
			assert.equal(await button(other.page.locator("main"), t("post.versions.show")).count(), 0);
			await write(other, `/posts/${id}/comments`, { body: words.other });
			await page.getByText(words.other, { exact: true }).waitFor();
		});
		await step("takes the comment away, and then the post: a note stays, and what others said", async () => {
			await remove(author, comment, "comment", words.changed);
			await remove(author, post, "post", words.best[1]);
			await page.getByRole("heading", { level: 1, name: t("post.untitled_deleted"), exact: true }).waitFor();
			await page.getByText(words.other, { exact: true }).waitFor();
			await look(author, "edits-deleted");
			await other.page.reload();
			await other.page.getByText(words.other, { exact: true }).waitFor();
			assert.equal(await other.page.locator(".stone").count(), 2);
			assert.equal(await button(other.page.locator("main"), t("post.versions.show")).count(), 0);
			await page.goto(`/communities/${room}`);
			await page.locator(`#post-${id} .stone`).waitFor();
			await look(author, "edits-deleted-feed");
		});
		await step("finds the words of both there, alone", async () => {
			await page.locator(`#post-${id} a[href='/posts/${id}']`).click();
			await page.waitForSelector("#comments");
			await before(author, post, [words.best[1], words.better[1], words.body]);
			await before(author, comment, [words.changed, words.comment]);
			await look(author, "edits-deleted-before");
		});

		const posts = [];
		const feed = page.locator(`ol[aria-label="${t("community.feed")}"] article`);
		await step("a feed of three pages is shown to its end, while others write", async () => {
			for (let n = 1; n <= 42; n++) posts.unshift(await write(author, `/communities/${room}/posts`, { kind: "discussion", title: `${words.title} ${n}`, body: words.other }));
			await page.goto(`/communities/${room}`);
			await page.waitForSelector(`#post-${posts[0].id}`);
			assert.deepEqual(await ids(feed), posts.slice(0, 20).map((one) => `post-${one.id}`));
			const late = await write(other, `/communities/${room}/posts`, { kind: "discussion", title: words.better[0], body: words.other });
			await button(page.locator("main"), t("post.live.show", { count: 1 })).waitFor();
			await toTheEnd(author, feed, t("post.more"), 2);
			assert.deepEqual((await ids(feed)).slice(0, posts.length), posts.map((one) => `post-${one.id}`));
			await look(author, "edits-feed-end");
			const stood = await ids(feed);
			await button(page.locator("main"), t("post.live.show", { count: 1 })).click();
			await focus(page, `post-${late.id}`);
			assert.deepEqual(await ids(feed), [`post-${late.id}`, ...stood]);
		});
		await step("who comes back from an old post finds the feed as long as it was", async () => {
			const stood = await ids(feed);
			await page.locator(`#${stood.at(-1)} a[href^='/posts/']`).first().click();
			await page.waitForSelector("#comments");
			await page.goBack();
			await feed.nth(stood.length - 1).waitFor();
			assert.deepEqual(await ids(feed), stood);
		});

		await step("a thread of two pages is shown to its end, with what one wrote before the rest was there", async () => {
			const path = `/posts/${posts[0].id}`;
			const comments = [];
			for (let n = 1; n <= 32; n++) comments.push(await write(author, `${path}/comments`, { body: `${words.comment} ${n}` }));
			const reply = await write(author, `${path}/comments`, { body: words.changed, parent: comments[0].id });
			const named = comments.map((one) => `comment-${one.id}`);
			await page.goto(path);
			await page.waitForSelector("#comments");
			const thread = page.locator("section[aria-labelledby=comments] article");
			assert.deepEqual(await ids(thread), named.slice(0, 30));
			await page.click("#opener");
			await page.fill("form textarea", words.better[1]);
			await button(page.locator("form"), t("post.send.comment")).click();
			await page.getByText(t("post.thread.gap")).waitFor();
			await thread.nth(30).getByText(read(words.better[1]), { exact: true }).waitFor();
			const own = (await ids(thread))[30];
			await focus(page, own);
			await look(author, "edits-thread-gap");
			await button(page.locator("main"), t("post.thread.more")).click();
			await told(page, t("page.loaded_all"));
			// What answers a comment stands under it, on whichever page it came.
			assert.deepEqual(await ids(thread), [named[0], `comment-${reply.id}`, ...named.slice(1), own]);
			await focus(page, named[30]);
			assert.equal(await page.getByText(t("post.thread.gap")).count(), 0);
			assert.equal(await page.locator("#comments").innerText(), t("post.comments", { count: 34 }));
			assert.equal(await button(page.locator("main"), t("post.thread.more")).count(), 0);
		});

		await step("a name and words that are read from the right stand in their own order, and nothing around them moves", async () => {
			const [name, title, body] = ["مريم 🌻 حداد", "מה עוזר נגד קור?", "أرتدي جوارب صوف. (3 أزواج)\n\nAnd in English: wool socks 👣."];
			await ask(author, "PATCH", "/me", { name });
			const made = await write(author, `/communities/${room}/posts`, { kind: "question", title, body });
			await write(author, `/posts/${made.id}/comments`, { body });
			await other.page.goto(`/posts/${made.id}`);
			await other.page.locator("#comments").waitFor();
			await look(other, "edits-from-the-right");
			// Each paragraph begins at its own side.
			const sides = await other.page.locator(".prose").first().evaluate((prose) =>
				[...prose.querySelectorAll("p")].map((one) => {
					const range = document.createRange();
					range.selectNodeContents(one);
					const [words, box] = [range.getBoundingClientRect(), one.getBoundingClientRect()];
					return Math.round(words.left - box.left) > Math.round(box.right - words.right) ? "right" : "left";
				}),
			);
			assert.deepEqual(sides, ["right", "left"]);
			await other.page.goto("/");
			await other.page.getByText(title).first().waitFor();
			await look(other, "edits-from-the-right-home");
			assert.match(await other.page.locator("main").innerText(), new RegExp(`\u2068${name}\u2069`));
			await other.page.goto("/search");
			await other.page.fill("#q", "جوارب");
			await button(other.page.locator("main form"), t("search.button")).click();
			await other.page.locator("main mark").first().waitFor();
			await look(other, "edits-from-the-right-search");
		});

		let lead;
		await step("closed while they write: it is said, and the words stay until they can go", async () => {
			lead = await come("ana");
			const close = (status) => ask(lead, "PATCH", `/communities/${room}`, { status });
			const area = page.locator("main form textarea");
			await page.goto(`/posts/${posts[1].id}`);
			await page.click("#opener");
			await area.fill(words.changed);
			await page.locator("main form").getByText(t("post.draft.saved")).first().waitFor();
			await close("archived");
			await button(page.locator("form"), t("post.send.comment")).click();
			await page.locator("main").getByText(t("fault.community_archived")).first().waitFor();
			assert.equal(await area.inputValue(), words.changed);
			await look(author, "edits-closed");
			await page.goto("/");
			await page.locator("main a", { hasText: t("home.next.draft.do") }).click();
			const kept = page.getByLabel(t("post.kept.label"), { exact: true }).locator("textarea");
			await kept.waitFor();
			assert.equal(await kept.inputValue(), words.changed);
			await look(author, "edits-closed-again");
			await close("open");
			await page.reload(); // its address says that they go on writing
			await page.waitForFunction((words) => document.querySelector("main form textarea")?.value === words, words.changed);
			await button(page.locator("form"), t("post.send.comment")).click();
			await page.locator("main article").getByText(words.changed, { exact: true }).waitFor();
		});
		await step("closed for longer, what was begun can be thrown away", async () => {
			await page.goto(`/communities/${room}`);
			await page.click("#opener");
			await page.fill("main form textarea", words.other);
			await page.locator("main form").getByText(t("post.draft.saved")).first().waitFor();
			await ask(lead, "PATCH", `/communities/${room}`, { status: "archived" });
			await page.reload();
			await button(page.locator("main"), t("post.draft.discard")).click();
			await look(author, "edits-closed-discard");
			await button(page.locator("dialog"), t("post.draft.discard_yes")).click();
			await page.getByLabel(t("post.kept.label"), { exact: true }).first().waitFor({ state: "detached" });
			await page.waitForFunction(() => document.activeElement?.tagName === "H1");
			await until(page, async () => (await (await fetch("/api/clinic/drafts")).json()).items.length === 0);
			await ask(lead, "PATCH", `/communities/${room}`, { status: "open" });
		});
		await step("closed after they began a reply and changes: these stand where they were begun, to be read and thrown away", async () => {
			const path = `/posts/${posts[2].id}`;
			const said = await write(other, `${path}/comments`, { body: words.other });
			const own = await write(author, `${path}/comments`, { body: words.comment });
			await page.goto(path);
			const begun = [
				[`#reply-${said.id}`, "post.kept.reply", words.best[1], `comment-${said.id}`],
				[`#comment-${own.id} #edit-${own.id}`, "post.kept.edit", words.changed, `comment-${own.id}`],
				[`#edit-${posts[2].id}`, "post.kept.edit", words.better[1], `post-${posts[2].id}`],
			];
			for (const [opens, , body] of begun) {
				await page.locator(opens).click();
				const form = page.locator("main form", { has: page.locator("textarea:focus") });
				await form.locator("textarea").fill(body);
				await form.getByText(t("post.draft.saved")).first().waitFor();
				await page.evaluate(() => document.activeElement.blur());
			}
			await ask(lead, "PATCH", `/communities/${room}`, { status: "archived" });
			await page.goto("/");
			await page.locator("main a", { hasText: t("home.next.draft.do") }).click();
			await page.waitForURL((url) => url.pathname === path);
			for (const [, label, body, at] of begun) {
				const around = at.startsWith("post") ? page.locator(`#${at}`) : page.locator("li", { has: page.locator(`#${at}`) });
				const area = around.getByLabel(t(label), { exact: true }).locator("textarea");
				await area.waitFor();
				assert.ok((await area.inputValue()).endsWith(body), label);
			}
			await look(author, "edits-closed-begun");
			for (const [, label, , at] of begun) {
				const around = at.startsWith("post") ? page.locator(`#${at}`) : page.locator("li", { has: page.locator(`#${at}`) });
				const kept = around.getByLabel(t(label), { exact: true }).first();
				await button(kept, t("post.draft.discard")).click();
				await button(page.locator("dialog[open]"), t("post.draft.discard_yes")).click();
				await focus(page, at);
				await kept.waitFor({ state: "detached" });
			}
			await until(page, async () => (await (await fetch("/api/clinic/drafts")).json()).items.length === 0);
			await ask(lead, "PATCH", `/communities/${room}`, { status: "open" });
		});
		await step("what somebody began in a community that they are no longer in is there, below the word that it is not here", async () => {
			await other.page.goto(`/posts/${posts[3].id}`);
			await other.page.click("#opener");
			await other.page.fill("main form textarea", words.changed);
			await other.page.locator("main form").getByText(t("post.draft.saved")).first().waitFor();
			const { id: member } = await ask(other, "GET", "/me");
			await ask(lead, "DELETE", `/communities/${room}/members/${member}`);
			const kept = other.page.getByLabel(t("post.kept.label"), { exact: true }).locator("textarea");
			await other.page.getByRole("heading", { level: 1, name: t("post.live.lost"), exact: true }).waitFor();
			await kept.waitFor();
			await other.page.reload();
			await other.page.getByRole("heading", { level: 1, name: t("page.not_found.title"), exact: true }).waitFor();
			await kept.waitFor();
			assert.equal(await kept.inputValue(), words.changed);
			await look(other, "edits-gone-begun");
			await lead.context.close();
		});
	}),
);
