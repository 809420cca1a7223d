import "./styles/fonts.css";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/forms.css";
import "./styles/switch.css";
import "./styles/prose.css";
import "./styles/served.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { decide } from "./page/gate.js";
import { firstLanguage, need, speak, whole } from "./page/messages.svelte.js";
import { own } from "./page/own.js";
import { practice } from "./page/practice.svelte.js";
import { router } from "./page/router.svelte.js";
import { notFound, routes } from "./page/routes.js";
import { session } from "./page/session.svelte.js";
import { theme } from "./page/theme.svelte.js";
import { update } from "./page/update.svelte.js";

/** A page whose script came later than this came over a slow network: words first, in the device's own letters, and ours after them. */
const SLOW = 1500;
/** Without them the page is written in the device's own letters, as where the network is gone. */
const faces = () => import("./styles/faces.css").catch(() => {});

async function start() {
	const letters = performance.now() < SLOW ? faces() : undefined;
	theme.start();
	const language = firstLanguage();
	const spoken = speak(language);
	router.ahead(routes, session.wasIn());
	const target = document.getElementById("app") as HTMLElement;
	try {
		const told = own.start().then(() => Promise.all([practice.load(language), session.start(language)]));
		await Promise.all([spoken.then(() => need()), told]);
	} catch {
		// The server does not answer: the page says so itself.
		await spoken.catch(() => {});
		router.lost();
		target.replaceChildren();
		mount(App, { target });
		return;
	}
	const gate: Parameters<typeof router.start>[2] = (route, path) =>
		decide(route, path, session.me, practice.now?.set_up ?? false);
	// With what a member needs around the page, so that nothing moves when it comes.
	await Promise.all([router.start(routes, notFound, gate), session.me && import("./session/member.js")]);
	// The server may have put the posted policy there, for who comes without scripts.
	target.replaceChildren();
	mount(App, { target });
	// What is said only when somebody does something, and what they did not come for.
	void whole().catch(() => {});
	void update.start();
	if (!letters) setTimeout(faces, SLOW);
}

void start();
