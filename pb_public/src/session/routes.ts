import type { Route } from "../page/router.svelte.js";

export const routes: Route[] = [
	{ path: "/sign-in", access: "anyone", nouns: ["session"], load: () => import("./SignIn.svelte"), alone: true },
	{ path: "/signed-out", access: "anyone", nouns: ["session"], load: () => import("./SignedOut.svelte"), alone: true },
	{ path: "/forgotten", access: "anyone", nouns: ["session"], load: () => import("./Forgotten.svelte"), alone: true },
	{ path: "/reset", access: "anyone", nouns: ["session"], load: () => import("./Reset.svelte"), alone: true },
	{ path: "/confirm", access: "anyone", nouns: ["session"], load: () => import("./Confirm.svelte"), alone: true },
];
