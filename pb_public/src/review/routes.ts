import type { Route } from "../page/router.svelte.js";

export const routes: Route[] = [
	{ path: "/reviews", access: "provider", nouns: ["review", "community"], load: () => import("./Reviews.svelte") },
];
