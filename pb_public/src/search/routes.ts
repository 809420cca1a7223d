import type { Route } from "../page/router.svelte.js";

export const routes: Route[] = [
	{ path: "/search", access: "member", nouns: ["search", "post", "community"], load: () => import("./Search.svelte") },
];
