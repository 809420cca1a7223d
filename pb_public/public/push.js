// Shows that there is something new for whoever uses this device, in the browser's language; what it is, the page says after a
// sign-in. A message carries nothing to show: whatever came, this is what stands on the screen.
/// <reference lib="webworker" />

(() => {
	const here = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
	const WORDS = {
		en: { title: "{{en:notification.push.message_title}}", body: "{{en:notification.push.message_body}}" },
		es: { title: "{{es:notification.push.message_title}}", body: "{{es:notification.push.message_body}}" },
	};
	const PAGE = "/notifications";

	here.addEventListener("push", (event) => {
		const lang = here.navigator.language.startsWith("es") ? "es" : "en";
		const { title, body } = WORDS[lang];
		// One tag: a second message takes the place of the first, without a sound.
		event.waitUntil(here.registration.showNotification(title, { body, lang, tag: "kinward", icon: "/icon-192.png" }));
	});

	here.addEventListener("notificationclick", (event) => {
		event.notification.close();
		event.waitUntil(
			here.clients.matchAll({ type: "window", includeUncontrolled: true }).then(async (open) => {
				const [page] = open;
				if (!page) return here.clients.openWindow(PAGE);
				await page.focus().catch(() => {}); // a browser may keep its windows where they are
				return page.navigate(PAGE).catch(() => here.clients.openWindow(PAGE));
			}),
		);
	});
})();
