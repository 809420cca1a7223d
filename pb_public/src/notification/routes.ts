import type { Route } from "../page/router.svelte.js";

export const routes: Route[] = [
	{
		path: "/notifications",
		access: "member",
		nouns: ["notification", "post"],
		load: () => import("./Notifications.svelte"),
	},
	{ path: "/notifications/:id", access: "member", nouns: ["notification"], load: () => import("./Lead.svelte") },
	{
		path: "/settings/notifications",
		access: "signed-in",
		nouns: ["notification", "settings"],
		load: () => import("./Choices.svelte"),
	},
	{
		path: "/unsubscribe",
		access: "anyone",
		nouns: ["notification"],
		load: () => import("./Stop.svelte"),
		alone: true,
	},
];
