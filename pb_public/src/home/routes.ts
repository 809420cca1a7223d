import type { Route } from "../page/router.svelte.js";

export const routes: Route[] = [
	{ path: "/", access: "member", nouns: ["home", "community"], load: () => import("./Home.svelte") },
];
