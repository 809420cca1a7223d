// What is added above where one reads must not move it. Browsers that anchor the scroll do so by themselves; for the others the
// page holds fast what stands at the top of the window.

import { tick } from "svelte";

const anchors = () => typeof CSS !== "undefined" && CSS.supports("overflow-anchor", "auto");

/** Makes a change and leaves what one reads where it is. */
export async function steady(change: () => void) {
	const held = anchors() || scrollY === 0 ? undefined : topmost();
	const before = held?.getBoundingClientRect().top ?? 0;
	change();
	await tick();
	if (held?.isConnected) scrollBy(0, held.getBoundingClientRect().top - before);
}

function topmost(): Element | undefined {
	return [...document.querySelectorAll("main article")].find((one) => one.getBoundingClientRect().bottom > 0);
}

/** True while a person writes on this page: nothing may move then. */
export const writing = () => document.activeElement?.matches("main textarea, main input") ?? false;
