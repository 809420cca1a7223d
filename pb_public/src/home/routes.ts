import type { Route } from "../page/router.svelte.js";

export const routes: Route[] = [
	{
		path: "/",
		access: "member",
		nouns: ["home", "community", "moderation"],
		soon: true,
		load: () => import("./Home.svelte"),
	},
];
