import type { Route } from "../page/router.svelte.js";

export const routes: Route[] = [
	{ path: "/files", access: "member", nouns: ["file"], load: () => import("./Mine.svelte") },
];
