import type { Route } from "../page/router.svelte.js";

export const routes: Route[] = [
	{ path: "/cases", access: "member", nouns: ["cases"], load: () => import("./Cases.svelte") },
	{ path: "/manage/cases", access: "policies", nouns: ["cases"], load: () => import("./ManageCases.svelte") },
	{ path: "/manage/cases/questions", access: "works", nouns: ["cases"], load: () => import("./Questions.svelte") },
	{
		path: "/policies/kit",
		access: "anyone",
		nouns: ["cases", "posted", "policy"],
		load: () => import("../posted/Kit.svelte"),
	},
];
