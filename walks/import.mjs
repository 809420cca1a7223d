// A list of 200 patients from a spreadsheet: looked at row by row before anything is made, each bad row with its reason, then all of them or
// none, and their letters' way to the relay as it goes on.
import assert from "node:assert/strict";
import { ask, browse, demo, look, person, signIn, stepOrEnd, walk } from "./house.mjs";

const ROWS = 200;
const house = await demo();
const browser = await browse();

const csv = (lines) => ({ name: "patients.csv", mimeType: "text/csv", buffer: Buffer.from(["email,role,communities,language,code", ...lines].join("\n")) });

/** The file as it is meant, and with five rows of it gone wrong in five ways. */
function files(tag, language) {
	const good = Array.from({ length: ROWS }, (_, n) => `${tag}${String(n + 1).padStart(3, "0")}@people.example,patient,,${language},`);
	const bad = [...good];
	const wrong = { 11: `${tag} at people,patient,,,`, 48: `${tag}048@people.example,king,,,`, 97: good[3], 150: `${tag}150@people.example,patient,No such room,,`, 198: "heron@demo.example,patient,,," };
	for (const [n, line] of Object.entries(wrong)) bad[n] = line;
	return { good, bad, lines: Object.keys(wrong).map((n) => Number(n) + 2) };
}

async function bring(width, locale) {
	const language = locale.slice(0, 2);
	const { good, bad, lines } = files(`${width}.`, language);
	const ana = await person(browser, house, { width, locale });
	const { page, t } = ana;
	const step = (name, work) => stepOrEnd(`${width} ${locale}: ${name}`, work);
	const made = async () => Object.values((await ask(ana, "GET", `/invitations?q=${width}.`)).counts).reduce((sum, n) => sum + n, 0);
	await signIn(ana, "ana@demo.example");
	await ask(ana, "PATCH", "/me", { language });

	await step("before anything is made, each bad row of 200 is told with its reason", async () => {
		await page.goto("/invitations/import");
		await page.setInputFiles("#file", csv(bad));
		await page.locator("tr.problem").nth(lines.length - 1).waitFor();
		assert.equal(await page.locator("tbody tr").count(), ROWS);
		// First of all, or who has 200 rows on a phone would look for them.
		const first = await page.locator("tbody tr").evaluateAll((rows, n) => rows.slice(0, n).map((row) => [...row.cells].map((cell) => cell.innerText)), lines.length);
		assert.deepEqual(first.map(([line]) => Number(line)), lines);
		const reasons = [t("fault.address_invalid"), t("fault.import_role_unknown"), t("fault.import_row_twice", { line: 5 }), t("fault.import_community_unknown", { community: "No such room" })];
		assert.deepEqual(first.slice(0, 4).map(([, , reason]) => reason), reasons);
		assert.ok(first[4][2].length > 40, "the member's row has no reason");
		await page.getByRole("button", { name: t("invitations.import_good", { count: ROWS - lines.length }) }).waitFor();
		assert.equal(await made(), 0, "the look made invitations");
		await look(ana, "import-looked-at");
	});
	await step("mended and chosen again, all 200 are well", async () => {
		await page.setInputFiles("#file", csv(good));
		await page.getByText(t("invitations.rows_good", { count: ROWS })).waitFor();
		assert.equal(await page.locator("tr.problem").count(), 0);
		assert.equal(await made(), 0, "the look made invitations");
	});
	await step("all are queued at once, and a line says how far their letters have come", async () => {
		await page.getByRole("button", { name: t("invitations.import_all", { count: ROWS }) }).click();
		await page.waitForURL(/batch=/);
		const bar = page.locator("main progress");
		await bar.waitFor();
		await page.getByText(t("invitations.batch", { all: ROWS })).waitFor();
		const { max, value } = await bar.evaluate(({ max, value }) => ({ max, value }));
		assert.ok(max === ROWS && value <= ROWS, `${value} of ${max}`);
		await look(ana, "import-on-its-way");
		assert.equal(await made(), ROWS);
		// Its end comes without anybody reloading the page.
		await page.getByText(t("invitations.batch_done", { done: ROWS, all: ROWS })).waitFor();
		await house.letter(`${width}.200@people.example`);
	});
	await step("the same file once more is refused row by row, and nobody is invited twice", async () => {
		await page.goto("/invitations/import");
		await page.setInputFiles("#file", csv(good));
		await page.locator("tr.problem").nth(ROWS - 1).waitFor();
		assert.ok(await page.getByRole("button", { name: t("invitations.import_good", { count: 0 }) }).isDisabled());
		assert.equal(await made(), ROWS);
	});
	await ana.context.close();
}

await walk("import", async () => {
	await bring("phone", "es-MX");
	await bring("desk", "en-US");
});
