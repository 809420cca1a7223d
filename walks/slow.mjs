// How long it takes on a bad phone until the feed can be read: a measurement, and no walk, since the machine decides with. Asked are
// 3 seconds with a cold cache, on a device that has just been signed in. It is served as a practice serves it, over TLS and HTTP/2;
// the certificate is made with openssl. The worker is left out: what a browser throttles does not reach into it.
//
//   KINWARD=BINARY[,BINARY…]  what is measured, in turns: ../kinward
//   TURNS=N                   how often each is: 5
//   WATERFALL=1               lists the requests of the first turn
import { execFileSync, spawn } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { ask, freePort, PASSWORD } from "./house.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const binaries = (process.env.KINWARD ?? join(here, "../kinward")).split(",");
const turns = Number(process.env.TURNS ?? 5);
const TLS = mkdtempSync(join(tmpdir(), "kinward-slow-"));
const [cert, key] = ["cert.pem", "key.pem"].map((name) => join(TLS, name));

/** A key whose certificate the browser is told to believe, so that it caches as it does for a practice. */
function certify() {
	const made = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=localhost", "-days", "2"];
	execFileSync("openssl", ["req", "-x509", ...made, "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", cert], { stdio: "ignore" });
	return createHash("sha256").update(new X509Certificate(readFileSync(cert)).publicKey.export({ type: "spki", format: "der" })).digest("base64");
}

/** Starts a program and waits for a line; `end` asks it to stop, or, with SIGKILL, leaves everything as it is. */
async function start(binary, args, said, env = process.env) {
	const child = spawn(binary, args, { stdio: ["ignore", "pipe", "inherit"], env });
	const ended = new Promise((resolve) => child.once("exit", resolve));
	process.once("exit", () => child.kill("SIGKILL"));
	await new Promise((resolve, reject) => {
		ended.then((code) => reject(new Error(`${binary} ended with ${code}`)));
		createInterface({ input: child.stdout }).on("line", (line) => line.includes(said) && resolve());
	});
	return (signal) => (child.kill(signal), ended);
}

/** The sample practice, served over TLS: `demo` makes it and is killed before it clears up, `serve` takes it over. */
async function serve(binary) {
	const folder = mkdtempSync(join(TLS, "house-"));
	const kill = await start(binary, ["demo", "--http", `127.0.0.1:${await freePort()}`], "Ctrl-C", { ...process.env, TMPDIR: folder });
	await kill("SIGKILL");
	const dir = join(folder, readdirSync(folder)[0], "data");
	const port = await freePort();
	const tls = ["--https", `127.0.0.1:${port}`, "--http", "off", "--tls-cert", cert, "--tls-key", key];
	return { url: `https://localhost:${port}`, stop: await start(binary, ["serve", "--dir", dir, ...tls], "Kinward answers") };
}

/** Signs somebody in; gives what their browser then knows, and a community of theirs. */
async function enter(browser, url) {
	const context = await browser.newContext({ baseURL: url });
	const page = await context.newPage();
	await page.goto("/sign-in");
	await page.fill("#email", "heron@demo.example");
	await page.fill("#password", PASSWORD);
	await page.click("main button[type=submit]");
	await page.waitForURL((at) => at.pathname !== "/sign-in");
	const room = (await ask({ page }, "GET", "/communities")).items[0].id;
	const state = await context.storageState();
	await context.close();
	return { state, path: `/communities/${room}` };
}

/** Runs in the page: notes when what one came for stands in it, and when that has been painted. */
function watch() {
	const look = () => {
		const post = document.querySelector("ol article .beginning");
		if (!document.querySelector("#email") && !(post?.textContent.trim().length > 20)) return requestAnimationFrame(look);
		globalThis.stood = performance.now();
		const painted = new MessageChannel();
		painted.port1.onmessage = () => (globalThis.painted = performance.now());
		requestAnimationFrame(() => painted.port2.postMessage(0));
	};
	requestAnimationFrame(look);
}

