// Takes the picture in the README from the demo: a community on a desk and on a phone, side by side.
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { browse, demo, person, signIn } from "./house.mjs";

const folder = join(dirname(fileURLToPath(import.meta.url)), "../docs/screenshots");
const house = await demo();
const browser = await browse();
try {
	const shots = {};
	for (const width of ["desk", "phone"]) {
		const who = await person(browser, house, { width });
		await signIn(who, "heron@demo.example");
		await who.page.click("main a[href^='/communities/']");
		await who.page.waitForSelector("main article");
		await who.settled();
		shots[width] = (await who.page.screenshot()).toString("base64");
		await who.context.close();
	}
	const page = await browser.newPage({ viewport: { width: 1320, height: 740 } });
	await page.setContent(`<body style="margin:0;padding:30px;background:#e9e4da;display:flex;gap:30px;align-items:start">
		<img src="data:image/png;base64,${shots.desk}" width="880" style="border-radius:12px" alt="">
		<img src="data:image/png;base64,${shots.phone}" width="314" style="border-radius:24px" alt=""></body>`);
	mkdirSync(folder, { recursive: true });
	await page.screenshot({ path: join(folder, "community.png") });
} finally {
	await browser.close();
	await house.stop();
}
