// The editor of policies for PocketBase's dashboard: the same as in our own page, in a shadow root, so that neither's styles
// reach the other. It speaks with the token of the operator who is signed in there.

import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/forms.css";
import "../styles/switch.css";
import "../styles/prose.css";
import "./dashboard.css";
import { mount, unmount } from "svelte";
import { authorize } from "../page/api.js";
import { here } from "../page/here.js";
import { firstLanguage, need, speak, speakIn } from "../page/messages.svelte.js";
import { addressOf, type Desk } from "../policy/manage/desk.js";
import Dashboard from "./Dashboard.svelte";

export interface Opened {
	/** The address of our style sheet. */
	styles: string;
	/** A policy's slug; empty for the list. */
	slug: string;
	part: "list" | "editor" | "cases" | "acknowledgements";
	/** One of the policy's example cases, NEW for one to write; empty for their list. */
	example: string;
	/** The operator's token as it is now; empty once they have signed out. */
	token(): string;
	/** The server no longer takes the token. */
	refused(): void;
	dark(): boolean;
}

const HOME = "#/policies";
let operator = "";

/** Shows the page in a host element, and returns how to take it away. */
export function show(host: HTMLElement, opened: Opened): () => void {
	const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
	const house = document.createElement("div");
	house.className = "house";
	const sheet = document.createElement("link");
	sheet.rel = "stylesheet";
	sheet.href = opened.styles;
	root.replaceChildren(sheet, house);
	const wear = () => {
		house.dataset.theme = opened.dark() ? "dark" : "light";
	};
	// The dashboard marks its own root with the scheme in use.
	const watching = new MutationObserver(wear);
	watching.observe(document.documentElement, { attributes: true, attributeFilter: ["data-color-scheme"] });
	wear();
	speakIn(house);
	authorize(opened.token);
	sameOperator(opened.token());

	let ask: () => string | undefined = () => undefined;
	const stay = (event: BeforeUnloadEvent) => {
		if (ask()) event.preventDefault();
	};
	addEventListener("beforeunload", stay);
	const desk: Desk = {
		operator: true,
		href: (...parts) => addressOf(HOME, parts),
		go: (address) => {
			location.hash = address;
		},
		target: "_blank",
		guard: (words) => {
			ask = words;
		},
	};
	let shown: ReturnType<typeof mount> | undefined;
	let gone = false;
	const { slug, part, example, refused } = opened;
	void ready(sheet).then(() => {
		if (!gone) shown = mount(Dashboard, { target: house, props: { desk, slug, part, example, refused } });
	});
	return () => {
		gone = true;
		removeEventListener("beforeunload", stay);
		watching.disconnect();
		if (shown) void unmount(shown);
	};
}

/** With its texts and its styles, so that nothing is seen half made. */
async function ready(sheet: HTMLLinkElement) {
	const styled = new Promise((resolve) => {
		sheet.onload = sheet.onerror = resolve;
	});
	await speak(firstLanguage());
	await Promise.all([need(["manage", "policy", "history", "post", "community", "cases"]), styled]);
}

/** What one operator could not save is not shown to another. */
function sameOperator(token: string) {
	const id = token
		? String(JSON.parse(atob((token.split(".")[1] ?? "").replace(/-/g, "+").replace(/_/g, "/"))).id)
		: "";
	if (operator && operator !== id) here.forget();
	operator = id;
}
