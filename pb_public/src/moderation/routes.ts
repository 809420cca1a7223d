import type { Route } from "../page/router.svelte.js";

export const routes: Route[] = [
	{ path: "/desk", access: "desk", nouns: ["moderation"], load: () => import("./Desk.svelte") },
	{ path: "/desk/:id", access: "desk", nouns: ["moderation", "file", "check"], load: () => import("./Hold.svelte") },
	{
		path: "/holds/:id",
		access: "member",
		nouns: ["moderation", "post", "check", "poll", "mention", "file"],
		load: () => import("./OwnHold.svelte"),
	},
];
