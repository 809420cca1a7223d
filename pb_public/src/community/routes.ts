import type { Route } from "../page/router.svelte.js";

const nouns = ["community", "post", "check", "poll", "review", "follow", "reaction", "mention", "file"];

export const routes: Route[] = [
	{ path: "/communities/new", access: "provider", nouns, load: () => import("./NewCommunity.svelte") },
	{ path: "/communities/:id", access: "member", nouns, soon: true, load: () => import("./Community.svelte") },
	{ path: "/communities/:id/about", access: "works", nouns, load: () => import("./EditCommunity.svelte") },
	{ path: "/communities/:id/members", access: "works", nouns, load: () => import("./Members.svelte") },
];
