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
import { firstLanguage, need, speak } from "./page/messages.svelte.js";
import { practice } from "./page/practice.svelte.js";
import { router } from "./page/router.svelte.js";
import { notFound, routes } from "./page/routes.js";
import { session } from "./page/session.svelte.js";
import { theme } from "./page/theme.svelte.js";
import { startServiceWorker } from "./page/trusted.js";

async function start() {
	theme.start();
	await speak(firstLanguage());
	await need();
	const target = document.getElementById("app") as HTMLElement;
	try {
		await Promise.all([practice.load(), session.start()]);
	} catch {
		// The server does not answer: the page says so itself.
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
	void startServiceWorker();
}

void start();
