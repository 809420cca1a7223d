import type { Right, Role } from "../page/types.js";

/** A member as GET /members says it to who works here. */
export interface Member {
	id: string;
	name: string;
	email: string;
	role: Role;
	title: string;
	rights: Right[];
	status: "active" | "suspended";
	joined: string;
	last_seen: string | null;
	/** Those that the viewer may know of. */
	communities: { id: string; name: string; lead: boolean }[];
	can: { suspend: boolean; restore: boolean; remove: boolean; rights: boolean; invite_again: boolean };
}

export const ROLES: Role[] = ["provider", "staff", "patient", "caregiver", "outside"];
export const RIGHTS: Right[] = ["admin", "policies", "moderate"];
export const STATUSES: Member["status"][] = ["active", "suspended"];

/** What a provider or an admin does to a member's standing. */
export type Standing = "suspend" | "restore" | "remove";
