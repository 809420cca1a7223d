// Web push on this device. Whose it is, the server knows; nothing of that is kept here.

import { ApiError, api } from "../page/api.js";
import type { PushState } from "./notification.js";

export const supported = () =>
	"serviceWorker" in navigator && "PushManager" in window && "Notification" in window && isSecureContext;

/** True where a person has said no in the browser, which only they can take back there. */
export const denied = () => Notification.permission === "denied";

async function subscribed(): Promise<PushSubscription | null> {
	const registration = await navigator.serviceWorker.getRegistration();
	return (await registration?.pushManager.getSubscription()) ?? null;
}

function put(subscription: PushSubscription, renew = false) {
	const { endpoint, keys } = subscription.toJSON();
	return api.put<PushState>("/me/push", { endpoint, keys, renew }, { background: renew });
}

/**
 * Whether push is on here for who is signed in. What another member had turned on, or what ended with a session, is taken back
 * from the browser.
 */
export async function settle(): Promise<boolean> {
	if (!supported() || Notification.permission !== "granted") return false;
	const subscription = await subscribed();
	if (!subscription) return false;
	try {
		await put(subscription, true);
		return true;
	} catch (fault) {
		if (fault instanceof ApiError && (fault.status === 404 || fault.code === "push_off"))
			await subscription.unsubscribe();
		return false;
	}
}

/** What came of turning it on: it is on, the person said no, or the browser got no address from its maker. */
export type Outcome = "on" | "refused" | "failed";

/** Asks the person, then the browser, then the server. */
export async function turnOn(key: string): Promise<Outcome> {
	if ((await Notification.requestPermission()) !== "granted") return "refused";
	const subscription = await subscribe(key).catch(() => null);
	if (!subscription) return "failed";
	try {
		await put(subscription);
	} catch (fault) {
		await subscription.unsubscribe().catch(() => false); // nobody would ever send to it
		throw fault;
	}
	return "on";
}

/** The browser asks its maker's service, which may be out of reach, or switched off where the browser was made. */
async function subscribe(key: string): Promise<PushSubscription | null> {
	// Where the worker could not be registered, `ready` would be waited for without end.
	if (!(await navigator.serviceWorker.getRegistration())) return null;
	const { pushManager } = await navigator.serviceWorker.ready;
	await (await pushManager.getSubscription())?.unsubscribe();
	const bytes = Uint8Array.from(atob(key.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
	return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes });
}

export async function turnOff() {
	const subscription = await subscribed();
	if (!subscription) return;
	await api.delete("/me/push", { body: { endpoint: subscription.endpoint } });
	await subscription.unsubscribe();
}
