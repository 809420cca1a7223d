// Loads what the renderer makes of every public XSS payload in a real browser, as the server's own HTML and parsed again
// through innerHTML, touches every element, and shows that nothing ran, no request left and no markup got out of its box.
// The same payloads unsanitized are the control: they must set the detector off.
//
//   npm run renderer            every payload
//   npm run renderer -- 10      every tenth, for a quick look
import { execFileSync } from "node:child_process";
import { createReadStream, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { poke, reparse, watch } from "./detector.mjs";

const site = "http://practice.test";
const files = `${site}/api/clinic/files/`;
const batchSize = 400;
const pixel = Buffer.from(
	"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
	"base64",
);

// One page for each way in which the detector must notice something; if one is silent, the walk proves nothing.
const canaries = {
	"a script": "<script>1</script>",
	"a handler at once": '<img src=x onerror="1">',
	"a handler on a click": '<p onclick="1">a</p>',
	"a handler on focus": '<input onfocus="1">',
	"a javascript: link": '<a href="javascript:void 1">a</a>',
	"a dialog": '<svg onload="alert(1)">',
	"a picture from elsewhere": '<img src="https://elsewhere.test/a.png">',
	"a style from elsewhere": '<style>@import "https://elsewhere.test/a.css"</style>',
	"a frame": '<iframe src="https://elsewhere.test/"></iframe>',
	"a form": '<form action="https://elsewhere.test/"><button>a</button></form>',
	"a refresh": '<meta http-equiv="refresh" content="0;url=https://elsewhere.test/">',
};

// And one page that must leave it silent.
const harmless =
	'<section><h3>a</h3><p><a href="https://elsewhere.test/">b</a> <img src="/api/clinic/files/c" alt="d"> <input type="checkbox" disabled></p></section>';

/** Makes the HTML of every case in a file and reads it; null where the suites are absent. */
async function load(every) {
	const folder = mkdtempSync(join(tmpdir(), "kinward-renderer-"));
	try {
		const file = join(folder, "cases.jsonl");
		execFileSync("go", ["run", "./hooks/markdown/markdowntest/rendered", "-out", file, "-every", String(every)], {
			cwd: dirname(dirname(fileURLToPath(import.meta.url))),
			env: { ...process.env, GOTOOLCHAIN: "auto" },
			stdio: "inherit",
		});
		if (!existsSync(file)) return null;
		const cases = [];
		for await (const line of createInterface({ input: createReadStream(file) })) cases.push(JSON.parse(line));
		return cases;
	} finally {
		rmSync(folder, { recursive: true });
	}
}

/** A browser that shows one page at a time, each in a context of its own, and lets no request leave the machine. */
async function open() {
	const browser = await chromium.launch({
		executablePath: process.env.KINWARD_CHROMIUM ?? "/usr/bin/chromium",
		args: ["--disable-background-networking", "--disable-component-update", "--disable-quic", "--no-sandbox"],
	});

	/** Shows one page, touches everything in it, and tells what happened. */
	async function show(html, again) {
		const context = await browser.newContext({ serviceWorkers: "block" });
		const left = [];
		await context.addInitScript(watch);
		await context.route("**/*", answer(html, left));
		context.on("dialog", (dialog) => {
			left.push(`dialog ${dialog.type()}`);
			dialog.dismiss().catch(() => {}); // gone with its page
		});
		let boxes = 0;
		let changed = 0;
		let fired = [];
		try {
			const page = await context.newPage();
			await page.goto(`${site}/page`, { waitUntil: "load", timeout: 20_000 });
			boxes = await page.evaluate(() => document.querySelectorAll("body > section").length);
			if (again) changed = await page.evaluate(reparse);
			await page.evaluate(poke);
			fired = await page.evaluate(() => window.fired);
			if (page.url() !== `${site}/page`) left.push(page.url());
		} catch (error) {
			fired.push(`the page was lost: ${String(error).split("\n")[0]}`); // by going elsewhere, or by closing itself
		}
		await context.close();
		return { fired: [...fired, ...left], boxes, changed };
	}
	return { show, close: () => browser.close() };
}

/** Answers every request of a page: with the page, with a picture for a file of ours, else not at all and with a note of it. */
function answer(html, left) {
	return (route) => {
		const request = route.request();
		const url = request.url();
		if (url === `${site}/page` && request.method() === "GET" && request.frame().parentFrame() === null) {
			return route.fulfill({
				contentType: "text/html; charset=utf-8",
				headers: { "content-security-policy-report-only": `default-src 'none'; img-src ${site}/favicon.ico ${files}` },
				body: `<!doctype html><html lang="en"><head><title>walk</title></head><body>${html}</body></html>`,
			});
		}
		if (url.startsWith(files)) return route.fulfill({ contentType: "image/png", body: pixel });
		if (url !== `${site}/favicon.ico`) left.push(url);
		return route.abort();
	};
}

const boxed = (cases) => cases.map((c) => `<section>${c.html}</section>`).join("\n");

/** Shows a batch both ways; on a finding, finds the cases that made it. */
async function inspect(browser, batch) {
	const found = [];
	for (const again of [false, true]) {
		const { fired, boxes, changed } = await browser.show(boxed(batch), again);
		if (fired.length === 0 && boxes === batch.length && changed === 0) continue;
		const way = again ? "parsed again" : "as the server's HTML";
		if (batch.length > 1) {
			const half = batch.length >> 1;
			found.push(...(await inspect(browser, batch.slice(0, half))), ...(await inspect(browser, batch.slice(half))));
			return found.length
				? found
				: [`${batch[0].id} … (${batch.length} together, ${way}): ${fired}, ${boxes} boxes, ${changed} changed`];
		}
		found.push(
			`${batch[0].id} ${batch[0].place}, ${way}: ${fired.slice(0, 3)}, ${boxes} boxes, ${changed} changed\n    ${batch[0].html.slice(0, 300)}`,
		);
	}
	return found;
}

async function control(browser, raw) {
	for (const [name, html] of Object.entries(canaries)) {
		const { fired } = await browser.show(html, false);
		if (fired.length === 0) throw new Error(`the detector does not notice ${name}: ${html}`);
	}
	const quiet = await browser.show(harmless, true);
	if (quiet.fired.length > 0) throw new Error(`the detector notices what is harmless: ${quiet.fired}`);
	const step = Math.max(1, Math.floor(raw.length / 100));
	const sample = raw.filter((_, i) => i % step === 0);
	let noticed = 0;
	for (const c of sample) if ((await browser.show(c.html, false)).fired.length > 0) noticed++;
	console.log(
		`control: all ${Object.keys(canaries).length} canaries noticed; of ${sample.length} payloads as they are, ${noticed} ran or loaded something`,
	);
	if (noticed < sample.length / 5)
		throw new Error("too few unsanitized payloads were noticed: the walk would prove nothing");
}

async function main() {
	const all = await load(Number(process.argv[2] ?? 1));
	if (all === null) return;
	const cases = all.filter((c) => !c.raw);
	const browser = await open();
	const found = [];
	try {
		await control(
			browser,
			all.filter((c) => c.raw),
		);
		for (let i = 0; i < cases.length; i += batchSize)
			found.push(...(await inspect(browser, cases.slice(i, i + batchSize))));
	} finally {
		await browser.close();
	}
	for (const finding of found) console.error(finding);
	console.log(`renderer: ${cases.length} cases, each as the server's HTML and parsed again: ${found.length} findings`);
	if (found.length > 0) process.exitCode = 1;
}

await main();
