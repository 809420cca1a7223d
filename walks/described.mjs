// What is said of a file that others see already, and waits: its author opens the captions from the page that tells what became of them,
// mends them there and sends them again; what is taken back waits no longer. On a telephone and at a desk, in both languages.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ask, browse, look, rounds, walk } from "./house.mjs";
import { film, folder, make } from "./samples.mjs";

const browser = await browse();
const NUMBER = "617-555-0182";

/** Captions as a file, with these words in them. */
function captions(words) {
	const path = join(folder, "exercise.vtt");
	writeFileSync(path, `WEBVTT\n\n00:00.000 --> 00:01.500\n${words}\n`);
	return path;
}

/** What a watcher reads under the film. */
async function spoken({ page }) {
	await page.reload();
	await page.locator("video").waitFor();
	return page.evaluate(async () => {
		const track = document.querySelector("video track");
		return (await fetch(track.src)).text();
	});
}

async function round(cast) {
	const { come, locale, step } = cast;
	const james = await come("james");
	const heron = await come("heron");
	const { page, t } = james;
	const room = (await ask(james, "GET", "/communities")).items.find(({ name }) => name === "Living with diabetes").id;
	const form = page.locator("main section .card");
	const mend = page.getByRole("button", { name: t("moderation.own.change") });
	let place;

	await step("a provider shares a film with its captions", async () => {
		const movie = await make(page, "exercise.webm", film);
		await page.goto(`/communities/${room}`);
		await page.click("#opener");
		await page.fill("main form textarea", "An exercise that goes well with a walk.");
		await page.setInputFiles("form input[type=file][multiple]", movie);
		await page.waitForFunction(() => document.querySelectorAll("form li progress").length === 0 && document.querySelectorAll("form li .head").length === 1);
		await page.setInputFiles("form li input[type=file]", captions("Lift your arms."));
		await page.locator("form li", { hasText: t("file.captions.are", { language: t(`file.language.${locale.slice(0, 2)}`) }) }).waitFor();
		await page.locator("main form:has(textarea) button[type=submit]").click();
		await page.waitForSelector("main form textarea", { state: "detached" });
		place = (await ask(james, "GET", `/communities/${room}/posts`)).items.find(({ files }) => files?.length).id;
		await heron.page.goto(`/posts/${place}`);
		assert.match(await spoken(heron), /Lift your arms/);
	});

	await step("other captions, in which a check finds something, wait; and the page about them opens the form", async () => {
		await page.goto(`/posts/${place}`);
		await page.getByRole("button", { name: t("file.describe.of", { name: "exercise.webm" }) }).click();
		const dialog = page.locator("dialog");
		await dialog.getByRole("button", { name: t("file.captions.remove") }).click();
		await dialog.getByRole("button", { name: t("file.captions.add") }).waitFor();
		await dialog.locator("input[type=file]").setInputFiles(captions(`The next course: ${NUMBER}.`));
		await dialog.getByText(t("file.waits")).waitFor();
		await dialog.getByText(t("file.captions.wait")).waitFor();
		await look(james, "described-waits");
		await dialog.getByRole("link", { name: t("file.waits.why") }).click();
		await page.waitForURL(/\/holds\//);
		await page.locator("mark", { hasText: NUMBER }).waitFor();
		await look(james, "described-own");
	});
	const own = new URL(page.url()).pathname;

	await step("given back with a reason, they are mended there and are on their way again; others see nothing of it", async () => {
		const ana = await come("ana");
		await ana.page.goto(own.replace("/holds/", "/desk/"));
		await ana.page.locator("mark", { hasText: NUMBER }).waitFor();
		await ana.page.check("input[name=decision][value=return]");
		await ana.page.fill("#reason", "Please say the course, and leave the number out.");
		await look(ana, "described-desk");
		await ana.page.click("section[aria-labelledby=decide] button[type=submit]");
		await ana.page.locator(".notice.good").waitFor();
		await page.goto("/");
		await page.locator(`main a[href='${own}']`).first().click();
		await page.getByText("leave the number out").waitFor();
		await mend.click();
		await form.getByText(t("file.captions.wait")).waitFor();
		assert.equal(await form.getByRole("link", { name: t("file.waits.why") }).count(), 0, "a link leads to where one is");
		await look(james, "described-mending");
		await form.locator("input[type=file]").setInputFiles(captions("The next course is on Monday."));
		await page.locator("#said", { hasText: t("moderation.own.sent") }).waitFor();
		await page.getByText("The next course is on Monday.").first().waitFor();
		assert.equal(await page.locator("mark").count(), 0);
		assert.equal(await page.evaluate(() => document.activeElement?.id), "said");
		await look(james, "described-sent-again");
		await heron.page.reload();
		await heron.page.locator("video").waitFor();
		assert.equal(await heron.page.locator("video track").count(), 0, "others read what waits");
		await ana.page.goto(own.replace("/holds/", "/desk/"));
		await ana.page.check("input[name=decision][value=publish]");
		await ana.page.fill("#reason", "Clear now.");
		await ana.page.click("section[aria-labelledby=decide] button[type=submit]");
		await ana.page.locator(".notice.good").waitFor();
		await ana.context.close();
		assert.match(await spoken(heron), /on Monday/);
	});

	await step("words that are taken back from there wait no longer, and the page says that and nothing else", async () => {
		await page.goto(`/posts/${place}`);
		await page.getByRole("button", { name: t("file.describe.of", { name: "exercise.webm" }) }).click();
		await page.fill("dialog textarea", `Call ${NUMBER}.`);
		await page.locator("dialog textarea").blur();
		await page.locator("dialog").getByRole("link", { name: t("file.waits.why") }).click();
		await page.waitForURL((url) => url.pathname.startsWith("/holds/") && url.pathname !== own);
		await mend.click();
		await form.locator("textarea").fill("");
		await form.locator("textarea").blur();
		await page.getByText(t("moderation.own.withdrawn")).waitFor();
		assert.equal(await page.getByText(t("moderation.own.sent")).count(), 0, "it is said to be on its way");
		assert.equal(await page.getByText(t("moderation.own.held_why")).count(), 0, "it is said to wait");
		assert.equal(await mend.count(), 0);
		await look(james, "described-taken-back");
	});

	const open = async () => {
		await page.goto(`/posts/${place}`);
		await page.getByRole("button", { name: t("file.describe.of", { name: "exercise.webm" }) }).click();
		return page.locator("dialog");
	};
	const shown = (await ask(james, "GET", `/posts/${place}`)).files[0].id;

	await step("captions that wait are taken back where they were given: those that are shown stay, and where none are there are none", async () => {
		await ask(james, "PATCH", `/files/${shown}`, { captions: `WEBVTT\n\n00:00.000 --> 00:01.500\nThe course: ${NUMBER}.\n`, captions_language: "en" });
		const dialog = await open();
		const back = dialog.getByRole("button", { name: t("file.captions.back") });
		await back.click();
		await dialog.getByText(t("file.captions.are", { language: t(`file.language.${locale.slice(0, 2)}`) })).waitFor();
		assert.equal(await dialog.getByText(t("file.waits")).count(), 0, "it is said to wait");
		assert.equal((await ask(james, "GET", `/files/${shown}/about`)).waiting, undefined);
		assert.match(await spoken(heron), /on Monday/);
		await dialog.getByRole("button", { name: t("file.captions.remove") }).click();
		await dialog.getByRole("button", { name: t("file.captions.add") }).waitFor();
		await dialog.locator("input[type=file]").setInputFiles(captions(`The next course: ${NUMBER}.`));
		await back.waitFor();
		await look(james, "described-can-be-taken-back");
		await back.click();
		await dialog.getByRole("button", { name: t("file.captions.add") }).waitFor();
		assert.equal((await ask(james, "GET", `/files/${shown}/about`)).waiting, undefined);
	});

	await step("words that are refused take nothing away, and their author is told so", async () => {
		const { waiting } = await ask(james, "PATCH", `/files/${shown}`, { transcript: `Call ${NUMBER}.` });
		const ana = await come("ana");
		await ana.page.goto(`/desk/${waiting.hold}`);
		await ana.page.check("input[name=decision][value=remove]");
		await ana.page.fill("#reason", "It is the number of a person.");
		await ana.page.click("section[aria-labelledby=decide] button[type=submit]");
		await ana.page.locator(".notice.good").waitFor();
		await ana.context.close();
		await page.goto(`/holds/${waiting.hold}`);
		await page.getByText(t("moderation.own.file.removed")).waitFor();
		assert.equal(await page.getByText(t("moderation.own.removed"), { exact: true }).count(), 0, "the file is said to be removed");
		await look(james, "described-refused");
		await page.goto("/");
		await page.locator("main li", { has: page.locator(`a[href='/holds/${waiting.hold}']`) }).getByText(t("moderation.own.short.file.removed")).waitFor();
		await page.goto(`/holds/${waiting.hold}`);
		await page.getByRole("link", { name: t("moderation.own.to_thread") }).click();
		await page.locator("video").waitFor();
	});
}

await walk("described", () => rounds(browser, round));
