// The editor's place in our own page.

import { router } from "../../page/router.svelte.js";
import { addressOf, type Desk } from "./desk.js";

const HOME = "/manage/policies";

export const ownDesk: Desk = {
	operator: false,
	href: (...parts) => addressOf(HOME, parts),
	go: (address) => void router.go(address),
	guard: router.guard,
};
