// How long it takes on a bad phone until the feed can be read: a measurement, and no walk, since the machine decides with. Asked are
// 3 seconds with a cold cache. The worker is left out: what a browser throttles does not reach into it. WATERFALL=1 lists the requests.
import { ask, browse, demo, person, signIn } from "./house.mjs";

const house = await demo();
const browser = await browse();

/** Slow 3G and a slow phone: 400 kbit/s, 400 ms there and back, a quarter of this processor. */
async function slowly(page) {
	const session = await page.context().newCDPSession(page);
	await session.send("Network.enable");
	await session.send("Network.emulateNetworkConditions", {
		offline: false,
		latency: 400,
		downloadThroughput: 400_000 / 8,
		uploadThroughput: 400_000 / 8,
	});
	await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
}

/** Milliseconds from the beginning of the navigation until words of a post can be read. */
async function untilRead(page, path) {
	await page.goto(path, { waitUntil: "commit" });
	await page.waitForFunction(() => document.querySelector("ol article .beginning, article.card .beginning")?.textContent.trim().length > 20, null, {
		polling: "raf",
	});
	return Math.round(await page.evaluate(() => performance.now()));
}

const median = (all) => [...all].sort((a, b) => a - b)[all.length >> 1];

try {
	const first = await person(browser, house, { width: "phone" });
	await signIn(first, "heron@demo.example");
	const room = (await ask(first, "GET", "/communities")).items[0].id;
	const state = await first.context.storageState();
	await first.context.close();
	const cold = [];
	const warm = [];
	for (let turn = 0; turn < 3; turn++) {
		const context = await browser.newContext({
			baseURL: house.url,
			storageState: state,
			viewport: { width: 390, height: 844 },
			serviceWorkers: "block",
			isMobile: true,
			hasTouch: true,
		});
		const page = await context.newPage();
		page.setDefaultTimeout(30_000);
		await slowly(page);
		cold.push(await untilRead(page, `/communities/${room}`));
		await page.waitForLoadState("networkidle");
		if (turn === 0 && process.env.WATERFALL) {
			for (const line of await page.evaluate(() =>
				performance.getEntriesByType("resource").map((e) => `${Math.round(e.startTime)}–${Math.round(e.responseEnd)} ${e.transferSize} ${new URL(e.name).pathname}`),
			))
				console.log(line);
		}
		warm.push(await untilRead(page, `/communities/${room}`));
		await context.close();
	}
	console.log(`a cold cache: ${cold.join(", ")} ms, median ${median(cold)}; a warm one: ${warm.join(", ")} ms, median ${median(warm)} (asked: 3000)`);
} finally {
	await browser.close();
	await house.stop();
}
