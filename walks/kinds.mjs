// The kinds of posts: a question that is answered, a review and a correction by the clinic, a poll of eleven, what stands on top, and
// who of the practice is present.
import { ask, browse, demo, look, PASSWORD, person, signIn, step, walk } from "./house.mjs";

const house = await demo();
const browser = await browse();

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
