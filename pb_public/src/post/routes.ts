import type { Route } from "../page/router.svelte.js";

export const routes: Route[] = [
	{
		path: "/posts/:id",
		access: "member",
		nouns: ["post", "community", "moderation", "check", "poll", "review", "follow", "reaction", "mention", "file"],
		load: () => import("./Thread.svelte"),
	},
];
