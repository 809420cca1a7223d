import type { Route } from "../page/router.svelte.js";

export const routes: Route[] = [
	{ path: "/settings/follows", access: "member", nouns: ["follow", "post"], load: () => import("./Lists.svelte") },
];
