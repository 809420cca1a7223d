import type { Route } from "../page/router.svelte.js";

const one = () => import("./Policy.svelte");
const cases = () => import("./manage/CasesPage.svelte");
/** What the editor says: its own texts, the policies', the marks of the toolbar, and the kinds of communities. */
const desk = ["manage", "policy", "history", "post", "community"];
const examples = ["manage", "policy", "cases"];

export const routes: Route[] = [
	{ path: "/policies", access: "anyone", nouns: ["policy"], load: () => import("./Policies.svelte") },
	{ path: "/policies/:slug", access: "anyone", nouns: ["policy", "history"], load: one },
	{ path: "/policies/:slug/versions/:number", access: "anyone", nouns: ["policy", "history"], load: one },
	{
		path: "/policies/:slug/versions",
		access: "anyone",
		nouns: ["policy", "history"],
		load: () => import("./History.svelte"),
	},
	{
		path: "/authorization",
		access: "member",
		nouns: ["policy", "authorization"],
		load: () => import("./Authorization.svelte"),
	},
	{ path: "/manage/policies", access: "policies", nouns: desk, load: () => import("./manage/ListPage.svelte") },
	{ path: "/manage/policies/:slug", access: "policies", nouns: desk, load: () => import("./manage/EditorPage.svelte") },
	{ path: "/manage/policies/:slug/cases", access: "policies", nouns: examples, load: cases },
	{ path: "/manage/policies/:slug/cases/:example", access: "policies", nouns: examples, load: cases },
	{
		path: "/manage/policies/:slug/acknowledgements",
		access: "policies",
		nouns: desk,
		load: () => import("./manage/ReportPage.svelte"),
	},
	{
		path: "/acknowledge",
		access: "signed-in",
		nouns: ["policy", "authorization"],
		load: () => import("./Acknowledge.svelte"),
		alone: true,
	},
];
