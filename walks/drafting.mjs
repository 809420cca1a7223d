// How a policy is written and published, in whichever of the two admin UIs.
import { PASSWORD, problems } from "./house.mjs";
import { OPERATOR } from "./practice.mjs";

export const saved = (page) => page.locator(".state", { hasText: /Draft saved|Borrador guardado/ }).waitFor();
export const source = (page) => page.locator(".source .cm-content");

/** To the end of the text, as a person comes there: the box is clicked, and keys are pressed. */
async function toTheEnd(page) {
	await source(page).click();
	await page.keyboard.press("Control+End");
}

/** Writes at the end of the text. */
export async function write(page, words) {
	await toTheEnd(page);
	await page.keyboard.type(words);
}

/** Pastes at the end of the text: numbers of a list are not made by the editor then. */
export async function paste(page, words) {
	await toTheEnd(page);
	await page.keyboard.insertText(words);
}

/** Opens what publishing asks for and fills it in, up to what follows from it; `send` publishes. */
export async function publish(page, kind, password) {
	await page.locator(".bar button", { hasText: /publish|publicar/i }).click();
	await page.locator("dialog").waitFor();
	if (kind) await page.locator(`dialog input[value=${kind}]`).check();
	for (const area of await page.locator("dialog textarea").all()) await area.fill("Words were asked about in the waiting room.");
	await page.locator("dialog .follows li, dialog .follows [role=alert]").first().waitFor();
	if (password) await page.locator("dialog #password").fill(password);
}
export const send = (page) => page.locator("dialog form button[type=submit]").first().click();

/** The password once more, where the page asks for it: that is known once it does, or what was asked is done or refused. */
export async function fresh(page, password = PASSWORD) {
	const field = page.locator("dialog #password");
	await page.waitForFunction(() => !document.querySelector("dialog") || document.querySelector("dialog #password, dialog [role=group]"));
	if (await field.count()) {
		await field.fill(password);
		await page.locator("dialog:has(#password) button[type=submit]").click();
	}
}

/** The list of policies in the dashboard, for its operator, who signs in. */
export async function operate({ page }) {
	await page.goto("/_/#/login");
	await page.fill("input[type=email], input[name=identity]", OPERATOR.email);
	await page.fill("input[type=password]", OPERATOR.password);
	await page.keyboard.press("Enter");
	await page.locator("a.header-link[href='#/policies']").click();
	await page.locator(".kinward-policies table").waitFor();
}

/** What a door answers to the person who is signed in on a page, whether it takes what they ask or not. */
export const answerTo = (page, method, path, body) =>
	page.evaluate(
		async ([method, path, body]) => {
			const answer = await fetch(`/api/clinic${path}`, { method, headers: { "Content-Type": "application/json" }, body: body && JSON.stringify(body) });
			const text = await answer.text();
			return { status: answer.status, ...(text && JSON.parse(text)) };
		},
		[method, path, body],
	);

/** Walks each part by itself: where one ends early, the next is walked all the same. A part that ends outside of a step has failed too. */
export async function eachPart(parts, ...given) {
	for (const part of parts) {
		const noted = problems.length;
		await part(...given).catch((error) => {
			console.error(error.message);
			if (problems.length === noted) problems.push(`${part.name}: ${error.message}`);
		});
	}
}
