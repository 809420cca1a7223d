import type { Route } from "../page/router.svelte.js";

export const routes: Route[] = [
	{
		path: "/join",
		access: "anyone",
		nouns: ["invitation", "policy"],
		load: () => import("./Join.svelte"),
		alone: true,
	},
];
