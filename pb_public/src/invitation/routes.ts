import type { Route } from "../page/router.svelte.js";

const nouns = ["invitations"];

export const routes: Route[] = [
	{
		path: "/join",
		access: "anyone",
		nouns: ["invitation", "policy"],
		load: () => import("./Join.svelte"),
		alone: true,
	},
	{ path: "/invitations", access: "works", nouns, load: () => import("./Invitations.svelte") },
	{ path: "/invitations/new", access: "works", nouns, load: () => import("./Invite.svelte") },
	{ path: "/invitations/import", access: "works", nouns, load: () => import("./Import.svelte") },
	{ path: "/invitations/:id/letter", access: "works", nouns, load: () => import("./Letter.svelte") },
];
