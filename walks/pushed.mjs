// Push messages without the service that carries them: no request leaves this machine.

/** Stands for the service of the browser's maker, which this machine does not ask: it is away, or gives an address. Runs in the
    browser before the page does. */
export function withPushService() {
	const kept = { async unsubscribe() { return sessionStorage.removeItem("push"), true; }, toJSON: () => JSON.parse(sessionStorage.getItem("push")) };
	const base64 = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
	PushManager.prototype.getSubscription = async () => (sessionStorage.getItem("push") ? kept : null);
	PushManager.prototype.subscribe = async () => {
		if (sessionStorage.getItem("service") === "away") throw new DOMException("Registration failed - push service error", "AbortError");
		const { publicKey } = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
		const keys = { p256dh: base64(await crypto.subtle.exportKey("raw", publicKey)), auth: base64(crypto.getRandomValues(new Uint8Array(16))) };
		sessionStorage.setItem("push", JSON.stringify({ endpoint: "https://fcm.googleapis.com/fcm/send/walk", keys }));
		return kept;
	};
}

/** Gives the page's worker a push message, as the browser does when one has come. */
export async function deliver({ context, page }, house, data) {
	const cdp = await context.newCDPSession(page);
	const registered = new Promise((resolve) =>
		cdp.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => registrations.length && resolve(registrations[0].registrationId)),
	);
	await cdp.send("ServiceWorker.enable");
	await cdp.send("ServiceWorker.deliverPushMessage", { origin: house.url, registrationId: await registered, data });
	await cdp.detach();
}
