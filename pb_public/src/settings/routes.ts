import type { Route } from "../page/router.svelte.js";

export const routes: Route[] = [
	{ path: "/settings", access: "signed-in", nouns: ["settings"], load: () => import("./Settings.svelte") },
	{ path: "/settings/practice", access: "admin", nouns: ["settings"], load: () => import("./PracticeSettings.svelte") },
];
