// The kinds of posts: a question that is answered, a review and a correction by the clinic, a poll of eleven, an article, what stands on
// top, and who of the practice is present.
import { ask, browse, demo, look, PASSWORD, person, signIn, step, walk } from "./house.mjs";

const house = await demo();
const browser = await browse();

/** A longer text, as a provider writes it: with parts, and more of it than a feed shows. */
const ARTICLE = {
	en: {
		title: "Shoes that are kind to your feet",
		part: "Before you buy",
		body: "Most sore spots come from shoes.\n\n## Before you buy\n\n1. Go in the afternoon, when feet are larger.\n2. Take the socks along that you wear every day.\n3. Stand up: there should be room for a thumb in front of the toes.\n\n## At home\n\nWear them for an hour on the first day, and for two on the next. Look at both feet afterwards, from above and from below.\n\nA red spot that is still there after half an hour means that the shoe is wrong, and not the foot. Take it back.\n\n> This is general advice. It is not about any one person.\n",
	},
	es: {
		title: "Zapatos que cuidan los pies",
		part: "Antes de comprar",
		body: "La mayoría de las rozaduras vienen de los zapatos.\n\n## Antes de comprar\n\n1. Vaya por la tarde, cuando los pies están más anchos.\n2. Lleve los calcetines de todos los días.\n3. Póngase de pie: delante de los dedos debe caber un pulgar.\n\n## En casa\n\nLlévelos una hora el primer día, y dos el siguiente. Después mire los dos pies, por arriba y por abajo.\n\nSi una mancha roja sigue ahí a la media hora, el zapato es el equivocado, y no el pie. Devuélvalo.\n\n> Es un consejo general. No trata de ninguna persona.\n",
	},
};

