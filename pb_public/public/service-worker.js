// What this device can do without a network. Everywhere: an offline page of our own with the practice's phone. Only where a member
// has said that the device is theirs alone: the page itself, so that it opens and shows what was last read (src/page/kept.ts keeps
// that). Nothing here ever answers instead of the network while there is one, except with files whose name holds their content.
//
// Every build has a worker of its own, with the names of its files. A new one waits until no page of the old build is open, or until
// the person takes the new version; so a page never gets files of two builds.
/// <reference lib="webworker" />

// The part that shows push messages. A script is loaded under the page's one policy for the service worker's address.
const scripts = /** @type {any} */ (self).trustedTypes?.createPolicy("kinward-service-worker", {
	createScriptURL: (/** @type {string} */ url) => url,
});
/** @type {any} */ (self).importScripts(scripts ? scripts.createScriptURL("/push.js") : "/push.js");

/** @type {{ build: string, entry: string, files: string[] }} filled in by the build */
const MADE = { build: "development", entry: "", files: [] };

const OFFLINE = "kinward-offline-3";
const SHELL = `kinward-shell-${MADE.build}`;
/** It is there where the device is a member's own: the page makes it and deletes it. */
const OWN = "kinward-own";
const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
/** Whether the device is a member's own; unknown until it was looked up. @type {boolean | undefined} */
let own;

async function lookUp() {
	own = await caches.has(OWN);
	return own;
}

/** Keeps the page as this build made it, so that it opens without a network. */
async function keepShell() {
	const cache = await caches.open(SHELL);
	for (const file of MADE.files) {
		if (await cache.match(file)) continue;
		const answer = await fetch(file, { priority: "low" });
		if (!answer.ok) return;
		await cache.put(file, answer);
	}
	const page = await fetch("/", { cache: "no-cache", credentials: "omit" });
	// The server may have a newer build by now: its page goes with its own worker.
	if (page.ok && (await page.clone().text()).includes(MADE.entry)) await cache.put("/", page);
}

worker.addEventListener("install", (event) => {
	event.waitUntil(
		caches
			.open(OFFLINE)
			.then((cache) => cache.addAll(["/offline.html", "/offline.css"]))
			.then(async () => {
				if (MADE.entry && (await lookUp())) await keepShell();
			}),
	);
});

worker.addEventListener("activate", (event) => {
	const mine = [OFFLINE, SHELL, OWN];
	event.waitUntil(
		caches
			.keys()
			.then((names) => Promise.all(names.filter((name) => !mine.includes(name)).map((name) => caches.delete(name))))
			.then(() => worker.registration.navigationPreload?.enable())
			.then(lookUp),
	);
});

worker.addEventListener("message", (event) => {
	const { kind, practice } = event.data ?? {};
	if (kind === "take") void worker.skipWaiting();
	if (kind === "entry") event.ports[0]?.postMessage(MADE.entry);
	if (kind === "practice")
		event.waitUntil(caches.open(OFFLINE).then((cache) => cache.put("/practice", Response.json(practice))));
	if (kind === "own" && MADE.entry)
		event.waitUntil(lookUp().then(async (is) => void (await (is ? keepShell() : caches.delete(SHELL)))));
});

/** @param {string} text */
const escaped = (text) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** The offline page, with the name and the phone of the practice as the page told them last. */
async function offline() {
	const cache = await caches.open(OFFLINE);
	const page = await cache.match("/offline.html");
	const practice = await (await cache.match("/practice"))?.json();
	if (!page || !practice?.phone) return page ?? Response.error();
	const { name, phone } = practice;
	const call = `<p class="practice"><strong>${escaped(name)}</strong> <a href="tel:${escaped(phone.replace(/[^+\d]/g, ""))}">${escaped(phone)}</a></p>`;
	return new Response((await page.text()).replaceAll("<!--practice-->", call), { headers: page.headers });
}

/** @param {FetchEvent} event */
async function open(event) {
	try {
		return (await event.preloadResponse) ?? (await fetch(event.request));
	} catch (cause) {
		if (/^\/(api|_|demo)\//.test(new URL(event.request.url).pathname)) throw cause;
		const page = (await lookUp()) ? await (await caches.open(SHELL)).match("/") : undefined;
		return page ?? (await offline());
	}
}

/** @param {Request} request */
async function file(request) {
	const kept = own === undefined && !(await lookUp()) ? undefined : await caches.match(request, { cacheName: SHELL });
	return kept ?? fetch(request);
}

worker.addEventListener("fetch", (event) => {
	const { request } = event;
	const { pathname, origin } = new URL(request.url);
	if (origin !== worker.location.origin || request.method !== "GET") return;
	if (request.mode === "navigate") event.respondWith(open(event));
	else if (pathname === "/offline.css")
		event.respondWith(fetch(request).catch(async () => (await caches.match("/offline.css")) ?? Response.error()));
	else if (own !== false && pathname.startsWith("/assets/")) event.respondWith(file(request));
});
