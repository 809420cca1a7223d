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

/** Asks the browser and then the server; false where the person said no. */
export async function turnOn(key: string): Promise<boolean> {
	if ((await Notification.requestPermission()) !== "granted") return false;
	const registration = await navigator.serviceWorker.ready;
	const before = await registration.pushManager.getSubscription();
	await before?.unsubscribe();
	const bytes = Uint8Array.from(atob(key.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
	await put(await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes }));
	return true;
}

export async function turnOff() {
	const subscription = await subscribed();
	if (!subscription) return;
	await api.delete("/me/push", { body: { endpoint: subscription.endpoint } });
	await subscription.unsubscribe();
}