/** Slow 3G and a slow phone: 400 kbit/s, 400 ms there and back, a quarter of this processor. */
async function slowly(page) {
	const session = await page.context().newCDPSession(page);
	const rate = 400_000 / 8;
	await session.send("Network.enable");
	await session.send("Network.emulateNetworkConditions", { offline: false, latency: 400, downloadThroughput: rate, uploadThroughput: rate });
	await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
	const requests = new Map();
	session.on("Network.requestWillBeSent", ({ requestId, request, timestamp }) => requests.set(requestId, { path: new URL(request.url).pathname, from: timestamp }));
	session.on("Network.responseReceived", ({ requestId, response }) => Object.assign(requests.get(requestId) ?? {}, { kept: response.fromDiskCache }));
	session.on("Network.loadingFinished", ({ requestId, timestamp, encodedDataLength }) =>
		Object.assign(requests.get(requestId) ?? {}, { to: timestamp, bytes: encodedDataLength }),
	);
	return requests;
}

/** Opens a page, until it can be read; gives the milliseconds of each phase and what came before it stood. */
async function open(page, requests, path) {
	requests.clear();
	await page.goto(path, { waitUntil: "commit" });
	await page.waitForFunction(() => globalThis.painted > 0, null, { polling: 200 });
	const ms = await page.evaluate(() => ({
		html: performance.getEntriesByType("navigation")[0].responseEnd,
		first: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? performance.now(),
		stood: globalThis.stood,
		read: globalThis.painted,
	}));
	const all = [...requests.values()];
	const begin = all[0].from;
	for (const one of all) [one.from, one.to] = [one.from, one.to].map((at) => Math.round((at - begin) * 1000));
	// What is asked for when the page begins to draw is not what it waits for.
	const before = all.filter((one) => one.to < ms.first && !one.kept);
	return { ...ms, came: Math.max(...before.map((one) => one.to)), requests: before.length, bytes: before.reduce((sum, one) => sum + one.bytes, 0), all };
}

const median = (all) => [...all].sort((a, b) => a - b)[all.length >> 1];
const columns = ["html", "came", "first", "stood", "read"];

function table(name, runs) {
	console.log(`\n${name}\n${"".padEnd(26)}requests   bytes   HTML  came  first paint  in the page  read (each)`);
	for (const [what, all] of Object.entries(runs)) {
		const [html, came, first, stood, read] = columns.map((column) => Math.round(median(all.map((one) => one[column]))));
		const each = all.map((one) => Math.round(one.read)).join(", ");
		const cells = [median(all.map((one) => one.requests)), 8, median(all.map((one) => one.bytes)), 8, html, 7, came, 6, first, 13, stood, 13, read, 6];
		const line = cells.reduce((text, cell, i) => (i % 2 ? text : text + String(cell).padStart(cells[i + 1])), what.padEnd(26));
		console.log(`${line}  (${each})`);
	}
}

const browser = await chromium.launch({
	executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
	args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"].concat(
		`--ignore-certificate-errors-spki-list=${certify()}`,
	),
});
const houses = [];
try {
	for (const binary of binaries) {
		const house = await serve(binary);
		houses.push({ ...house, binary, ...(await enter(browser, house.url)), runs: { "a feed, cold cache": [], "a feed, warm cache": [], "sign-in, cold cache": [] } });
	}
	for (let turn = 0; turn < turns; turn++) {
		for (const { url, state, path, runs } of houses) {
			const visit = async (storageState, where, ...names) => {
				const context = await browser.newContext({ baseURL: url, storageState, viewport: { width: 390, height: 844 }, serviceWorkers: "block", isMobile: true, hasTouch: true });
				const page = await context.newPage();
				page.setDefaultTimeout(60_000);
				await page.addInitScript(watch);
				const requests = await slowly(page);
				for (const name of names) {
					const run = await open(page, requests, where);
					if (turn === 0 && process.env.WATERFALL) for (const { from, to, bytes, path } of run.all) console.log(`${from}–${to} ${bytes} ${path}`);
					runs[name].push(run);
					// What comes after it is kept for the next.
					await page.waitForTimeout(4000);
				}
				await context.close();
			};
			await visit(state, path, "a feed, cold cache", "a feed, warm cache");
			await visit(undefined, "/sign-in", "sign-in, cold cache");
		}
	}
	for (const { binary, runs } of houses) table(basename(binary), runs);
	console.log("\nmilliseconds, medians; asked: a feed read within 3000 with a cold cache");
} finally {
	await browser.close();
	for (const { stop } of houses) await stop("SIGTERM");
	rmSync(TLS, { recursive: true, force: true });
}
