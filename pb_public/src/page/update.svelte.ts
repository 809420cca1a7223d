// A newer version of the page, once the service worker has it: offered, never pressed on anybody. A page that was opened when the
// newer version was there already is of that version, and its worker may begin at once.

import { drafts } from "./drafts.svelte.js";
import { practice } from "./practice.svelte.js";
import { startServiceWorker } from "./trusted.js";

/** How often a page that stays open looks for a newer version. */
const LOOK_EVERY = 3600_000;

let waiting = $state.raw<ServiceWorker>();
let asked = false;

/** The script that a worker's build begins with. */
const entryOf = (worker: ServiceWorker) =>
	new Promise<string>((resolve) => {
		const { port1, port2 } = new MessageChannel();
		port1.onmessage = ({ data }) => resolve(String(data));
		worker.postMessage({ kind: "entry" }, [port2]);
	});

async function consider(worker: ServiceWorker | null) {
	if (!worker || !navigator.serviceWorker.controller) return;
	const entry = await entryOf(worker);
	if (document.querySelector(`script[src="${CSS.escape(entry)}"], script[src="${entry}"]`))
		worker.postMessage({ kind: "take" });
	else waiting = worker;
}

export const update = {
	/** True while a newer version waits for the person. */
	get ready() {
		return waiting !== undefined;
	},
	async start() {
		const registration = await startServiceWorker();
		if (!registration) return;
		const { name, phone } = practice.now ?? {};
		const active = (await navigator.serviceWorker.ready).active;
		if (name) active?.postMessage({ kind: "practice", practice: { name, phone } });
		void consider(registration.waiting);
		registration.addEventListener("updatefound", () => {
			const { installing } = registration;
			installing?.addEventListener("statechange", () => {
				if (installing.state === "installed") void consider(registration.waiting);
			});
		});
		navigator.serviceWorker.addEventListener("controllerchange", () => {
			if (asked) location.reload();
		});
		let looked = Date.now();
		document.addEventListener("visibilitychange", () => {
			if (document.visibilityState === "hidden" || Date.now() - looked < LOOK_EVERY) return;
			looked = Date.now();
			registration.update().catch(() => {});
		});
	},
	/** Takes the newer version: what is being written is kept first. */
	async take() {
		await drafts.flush();
		asked = true;
		waiting?.postMessage({ kind: "take" });
	},
};
