// Starts the built binary as `kinward demo` and opens it in Debian's Chromium. A page that writes an error to the console, asks
// another host for anything, or breaks an accessibility rule fails the walk.
import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { noteLook, notLookedAt } from "./routes.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const axe = readFileSync(join(here, "node_modules/axe-core/axe.min.js"), "utf8");
const keys = Object.keys(catalogue("en"));
/** Where pictures of what failed go, and, where somebody says so to see them, of every look: they take a third of a look's time. */
export const screenshots = process.env.SCREENSHOTS ?? join(here, "screenshots");
/** For how many milliseconds at most each question to the server is held up: what a walk takes for granted on a quick machine, and what
    a page does when answers come late or in another order, shows then. Off unless somebody looks for it. */
const LATE = Number(process.env.LATE ?? 0);
export const PASSWORD = "sunny river walk";
// "zoomed" is a desk of 1280 × 1024 at 400 % (WCAG 2.2, 1.4.10).
export const WIDTHS = { phone: { width: 390, height: 844 }, desk: { width: 1280, height: 900 }, zoomed: { width: 320, height: 256 } };

export const freePort = () =>
	new Promise((resolve) => {
		const server = createServer().listen(0, "127.0.0.1", () => {
			const { port } = server.address();
			server.close(() => resolve(port));
		});
	});

/** What this walk has started: it ends with it, the browser before the practices. */
const running = [];
process.setMaxListeners(0); // whatever is started hears of the end

/** How a practice is asked to end, as a machine that goes down asks; it may be asked again. */
function ending(child) {
	const ended = new Promise((resolve) => child.once("exit", resolve));
	const end = async () => {
		if (!child.kill("SIGTERM")) return;
		child.kill("SIGCONT"); // one that was halted hears it only when it goes on
		await ended;
	};
	running.push(end);
	return end;
}

/** The built binary, started; `stop` ends it. */
export async function demo() {
	const port = await freePort();
	const child = spawn(join(here, "../kinward"), ["demo", "--http", `127.0.0.1:${port}`], { stdio: ["ignore", "pipe", "inherit"] });
	await new Promise((resolve, reject) => {
		child.once("exit", (code) => reject(new Error(`kinward demo ended with ${code}`)));
		createInterface({ input: child.stdout }).on("line", (line) => line.includes("Ctrl-C") && resolve());
	});
	for (const end of ["SIGINT", "SIGTERM"]) process.once(end, () => process.exit(1));
	process.once("exit", () => child.kill("SIGKILL"));
	const url = `http://127.0.0.1:${port}`;
	return {
		url,
		stop: ending(child),
		/** Halts the process as it is, and lets it go on. */
		pause: () => child.kill("SIGSTOP"),
		go: () => child.kill("SIGCONT"),
		/** The latest letter to an address, once it has arrived; or the latest with some words in it. */
		async letter(to, words = "") {
			for (let tries = 0; tries < 150; tries++) {
				const letters = await (await fetch(`${url}/demo/mailbox?json`)).json();
				const found = letters.find((letter) => letter.to === to && letter.text.includes(words));
				if (found) return found;
				await new Promise((resolve) => setTimeout(resolve, 200)); // the mailbox has no way to call us
			}
			throw new Error(`no letter to ${to} arrived`);
		},
	};
}

/** The built binary, or another one, serving a data folder, which is a new practice where there is none; `said` is what stood on its
    terminal. At the address of one that has stopped, it takes its place. */
export async function serve(dir, kinward = join(here, "../kinward"), address) {
	const port = address ? new URL(address).port : await freePort();
	const child = spawn(kinward, ["serve", "--dir", dir, "--http", `127.0.0.1:${port}`], { stdio: ["ignore", "pipe", "inherit"] });
	process.once("exit", () => child.kill("SIGKILL"));
	const url = `http://127.0.0.1:${port}`;
	const lines = [];
	await new Promise((resolve, reject) => {
		child.once("exit", (code) => reject(new Error(`kinward serve ended with ${code}`)));
		createInterface({ input: child.stdout }).on("line", (line) => lines.push(line) === 1 && resolve());
	});
	while (!(await fetch(`${url}/api/health`).catch(() => null))?.ok) await new Promise((resolve) => setTimeout(resolve, 100));
	return { url, said: () => lines.join("\n"), stop: ending(child) };
}

