import type { Route } from "./router.svelte.js";

/** Every page of the house: each noun lists its own in src/<noun>/routes.ts. */
export const routes: Route[] = [
	{ path: "/not-allowed", access: "signed-in", nouns: [], load: () => import("./NotAllowed.svelte") },
	...Object.values(
		import.meta.glob<Route[]>(["../*/routes.ts", "!./routes.ts"], { eager: true, import: "routes" }),
	).flat(),
];

export const notFound: Route = { path: "*", access: "anyone", nouns: [], load: () => import("./NotFound.svelte") };
