// Who may open which page, and where they go instead. Pure; the server decides again on every request.

import type { Access } from "./router.svelte.js";
import type { Me } from "./types.js";

interface Asked {
	path: string;
	access: Access;
}

/** Only a path of this page: never another site, however the address was written. */
export function safePath(next: string | null): string {
	return next && /^\/(?![/\\])/.test(next) ? next : "/";
}

const withNext = (to: string, from: string) => (from === "/" ? to : `${to}?next=${encodeURIComponent(from)}`);

export const owesAll = (me: Me) => me.owes.some((owed) => owed.blocks === "all");
/** Who is here by profession, as outside doctors are too. It says what is expected of them, and never what they may see. */
export const professional = ({ role }: { role: Me["role"] }) =>
	role === "provider" || role === "staff" || role === "outside";
export const works = (me: Me) => me.role === "provider" || me.role === "staff";
/** Who may decide on what others wrote: leads, who moderates in a community, and admins. */
export const sitsAtDesk = (me: Me) =>
	me.rights.includes("admin") ||
	me.communities.some(({ lead }) => (lead && me.role === "provider") || me.rights.includes("moderate"));
/** Who answers questions about example cases: leads those of their communities, editors of policies all. */
export const answersCases = (me: Me) =>
	editsPolicies(me) || (me.role === "provider" && me.communities.some(({ lead }) => lead));
export const isAdmin = (me: Me) => me.rights.includes("admin");
export const editsPolicies = (me: Me) => me.rights.includes("policies") || isAdmin(me);

function allowed(access: Access, me: Me): boolean {
	switch (access) {
		case "works":
			return works(me);
		case "provider":
			return me.role === "provider";
		case "desk":
			return sitsAtDesk(me);
		case "admin":
			return isAdmin(me);
		case "policies":
			return editsPolicies(me);
		default:
			return true;
	}
}

/** Where to go instead of the address asked for, or undefined to let it open. */
export function decide(route: Asked | undefined, asked: string, me: Me | null, setUp: boolean): string | undefined {
	if (!setUp) return route && (route.path === "/setup" || route.path.startsWith("/policies")) ? undefined : "/setup";
	if (!route) return undefined;
	if (route.access === "anyone") {
		const next = new URL(asked, "http://page").searchParams.get("next");
		return me && route.path === "/sign-in" ? safePath(next) : undefined;
	}
	if (!me) return withNext("/sign-in", asked);
	if (route.access === "signed-in") return undefined;
	if (owesAll(me)) return withNext("/acknowledge", asked);
	return allowed(route.access, me) ? undefined : "/not-allowed";
}