export async function browse() {
	const browser = await chromium.launch({
		executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
		args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
	});
	running.unshift(() => browser.close());
	return browser;
}

export const problems = [];
const pages = [];
let passed = 0;

/** A step that what follows does not stand on: when it fails, that is noted, and the walk goes on. True when it passed. */
export async function step(name, work) {
	try {
		await work();
		passed++;
		console.log(`✓ ${name}`);
		return true;
	} catch (error) {
		problems.push(`${name}: ${error.message.split("\n").slice(0, 4).join(" ")}`);
		await photograph(name);
		return false;
	}
}

/** A step that the rest of the walk stands on: when it fails, the walk ends. */
export async function stepOrEnd(name, work) {
	if (!(await step(name, work))) throw new Error(`the walk ended at: ${name}`);
}

/** What everybody saw when a step failed. */
async function photograph(name) {
	mkdirSync(screenshots, { recursive: true });
	const open = pages.filter((page) => !page.isClosed());
	const file = (i) => join(screenshots, `failed-${name.replace(/\W+/g, "-").slice(0, 60)}-${i}.png`);
	await Promise.all(open.map((page, i) => page.screenshot({ path: file(i), fullPage: true, timeout: 5_000 }).catch(() => {})));
}

function catalogue(locale) {
	const folder = join(here, "../hooks/messages", locale.slice(0, 2));
	return Object.assign({}, ...readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), "utf8"))));
}

/** What the page says in one language: a text of the catalogue, with its parameters. */
export function texts(locale) {
	const all = catalogue(locale);
	return (key, params = {}) => {
		const entry = all[key];
		if (entry === undefined) throw new Error(`no text ${key}`);
		const text = typeof entry === "string" ? entry : entry[params.count === 1 ? "one" : "other"];
		return text.replace(/\{\{\.(\w+)\}\}/g, (_, name) => params[name]);
	};
}

/** Holds up a question by a time of its own. */
async function late(route) {
	await new Promise((resolve) => setTimeout(resolve, Math.random() * LATE));
	await route.continue().catch(() => {}); // its page may be gone
}

/** A person with a browser of their own; its clock may go so many days ahead, as the practice's does. */
export async function person(browser, house, { width = "desk", locale = "en-US", dark = false, forced = false, scripts = true, zone, days = 0, expects = [] } = {}) {
	const context = await browser.newContext({
		baseURL: house.url,
		javaScriptEnabled: scripts,
		viewport: WIDTHS[width],
		locale,
		timezoneId: zone,
		colorScheme: dark ? "dark" : "light",
		forcedColors: forced ? "active" : "none",
		reducedMotion: "reduce",
		isMobile: width === "phone",
		hasTouch: width === "phone",
	});
	if (days) await context.clock.install({ time: Date.now() + days * 86_400_000 });
	if (LATE) await context.route("**/api/clinic/**", late);
	const page = await context.newPage();
	pages.push(page);
	page.setDefaultTimeout(30_000);
	const { waitForFunction } = page;
	page.waitForFunction = (what, ...more) => {
		if (what.constructor.name === "AsyncFunction") throw new Error("a promise counts as true at once: wait with `until`");
		return waitForFunction.call(page, what, ...more);
	};
	const say = (text) => problems.push(`${width} ${locale} ${new URL(page.url()).pathname}: ${text}`);
	page.on("pageerror", (error) => say(`error: ${error.message}`));
	page.on("console", (message) => {
		if (message.type() !== "error" && message.type() !== "warning") return;
		if (expects.some((expected) => message.text().includes(expected))) return;
		say(`console: ${message.text()}`);
	});
	page.on("request", (request) => {
		const url = request.url();
		if (!url.startsWith(house.url) && !/^(data|blob):/.test(url)) say(`asked another host: ${url}`);
	});
	return { page, context, width, locale, dark, scripts, say, settled: settling(page), t: texts(locale) };
}

/** How to wait until nothing has been on its way to a page for a moment, and for three seconds at most. Chromium's own word for it,
    "networkidle", never comes where a page listens: its stream is a request that stays open. */
