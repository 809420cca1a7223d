import type { Route } from "../page/router.svelte.js";

export const routes: Route[] = [
	{ path: "/setup", access: "anyone", nouns: ["setup"], load: () => import("./Setup.svelte"), alone: true },
];
