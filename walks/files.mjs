// Files in a real browser: a patient on a telephone shares a photograph with its place in it, goes on after the line was gone, puts
// one into the text; a provider shares a talk with captions and a leaflet; another reads, hears and watches; what is refused says why.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { browse, demo, look, person, signIn, stepOrEnd, tabTo, WIDTHS, walk } from "./house.mjs";
import { drawing, film, folder, leaflet, make, placed } from "./samples.mjs";

const house = await demo();
const browser = await browse();
const step = stepOrEnd;

const room = async (who) => {
	await who.page.goto("/");
	await who.page.click("main a[href^='/communities/']:has-text('diabetes')");
	await who.page.waitForSelector("#opener");
};
const ready = (page, count) => page.waitForFunction((n) => document.querySelectorAll("form li progress").length === 0 && document.querySelectorAll("form li .head").length === n, count);
const share = async (page, button) => {
	await page.click(`form button[type=submit]:has-text("${button}")`);
	const asked = page.locator("button:has-text('Post it anyway')").first();
	await Promise.race([page.waitForSelector("form textarea", { state: "detached" }), asked.waitFor().catch(() => {})]);
	if (await asked.isVisible().catch(() => false)) await asked.click();
	await page.waitForSelector("form textarea", { state: "detached" });
};