function settling(page) {
	const under = new Set();
	let last = 0;
	const over = (request) => under.delete(request) && (last = Date.now());
	page.on("request", (request) => request.resourceType() !== "eventsource" && under.add(request));
	page.on("requestfinished", over);
	page.on("requestfailed", over);
	return async () => {
		for (const end = Date.now() + 3_000; Date.now() < end && (under.size || Date.now() - last < 300); ) {
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
	};
}

/** Waits until something that takes its time in the browser answers with yes, and returns the answer. Playwright's waitForFunction would
    take the promise itself for a yes. */
export async function until(page, what, arg) {
	for (const end = Date.now() + 30_000; Date.now() < end; ) {
		const answer = await page.evaluate(what, arg);
		if (answer) return answer;
		await new Promise((resolve) => setTimeout(resolve, 100)); // what is asked has no way to call us
	}
	throw new Error(`it never came: ${what}`);
}

/** Looks at the page as it is now, or at the part of it that is ours: accessibility, sideways scrolling, and, where SCREENSHOTS names a
    folder, a picture. */
export async function look(who, name, part) {
	const { page } = who;
	await who.settled();
	// Where scripts are off none of ours runs either: only the picture is taken.
	if (who.scripts) await examine(who, name, part);
	await picture(page, [name, who.width, who.locale.slice(0, 2), who.dark && "dark"].filter(Boolean).join("-"));
}

/** A picture of the whole page, where somebody wants pictures. */
export async function picture(page, name) {
	if (!process.env.SCREENSHOTS) return;
	mkdirSync(screenshots, { recursive: true });
	await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
}

/** The catalogue's keys that stand in the page or are read out of it: their texts were not loaded. Runs in the browser. */
function rawKeys(keys) {
	const known = new Set(keys);
	const said = [document.body.innerText];
	for (const element of document.querySelectorAll("[aria-label], [title], [placeholder]")) {
		for (const name of ["aria-label", "title", "placeholder"]) said.push(element.getAttribute(name) ?? "");
	}
	return [...new Set(said.join(" ").split(/[\s:,;]+/))].filter((word) => known.has(word));
}

async function examine(who, name, part) {
	const { page } = who;
	const found = await page.evaluate(`(async () => {
		const module = { exports: {} };
		${axe.replace(/typeof module/g, "typeof module")}
		// What stands fixed at an edge covers something at any scroll position, and another thing a scroll later: targets are
		// measured without it, or the walk would fail by chance.
		const fixed = [...document.querySelectorAll("body *")].filter(
			(one) => ["fixed", "sticky"].includes(getComputedStyle(one).position) && !one.closest("dialog"),
		);
		for (const one of fixed) one.style.position = "static";
		const found = await (window.axe ?? module.exports).run(${JSON.stringify(part) ?? "document"}, {
			runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
			resultTypes: ["violations"], // of what is right it need not say where it stands
		});
		for (const one of fixed) one.style.position = "";
		return found;
	})()`);
	for (const violation of found.violations) {
		who.say(`${name}: axe ${violation.id}: ${violation.nodes.map((node) => node.target.join(" ")).slice(0, 3).join("; ")}`);
	}
	const raw = await page.evaluate(rawKeys, keys);
	if (raw.length) who.say(`${name}: a key stands where its text should: ${raw.slice(0, 5).join(", ")}`);
	const title = await page.evaluate(() => document.querySelector("main h1")?.innerText);
	const { pathname } = new URL(page.url());
	// A page that says that there is none, or that one may not see it, was not looked at.
	const instead = ["en", "es"].some((locale) => ["page.not_found.title", "page.not_allowed.title"].some((key) => texts(locale)(key) === title));
	if (!part && (!instead || pathname === "/not-allowed")) noteLook(pathname, who.width);
	const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
	if (sideways > 0) who.say(`${name}: ${sideways} pixels too wide`);
}

/** Asks a door of the API as the person who is signed in on the page. */
export const ask = (who, method, path, body) =>
	who.page.evaluate(
		async ([method, path, body]) => {
			const answer = await fetch(`/api/clinic${path}`, {
				method,
				headers: { "Content-Type": "application/json" },
				body: body && JSON.stringify(body),
			});
			if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
			return answer.status === 204 ? undefined : answer.json();
		},
		[method, path, body],
	);

/** What has the focus, by its name; and who it is that shows it: a stop that cannot be seen is a problem. */
async function focused(who) {
	const found = await who.page.evaluate(async () => {
		// What takes the focus is scrolled to in a moment's time.
		for (let frames = 0; frames < 3; frames++) await new Promise(requestAnimationFrame);
		const element = document.activeElement;
		if (!element || element === document.body) return null;
		const box = element.getBoundingClientRect();
		const style = getComputedStyle(element);
		const around = getComputedStyle(element.closest("label, .desk, .control") ?? element);
		const ring = [style, around].some(({ outlineStyle, outlineWidth }) => outlineStyle !== "none" && outlineWidth !== "0px");
		const middle = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, innerHeight / 2));
		return {
			name: element.getAttribute("aria-label") || element.innerText?.trim().slice(0, 40) || element.id || element.tagName,
			ring,
			seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight && (!middle || element.contains(middle) || middle.contains(element)),
		};
	});
	if (found && !found.ring) who.say(`the focus on “${found.name}” cannot be seen`);
	if (found && !found.seen) who.say(`“${found.name}” has the focus behind something, or outside of the window`);
}

