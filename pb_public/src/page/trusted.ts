// The two things that the Trusted Types policy of the page lets through: HTML that the server sanitized, and the address of
// our own service worker. Everything else that wants to write markup is stopped by the browser.

const SERVICE_WORKER = "/service-worker.js";

interface Policy {
	createHTML(html: string): unknown;
	createScriptURL(url: string): unknown;
}
type Rules = Partial<{ [K in keyof Policy]: (text: string) => string }>;

function policy(name: string, rules: Rules): Policy {
	const makes = (window as { trustedTypes?: { createPolicy(name: string, rules: Rules): Policy } }).trustedTypes;
	const plain: Policy = { createHTML: (html) => html, createScriptURL: (url) => url };
	return makes ? makes.createPolicy(name, rules) : plain;
}

const html = policy("kinward", { createHTML: (text) => text });

/** Puts HTML from the server into an element. Only ServerHtml.svelte calls this. */
export function insert(node: HTMLElement, text: string) {
	node.innerHTML = html.createHTML(text) as string;
}

export async function startServiceWorker(): Promise<ServiceWorkerRegistration | undefined> {
	if (!("serviceWorker" in navigator)) return undefined;
	const worker = policy("kinward-service-worker", {
		createScriptURL(url) {
			if (url !== SERVICE_WORKER) throw new TypeError(url);
			return url;
		},
	});
	return navigator.serviceWorker.register(worker.createScriptURL(SERVICE_WORKER) as string).catch(() => undefined);
}