await walk("files", async () => {
	const heron = await person(browser, house, { width: "phone", expects: ["Failed to load", "ERR_", "415", "422", "net::"] });
	const rosa = await person(browser, house, { width: "phone", locale: "es-MX", expects: ["404", "409"] });
	const james = await person(browser, house, { dark: true, expects: ["422", "415", "404"] });
	await signIn(heron, "heron@demo.example");
	const photo = placed(await make(heron.page, "my garden.jpg", drawing));
	const movie = await make(heron.page, "exercise.webm", film);

	await step("a patient puts two photographs to a post, sees them arrive, and is asked what they show", async () => {
		const { page } = heron;
		await room(heron);
		await page.click("#opener");
		await page.waitForSelector("form textarea");
		await page.fill("form textarea", "My garden this morning. Walking there every day helps me.");
		await page.setInputFiles("form input[type=file][multiple]", [photo, photo]);
		await ready(page, 2);
		await page.locator("form li input").first().fill("A red shed on green grass under a clear sky");
		await page.locator("form li input").first().blur();
		await page.waitForSelector("form li >> text=Saved.");
		await look(heron, "files-tray");
	});

	await step("what is no picture says why, and what to do", async () => {
		const { page } = heron;
		const bad = join(folder, "picture.svg");
		writeFileSync(bad, "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>");
		const heic = join(folder, "IMG_1.heic");
		writeFileSync(heic, Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic", "latin1"));
		await page.setInputFiles("form input[type=file][multiple]", [bad, heic]);
		await page.waitForSelector("form li >> text=This kind of file cannot be shared here");
		await page.waitForSelector("form li >> text=HEIC");
		await look(heron, "files-refused");
		for (let left = 2; left > 0; left--) await page.locator("form li.failed button:has-text('Take off')").first().click();
		await ready(page, 2);
	});

	await step("a file goes on where it stopped when the line was gone", async () => {
		const { page, context } = heron;
		let lost = 0;
		await page.route("**/content?from=*", (route) => (lost++ < 2 ? route.abort("connectionreset") : route.continue()));
		await page.setInputFiles("form input[type=file][multiple]", movie);
		await page.waitForSelector("form li >> text=It goes on by itself");
		await look(heron, "files-waiting");
		await ready(page, 3);
		assert.ok(lost >= 3, "it was tried again");
		await page.unroute("**/content?from=*");
		assert.ok(context);
		await page.locator("form li button:has-text('Take off')").last().click();
	});

	await step("what waits as a draft has its files when one comes back", async () => {
		const { page } = heron;
		await page.waitForSelector("text=Draft saved");
		await page.reload();
		await page.waitForSelector("#opener");
		await page.click("#opener");
		await ready(page, 2);
		assert.equal(await page.inputValue("form li input >> nth=0"), "A red shed on green grass under a clear sky");
	});

	let post;
	await step("one stands in the text, one below it, and neither tells where it was taken", async () => {
		const { page } = heron;
		await page.locator("form li button:has-text('Put into the text')").first().click();
		assert.match(await page.inputValue("form textarea"), /!\[A red shed on green grass under a clear sky\]\(\/api\/clinic\/files\/\w{15}\)/);
		await page.waitForSelector("form .paper img");
		await share(page, "Share it");
		const article = page.locator("article", { hasText: "My garden this morning" }).first();
		await article.locator(".pictures img").waitFor();
		await look(heron, "files-feed");
		await article.locator("a[href^='/posts/']").last().click();
		await page.waitForURL(/\/posts\//);
		post = new URL(page.url()).pathname;
		const shown = page.locator(".prose img");
		await shown.waitFor();
		assert.equal(await shown.getAttribute("width"), "1600");
		assert.equal(await shown.getAttribute("alt"), "A red shed on green grass under a clear sky");
		const text = await page.evaluate(async (src) => {
			const bytes = new Uint8Array(await (await fetch(src)).arrayBuffer());
			return [...bytes].map((byte) => String.fromCharCode(byte)).join("");
		}, await shown.getAttribute("src"));
		assert.doesNotMatch(text, /GPS|secret|Exif/);
		await look(heron, "files-post");
	});

	await step("the description of the picture in the text is found by a search, in both languages", async () => {
		const { page } = rosa;
		await signIn(rosa, "rosa@demo.example");
		for (const who of [heron, rosa]) {
			await who.page.goto("/search");
			await who.page.fill("#q", "shed grass");
			await who.page.click("main form button[type=submit]");
			const hit = who.page.locator("main article", { has: who.page.locator("mark", { hasText: "shed" }) }).first();
			await hit.waitFor();
			await look(who, "files-search");
			await hit.locator("h2 a").click();
			await who.page.waitForURL((url) => url.pathname === post);
			await who.page.locator(".prose img").waitFor();
		}
		assert.equal(await page.locator(".prose img").getAttribute("alt"), "A red shed on green grass under a clear sky");
	});

	await step("a provider answers with a film, its captions and words, and a leaflet dropped on the form", async () => {
		const { page } = james;
		await signIn(james, "james@demo.example");
		await page.goto(post);
		await page.click("#opener");
		await page.waitForSelector("form textarea");
		await page.fill("form textarea", "Lovely. Here is an exercise that goes well with a walk, and our leaflet.");
		await page.setInputFiles("form input[type=file][multiple]", movie);
		await ready(page, 1);
		const captions = join(folder, "exercise.vtt");
		writeFileSync(captions, "WEBVTT\n\n00:00.000 --> 00:01.500\n<v Dr. Chen>Lift your arms.\n");
		await page.setInputFiles("form li input[type=file]", captions);
		await page.waitForSelector("form li >> text=Captions: English");
		await page.fill("form li textarea", "Lift your arms slowly, and lower them again.");
		await page.locator("form li textarea").blur();
		const paper = readFileSync(leaflet()).toString("base64");
		const data = await page.evaluateHandle((base64) => {
			const transfer = new DataTransfer();
			transfer.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], "leaflet.pdf", { type: "application/pdf" }));
			return transfer;
		}, paper);
		await page.dispatchEvent("form", "dragover", { dataTransfer: data });
		await page.waitForSelector("text=Drop the files here");
		await page.dispatchEvent("form", "drop", { dataTransfer: data });
		await ready(page, 2);
		await page.setInputFiles("form input[type=file][multiple]", leaflet("/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"));
		await page.waitForSelector("form li >> text=holds a program");
		await look(james, "files-tray-works");
		await page.locator("form li.failed button:has-text('Take off')").click();
		await share(page, "Send the comment");
		await page.waitForSelector("video");
	});

	await step("it plays with its captions, and jumps", async () => {
		const { page } = james;
		const played = await page.evaluate(async () => {
			const video = document.querySelector("video");
			video.muted = true;
			await video.play();
			await new Promise((done) => video.addEventListener("timeupdate", () => video.currentTime > 0.3 && done()));
			video.pause();
			const track = video.textTracks[0];
			return { width: video.videoWidth, cues: track.cues?.length ?? 0, mode: track.mode, words: track.cues?.[0]?.text };
		});
		assert.equal(played.width, 320);
		assert.equal(played.mode, "showing");
		assert.equal(played.words, "Dr. Chen: Lift your arms.");
		await look(james, "files-film");
	});

	await step("another reads what is said, saves the leaflet, and describes nothing of others", async () => {
		const { page } = rosa;
		await page.goto(post);
		if (!(await page.waitForSelector("video", { timeout: 5000 }).catch(() => null))) return; // not in this community
		await page.click("summary:has-text('Leer lo que se dice')");
		await page.waitForSelector("text=Lift your arms slowly");
		const [download] = await Promise.all([page.waitForEvent("download"), page.click("a[download$='.pdf']")]);
		assert.equal(download.suggestedFilename(), "leaflet.pdf");
		assert.doesNotMatch(readFileSync(await download.path(), "latin1"), /Secret Author/);
		assert.equal(await page.locator("button:has-text('Describir')").count(), 0);
		await look(rosa, "files-post");
	});

	await step("the one without a description is described later", async () => {
		const { page } = heron;
		await page.goto(post);
		await page.locator("button:has-text('Describe it')").first().click();
		await page.waitForSelector("dialog input");
		await look(heron, "files-describe");
		await page.fill("dialog input", "The shed again, from nearby");
		await page.locator("dialog input").blur();
		await page.waitForSelector("dialog >> text=Saved.");
		await page.click("dialog button:has-text('Close')");
		await page.reload();
		await page.waitForSelector(".pictures img[alt='The shed again, from nearby']");
	});

	await step("words that come later are asked about as a post is, and what is shown stays meanwhile", async () => {
		const { page } = heron;
		await page.locator("button:has-text('Describe')").first().click();
		await page.fill("dialog input", "The shed. Whoever wants it calls 617-555-0182");
		await page.locator("dialog input").blur();
		await page.waitForSelector("dialog .gate.ask q:has-text('617-555-0182')");
		await look(heron, "files-describe-asked");
		await page.setViewportSize(WIDTHS.desk);
		await look(heron, "files-describe-asked-wide");
		await page.setViewportSize(WIDTHS.phone);
		await page.click("dialog button:has-text('Change it')");
		await page.waitForFunction(() => document.activeElement?.matches("dialog input"));
		await page.fill("dialog input", "The shed again, from nearby");
		await page.click("dialog button:has-text('Close')");
		await page.reload();
		await page.waitForSelector(".pictures img[alt='The shed again, from nearby']");
	});

	await step("words that a check holds wait at the desk, which reads both, and are shown when a person lets them go", async () => {
		const { page } = james;
		await page.goto(post);
		await page.locator("button[aria-label='Describe exercise.webm']").click();
		const before = await page.locator("dialog textarea").inputValue();
		await page.fill("dialog textarea", "Lift your arms slowly. The next course: 617-555-0182.");
		await page.locator("dialog textarea").blur();
		await page.waitForSelector("dialog >> text=A person at the practice will look at these words");
		await look(james, "files-describe-waits");
		await page.click("dialog a:has-text('See why')");
		await page.waitForSelector("mark:has-text('617-555-0182')");
		await look(james, "files-own-words-wait");
		await rosa.page.goto(post);
		await rosa.page.click("summary:has-text('Leer lo que se dice')");
		await rosa.page.waitForSelector(`text=${before.slice(0, 20)}`);
		assert.equal(await rosa.page.locator("text=617-555-0182").count(), 0);
		const ana = await person(browser, house, {});
		await signIn(ana, "ana@demo.example");
		await ana.page.goto("/desk");
		await ana.page.click("a:has-text('exercise.webm')");
		await ana.page.waitForSelector("mark:has-text('617-555-0182')");
		await look(ana, "files-desk-words");
		await ana.page.locator("input[type=radio]").first().check();
		await ana.page.fill("textarea", "It is the practice's own number.");
		await ana.page.click("section.card button[type=submit]");
		await ana.page.waitForSelector("text=exercise.webm");
		await ana.page.waitForFunction(() => !document.querySelector("input[type=radio]"));
		await rosa.page.reload();
		await rosa.page.click("summary:has-text('Leer lo que se dice')");
		await rosa.page.waitForSelector("text=617-555-0182");
	});

	const shelf = (who, count) => who.page.waitForFunction((n) => document.querySelectorAll(".shelf > li").length === n, count);

	await step("what was shared in the community is found by its kind, at a desk and on a phone, in both languages", async () => {
		const { page } = james;
		await room(james);
		await page.click("main nav a:has-text('Media')");
		await shelf(james, 4);
		assert.deepEqual(await page.locator(".shelf > li").evaluateAll((all) => all.map((one) => one.classList[0]).sort()), ["pdf", "picture", "picture", "video"]);
		assert.equal(await page.locator("video").count(), 0, "nothing of a film is fetched before somebody watches it");
		assert.equal(await page.locator(".shelf img[loading=lazy]").count(), 2);
		await look(james, "files-media");
		await page.click("nav a:has-text('Documents')");
		await shelf(james, 1);
		await page.waitForSelector(".shelf a[download$='.pdf']");
		assert.match(page.url(), /view=media&kind=pdf$/);
		await look(james, "files-media-documents");
		await page.click("nav a:has-text('Sound')");
		await page.waitForSelector("h2:has-text('Nothing of this kind')");
		await page.click("button:has-text('Show all kinds')");
		await shelf(james, 4);
		for (const who of [heron, rosa]) {
			await room(who);
			await who.page.goto(`${new URL(who.page.url()).pathname}?view=media`);
			await shelf(who, 4);
			await look(who, "files-media");
		}
		await heron.page.setViewportSize({ width: 320, height: 640 });
		assert.equal(await heron.page.locator(".shelf").evaluate((one) => getComputedStyle(one).gridTemplateColumns.split(" ").length), 1);
		await look(heron, "files-media-narrow");
		await heron.page.setViewportSize(WIDTHS.phone);
	});

	await step("by keyboard alone a film is watched there, and one comes to the comment that it stands in, and back", async () => {
		const { page } = james;
		await tabTo(james, ".shelf .video button");
		await page.keyboard.press("Enter");
		await page.waitForFunction(() => document.activeElement?.matches(".shelf video"));
		await look(james, "files-media-watching");
		await page.focus(".shelf .video .where a"); // past the browser's own controls
		await page.keyboard.press("Enter");
		await page.waitForSelector("video");
		await page.waitForURL((url) => url.pathname === post && url.searchParams.has("at"));
		await page.goBack();
		await shelf(james, 4);
	});

	await step("one's own files: how much room they take, and deleting the one in the text", async () => {
		const { page } = heron;
		await page.goto(post);
		const src = await page.locator(".prose img").getAttribute("src");
		await page.goto("/settings");
		await page.click("main a[href='/files']");
		await page.waitForSelector("main li");
		await look(heron, "files-mine");
		const before = await page.locator("main li").count();
		await page.click(`main li:has(img[src^="${src}"]) button`);
		await page.click("dialog button:has-text('Delete it')");
		await page.waitForFunction((n) => document.querySelectorAll("main li").length === n - 1, before);
		assert.equal(await page.locator(`main li img[src^="${src}"]`).count(), 0);
	});

	await step("a picture that its author deletes leaves a sentence in the text, and is shared no more", async () => {
		for (const who of [heron, rosa, james]) {
			await who.page.goto(post);
			await who.page.waitForSelector(".prose .gone >> text=A red shed on green grass under a clear sky");
			assert.equal(await who.page.locator(".prose img").count(), 0);
			await look(who, "files-gone");
		}
		await heron.page.waitForSelector(".prose >> text=A picture that stood here is no longer there");
		await rosa.page.waitForSelector(".prose >> text=La imagen que estaba aquí ya no está");
		await room(james);
		await james.page.click("main nav a:has-text('Media')");
		await shelf(james, 3);
	});

	await step("when the post goes, its pictures are gone for others at once", async () => {
		await heron.page.goto(post);
		const src = await heron.page.locator(".pictures img").getAttribute("src"); // the one that was not deleted
		const status = (who) => who.page.evaluate(async (address) => (await fetch(address)).status, src);
		assert.equal(await status(james), 200);
		await heron.page.locator("article button:has-text('Delete')").first().click();
		await heron.page.click("dialog button[type=submit]");
		await heron.page.waitForFunction(() => !document.querySelector(".prose img, .pictures img"));
		assert.equal(await status(james), 404);
	});

	await step("while one writes, each picture in which something is found is named once; what is said later is asked about, in Spanish", async () => {
		const { page, t } = rosa;
		await room(rosa);
		await page.click("#opener");
		await page.fill("form textarea", "Mi camino de cada mañana.");
		await page.setInputFiles("form input[type=file][multiple]", [photo, photo]);
		await ready(page, 2);
		await page.waitForFunction((name) => [...document.querySelectorAll("form section li p")].some((p) => p.textContent.includes(name)), t("check.words.file", { name: "my garden.jpg" }));
		const told = t("check.words.file", { name: "my garden.jpg" });
		assert.equal((await page.locator("form section li p").allTextContents()).join(" ").split(told).length - 1, 1, "two files of one name are named once");
		await look(rosa, "files-tray-found");
		await page.click(`form button[type=submit]:has-text("${t("post.send.discussion")}")`);
		await page.locator(`.gate button:has-text("${t("check.ask.post")}")`).click();
		await page.waitForSelector("form textarea", { state: "detached" });
		await page.locator(`button[aria-label="${t("file.describe.of", { name: "my garden.jpg" })}"]`).first().click();
		await page.fill("dialog input", "El camino. Llame al 617-555-0182");
		await page.locator("dialog input").blur();
		await page.waitForSelector("dialog .gate.ask q:has-text('617-555-0182')");
		await look(rosa, "files-describe-asked");
		await page.click(`dialog .gate button:has-text("${t("check.ask.save")}")`);
		await page.waitForSelector(`dialog >> text=${t("file.described")}`);
	});
});