/** Waits for what is wanted, as who has no mouse does too, and goes on with Tab until it has the focus; every stop on the way must show it. */
export async function tabTo(who, selector, most = 60) {
	await who.page.locator(selector).first().waitFor();
	for (let n = 0; n < most; n++) {
		await who.page.keyboard.press("Tab");
		await focused(who);
		if (await who.page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
	}
	throw new Error(`${most} times Tab did not lead to ${selector}`);
}

export async function signIn(who, email, password = PASSWORD) {
	await who.page.goto("/sign-in");
	await who.page.fill("#email", email);
	await who.page.fill("#password", password);
	await who.page.click("main button[type=submit]");
	await who.page.waitForURL((url) => url.pathname !== "/sign-in");
}

/** Waits until the worker keeps the page itself, on a device of one's own. */
export const shellKept = ({ page }) =>
	until(page, async () => {
		const name = (await caches.keys()).find((one) => one.startsWith("kinward-shell-"));
		return name && (await (await caches.open(name)).match("/")) !== undefined;
	});

/** Opens the first post of the first community and begins a comment. */
export async function beginComment({ page, settled }, words) {
	await page.locator("main a[href^='/communities/']").first().click();
	await page.locator("main a[href^='/posts/']").first().click();
	await page.waitForURL(/\/posts\//);
	await page.locator("main button#opener").first().waitFor();
	await settled(); // what is still on its way may move it from under the finger
	await page.locator("main button#opener").first().click();
	await page.locator("main form textarea").fill(words);
}

/** Begins a comment that cannot be saved: where the session ends, the page asks for the password before it lets go of the words. */
export async function writeOnlyHere(who, words) {
	await who.page.route("**/api/clinic/drafts/**", (route) => route.abort());
	await beginComment(who, words);
}

/** What the browser itself notes on its console of a request that was refused, or that a walk let fail. */
export const REFUSED = ["the server responded with a status", "net::ERR_FAILED"];

/** A walk: what it does, and then the end of the process, with what was seen or with success. */
export async function walk(name, work) {
	try {
		await work();
	} catch (error) {
		console.error(error);
		if (!problems.length) problems.push(String(error));
	}
	for (const end of running) await end();
	if (!problems.length) problems.push(...notLookedAt(name));
	for (const problem of problems) console.error(`✗ ${problem}`);
	console.log(`${name}: ${passed} passed, ${problems.length} failed`);
	process.exit(problems.length ? 1 : 0);
}

/** Does what cannot be undone on a phone in Spanish and at a desk in English, each with a practice of its own. `come(key)` is someone
    of the sample practice who has signed in, in the language of the round; without a key, somebody who has not. */
export async function rounds(browser, work) {
	for (const [width, locale] of [
		["phone", "es-MX"],
		["desk", "en-US"],
	]) {
		const house = await demo();
		const come = async (key) => {
			const who = await person(browser, house, { width, locale, expects: REFUSED });
			if (!key) return who;
			await signIn(who, `${key}@demo.example`);
			await ask(who, "PATCH", "/me", { language: locale.slice(0, 2) });
			await who.page.goto("/");
			return who;
		};
		await work({ house, come, width, locale, step: (name, work) => stepOrEnd(`${width} ${locale}: ${name}`, work) });
		// A page that is still open would ask a practice that is gone.
		for (const context of browser.contexts()) await context.close();
		await house.stop();
	}
}
