// Light or dark: what the person chose on this device, else what the device asks for.

export type Theme = "system" | "light" | "dark";

const KEPT = "kinward.theme";
const dark = window.matchMedia("(prefers-color-scheme: dark)");

let chosen = $state<Theme>(kept());

function kept(): Theme {
	const value = localStorage.getItem(KEPT);
	return value === "light" || value === "dark" ? value : "system";
}

function show() {
	const resolved = chosen === "system" ? (dark.matches ? "dark" : "light") : chosen;
	document.documentElement.dataset.theme = resolved;
}

export const theme = {
	get chosen(): Theme {
		return chosen;
	},
	choose(next: Theme) {
		chosen = next;
		if (next === "system") localStorage.removeItem(KEPT);
		else localStorage.setItem(KEPT, next);
		show();
	},
	start() {
		dark.addEventListener("change", show);
		show();
	},
};