/** A patient in a community, with every policy accepted: enough to vote. */
async function voter(admin, room, n) {
	const email = `voter-${n}@demo.example`;
	await ask(admin, "POST", "/invitations", { email, role: "patient", communities: [room], language: "en" });
	const link = (await house.letter(email)).text.match(/\/join#(\S+)/)[1];
	const who = await person(browser, house, {});
	await who.page.goto("/policies");
	const { policies } = await ask(who, "POST", "/invitations/open", { token: link });
	const acknowledge = policies.map(({ slug, version, sha256 }) => ({ slug, version, sha256 }));
	await ask(who, "POST", "/invitations/accept", { token: link, name: `Voter ${"abcdefghijkl"[n]}`, password: PASSWORD, acknowledge });
	return who;
}

/** Opens the composer of a community and chooses a kind. */
async function compose(who, room, kind) {
	await who.page.goto(`/communities/${room}?write=1`);
	await who.page.waitForSelector("form textarea");
	await who.page.check(`fieldset input[value=${kind}]`, { force: true });
}

await walk("kinds", async () => {
	const admin = await person(browser, house, {});
	await signIn(admin, "ana@demo.example");
	const room = (await ask(admin, "GET", "/communities")).items.find(({ name }) => name === "Living with diabetes").id;
	const maple = await person(browser, house, {});
	await signIn(maple, "maple@demo.example");
	const lucy = await person(browser, house, {});
	await signIn(lucy, "lucy@demo.example");
	const voters = [];
	await step("ten more people come in", async () => {
		for (let n = 0; n < 10; n++) voters.push(await voter(admin, room, n));
	});
	for (const [width, locale, dark, email] of [
		["phone", "en-US", false, "heron@demo.example"],
		["desk", "es-MX", true, "rosa@demo.example"],
	]) {
		const named = `${width} ${locale}`;
		const patient = await person(browser, house, { width, locale, dark });
		await signIn(patient, email);
		const lead = await person(browser, house, { width, locale, dark });
		await signIn(lead, "ana@demo.example");
		await ask(lead, "PATCH", "/me", { language: locale.slice(0, 2) });
		let question = "";
		let answer = "";
		await step(`${named}: a patient asks, and finds the question among those without an answer`, async () => {
			await compose(patient, room, "question");
			await patient.page.fill("form input[id$=title]", `How do you sleep? ${width}`);
			await patient.page.fill("form textarea", "I wake up at three. What helps you?");
			await look(patient, "kinds-question");
			await patient.page.click("form button[type=submit]");
			await patient.page.waitForSelector("#opener");
			await patient.page.goto(`/communities/${room}?view=unanswered`);
			await patient.page.waitForSelector("article h2 a");
			const path = await patient.page.locator("article h2 a", { hasText: width }).first().getAttribute("href");
			question = path.split("/").at(-1);
			await look(patient, "kinds-unanswered");
		});
		await step(`${named}: somebody quotes and answers; the asker marks what helped, and takes it back`, async () => {
			answer = (await ask(maple, "POST", `/posts/${question}/comments`, { body: "A warm bath, and no screens after nine. It took two weeks." })).id;
			await lead.page.goto(`/posts/${question}`);
			await lead.page.click(`#comment-${answer} button:has-text("${locale.startsWith("es") ? "Citar" : "Quote"}")`);
			await lead.page.waitForFunction(() => document.querySelector("form textarea")?.value.includes("> A warm bath"));
			await look(lead, "kinds-quote");
			await lead.page.locator("form textarea").press("Control+Enter");
			await lead.page.waitForSelector("li blockquote");
			await patient.page.goto(`/posts/${question}`);
			const helped = patient.page.locator(`#helped-${answer}`);
			await helped.click();
			await patient.page.waitForSelector(`#linked-${answer}`);
			await look(patient, "kinds-helped");
			await helped.click();
			await patient.page.waitForSelector(`#linked-${answer}`, { state: "detached" });
			await helped.click();
			await patient.page.waitForSelector(`#linked-${answer}`);
		});
		await step(`${named}: a provider reviews a comment with a note, by the keyboard`, async () => {
			await lead.page.goto(`/posts/${question}`);
			await lead.page.focus(`#comment-${answer} #review-${answer}`);
			await lead.page.keyboard.press("Enter");
			await lead.page.waitForSelector("dialog #verdict");
			await lead.page.focus("dialog #verdict");
			await lead.page.keyboard.press("ArrowDown");
			await lead.page.fill("dialog #note", "Not with open wounds: ask us first.");
			await look(lead, "kinds-review-dialog");
			await lead.page.click("dialog button[type=submit]");
			await lead.page.waitForSelector(`#comment-${answer} .mark`);
			await patient.page.goto(`/posts/${question}`);
			await patient.page.waitForSelector(`#comment-${answer} .mark`);
			await look(patient, "kinds-reviewed");
		});
		await step(`${named}: what is wrong is corrected and stays`, async () => {
			const wrong = await ask(maple, "POST", `/communities/${room}/posts`, {
				kind: "discussion",
				title: `Cinnamon ${width}`,
				body: "Cinnamon makes sugar go away. My neighbor says so.",
			});
			await lead.page.goto(`/posts/${wrong.id}`);
			await lead.page.click(`#review-${wrong.id}`);
			await lead.page.check("dialog input[value=corrected]");
			await lead.page.click("dialog button[type=submit]");
			await lead.page.waitForSelector("form textarea");
			await lead.page.fill("form textarea", "Studies did not show such an effect of cinnamon.");
			await lead.page.locator("form textarea").press("Control+Enter");
			await lead.page.waitForSelector("section.linked.corrects, .gate");
			if (await lead.page.locator(".gate").count()) {
				await lead.page.click(".gate button:last-child");
				await lead.page.waitForSelector("section.linked.corrects");
			}
			await patient.page.goto(`/posts/${wrong.id}`);
			await patient.page.waitForSelector("section.linked.corrects");
			await look(patient, "kinds-corrected");
		});
		await step(`${named}: a correction that is held is linked once the desk let it go`, async () => {
			const wrong = await ask(maple, "POST", `/communities/${room}/posts`, {
				kind: "discussion",
				title: `Walking ${width}`,
				body: "My neighbor doubles the insulin before every walk. It helps.",
			});
			await lead.page.goto(`/posts/${wrong.id}`);
			await lead.page.click(`#review-${wrong.id}`);
			await lead.page.check("dialog input[value=corrected]");
			await lead.page.click("dialog button[type=submit]");
			await lead.page.waitForSelector("form textarea");
			await lead.page.fill("form textarea", "Nobody should take 40 units of insulin before a walk.");
			await lead.page.locator("form textarea").press("Control+Enter");
			await lead.page.waitForSelector(`.notice:has-text("${lead.t("review.correction.waits")}")`);
			await look(lead, "kinds-correction-waits");
			await lead.page.click(`#review-${wrong.id}`);
			await lead.page.check("dialog input[value=corrected]");
			await lead.page.waitForSelector(`dialog >> text=${lead.t("review.correction.held", { count: 1 })}`);
			await look(lead, "kinds-correction-held");
			const { items } = await ask(lucy, "GET", "/desk");
			const hold = items.find(({ post }) => post === wrong.id);
			await ask(lucy, "POST", `/desk/${hold.id}/publish`, { reason: "It tells nobody to take anything." });
			await lead.page.goto(`/posts/${wrong.id}?at=${hold.comment}`);
			await lead.page.click(`#review-${wrong.id}`);
			await lead.page.check("dialog input[value=corrected]");
			await lead.page.check(`dialog input[value="${hold.comment}"]`);
			await look(lead, "kinds-correction-chosen");
			await lead.page.click("dialog button[type=submit]");
			await lead.page.waitForSelector(`section.linked.corrects#linked-${hold.comment}`);
			await patient.page.goto(`/posts/${wrong.id}`);
			await patient.page.waitForSelector(`section.linked.corrects#linked-${hold.comment}`);
		});
		await step(`${named}: a poll of eleven`, async () => {
			await compose(lead, room, "poll");
			await lead.page.fill("form input[id$=title]", `Which evening suits you? ${width}`);
			await lead.page.click("form button[type=submit]");
			await lead.page.waitForSelector("form .error, form [role=alert]");
			await lead.page.fill("form input[id$=choices-0]", "Monday");
			await lead.page.fill("form input[id$=choices-1]", "Thursday");
			await look(lead, "kinds-poll-new");
			await lead.page.click("form button[type=submit]");
			await lead.page.waitForSelector("#opener");
			const { items } = await ask(lead, "GET", `/communities/${room}/posts`);
			const poll = items.find(({ kind, title }) => kind === "poll" && title.includes(width)).id;
			for (const [n, who] of voters.entries()) await ask(who, "POST", `/polls/${poll}/vote`, { choice: n % 2 });
			await patient.page.goto(`/posts/${poll}`);
			await patient.page.waitForSelector("#choice");
			await look(patient, "kinds-poll");
			await patient.page.focus("#choice");
			await patient.page.keyboard.press("Space");
			await patient.page.keyboard.press("Enter");
			await patient.page.waitForSelector("meter");
			await look(patient, "kinds-poll-result");
			if (await patient.page.locator("#choice").count()) throw new Error("one can vote twice");
		});
		await step(`${named}: a provider writes an article, sees how it will be read, and posts it; a patient reads it, and may not write one`, async () => {
			const words = ARTICLE[locale.slice(0, 2)];
			await compose(lead, room, "article");
			const { page, t } = lead;
			const form = page.locator("main form");
			const send = form.getByRole("button", { name: t("post.send.article"), exact: true });
			await form.locator("textarea").fill(words.body);
			await send.click();
			await form.getByText(t("post.title_needed.article")).first().waitFor();
			await form.locator("input[id$=title]").fill(words.title);
			const paper = form.locator(".paper");
			await paper.getByRole("heading", { name: words.part }).waitFor();
			await paper.locator("ol > li").nth(2).waitFor();
			await paper.locator("blockquote").waitFor();
			await look(lead, "kinds-article-new");
			await send.click();
			const card = page.locator("main article", { hasText: words.title }).first();
			await card.getByRole("link", { name: t("post.read_article"), exact: true }).waitFor();
			await patient.page.goto(`/communities/${room}`);
			const read = patient.page.locator("main article", { hasText: words.title }).first();
			await look(patient, "kinds-article-feed");
			await read.getByRole("link", { name: patient.t("post.read_article"), exact: true }).click();
			await patient.page.getByRole("heading", { level: 1, name: words.title, exact: true }).waitFor();
			await patient.page.getByRole("heading", { name: words.part }).waitFor();
			await patient.page.getByText(patient.t("post.kind.article"), { exact: true }).first().waitFor();
			await look(patient, "kinds-article");
			await patient.page.goto(`/communities/${room}?write=1`);
			await patient.page.waitForSelector("fieldset input[value=question]");
			if (await patient.page.locator("fieldset input[value=article]").count()) throw new Error("a patient is offered to write an article");
		});
		await step(`${named}: the sample practice has a poll that is over, a post with a note of the clinic, and one that it corrected`, async () => {
			const { page, t } = lead;
			for (const [name, title, shown] of [
				["sample-poll", "When should we open for flu shots?", ({ poll }) => page.locator("main .poll", { hasText: t("poll.ended_at") }).getByRole("heading", { name: t("poll.counted", { count: poll.counted }), exact: true })],
				["sample-reviewed", "Walking again after the hospital", () => page.locator("main .mark")],
				["sample-corrected", "Salt substitutes", () => page.locator("main section.linked.corrects")],
			]) {
				const rooms = (await ask(lead, "GET", "/communities")).items;
				const posts = await Promise.all(rooms.map(({ id }) => ask(lead, "GET", `/communities/${id}/posts`)));
				const post = posts.flatMap(({ items }) => items).find((post) => post.title === title);
				await page.goto(`/posts/${post.id}`);
				await shown(post).first().waitFor();
				await look(lead, `kinds-${name}`);
			}
		});
		await step(`${named}: what stands on top`, async () => {
			await compose(lead, room, "announcement");
			await lead.page.fill("form input[id$=title]", `Flu shots ${width}`);
			await lead.page.fill("form textarea", "On Monday from 8 to 12, without an appointment.");
			await look(lead, "kinds-announcement");
			await lead.page.click("form button[type=submit]");
			await lead.page.waitForSelector("section.top article");
			await lead.page.goto(`/posts/${question}`);
			await lead.page.click(`#top-${question}`);
			await patient.page.goto(`/communities/${room}`);
			await patient.page.waitForSelector("section.top article:nth-of-type(1)");
			if (width === "phone") await patient.page.click("aside summary");
			await look(patient, "kinds-room");
			await ask(lead, "PUT", `/posts/${question}/top`, { on: false });
		});
		await step(`${named}: the list of reviews`, async () => {
			await ask(maple, "PATCH", `/comments/${answer}`, { body: "A warm bath. It took three weeks." });
			await lead.page.goto("/reviews");
			await lead.page.waitForSelector("main li h2 a");
			await look(lead, "kinds-reviews");
			await lead.page.selectOption("#state", "waiting");
			await lead.page.waitForFunction(() => new URL(location.href).searchParams.get("state") === "waiting");
			await look(lead, "kinds-reviews-waiting");
		});
		await patient.context.close();
		await lead.context.close();
	}
});
