// The editor's place in our own page.

import { router } from "../../page/router.svelte.js";
import type { Desk } from "./desk.js";

const HOME = "/manage/policies";

export const ownDesk: Desk = {
	operator: false,
	href: (slug, part) => [HOME, slug && encodeURIComponent(slug), part].filter(Boolean).join("/"),
	go: (address) => void router.go(address),
	guard: router.guard,
};
