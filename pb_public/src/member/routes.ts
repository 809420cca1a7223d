import type { Route } from "../page/router.svelte.js";

export const routes: Route[] = [
	{ path: "/people", access: "works", nouns: ["people"], load: () => import("./People.svelte") },
	{ path: "/people/:id", access: "works", nouns: ["people", "manage"], load: () => import("./PersonPage.svelte") },
];
