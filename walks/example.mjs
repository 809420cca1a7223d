// How an example case is written, in whichever of the two admin UIs.

/** Fills in the form of a case, in English and on a clause of the policy that it stands at. */
export async function fillIn({ page }, title) {
	const field = (name) => page.locator(`[id="texts.en.${name}"]`);
	await page.locator("form [role=group] button[lang=en]").click();
	await field("title").fill(title);
	await field("situation").fill("It is **late**, and the desk is at {{phone}}.");
	for (const [id, text, leads] of [
		["a", "Let it ring", "It rings on."],
		["b", "Answer it", "Someone is glad."],
		["c", "Unplug it", "Quiet, and trouble tomorrow."],
	]) {
		await field(`choices.${id}.text`).fill(text);
		await field(`choices.${id}.leads_to`).fill(leads);
	}
	await page.locator("form div:not([hidden]) > .card fieldset input[type=checkbox]").nth(1).check();
	await page.locator("#clause").selectOption({ index: 2 });
}
