// Shows a page of our own instead of the browser's where there is no network. It keeps two public files and nothing that a
// member wrote or read: a shared computer must hold nothing.
/// <reference lib="webworker" />

const CACHE = "kinward-offline-1";
const FILES = ["/offline.html", "/offline.css"];
const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

worker.addEventListener("install", (event) => {
	event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)));
	worker.skipWaiting();
});

worker.addEventListener("activate", (event) => {
	event.waitUntil(
		caches
			.keys()
			.then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)))),
	);
});

worker.addEventListener("fetch", (event) => {
	const { request } = event;
	if (request.mode === "navigate") {
		event.respondWith(fetch(request).catch(async () => (await caches.match("/offline.html")) ?? Response.error()));
	} else if (new URL(request.url).pathname === "/offline.css") {
		event.respondWith(fetch(request).catch(async () => (await caches.match("/offline.css")) ?? Response.error()));
	}
});
