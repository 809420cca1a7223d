import type { Route } from "../page/router.svelte.js";

const one = () => import("./Policy.svelte");

export const routes: Route[] = [
	{ path: "/policies", access: "anyone", nouns: ["policy"], load: () => import("./Policies.svelte") },
	{ path: "/policies/:slug", access: "anyone", nouns: ["policy"], load: one },
	{ path: "/policies/:slug/versions/:number", access: "anyone", nouns: ["policy"], load: one },
	{
		path: "/acknowledge",
		access: "signed-in",
		nouns: ["policy"],
		load: () => import("./Acknowledge.svelte"),
		alone: true,
	},
];
