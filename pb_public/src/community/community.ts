// A community as /api/clinic gives it to one viewer.

import { isAdmin } from "../page/gate.js";
import type { Me, Person } from "../page/types.js";

export const KINDS = ["condition", "practice", "programme", "substance_use", "provider_room", "staff_room"] as const;
export type CommunityKind = (typeof KINDS)[number];

export interface Community {
	id: string;
	name: string;
	kind: CommunityKind;
	status: "open" | "archived";
	/** The source of about_html; in the answer for one community only. */
	about?: string;
	about_html: string;
	lead_names: Person[];
	member: boolean;
	lead: boolean;
	can_post: boolean;
	read_only_because?: string;
	posts: number;
	last_post: string;
	/** Who of the practice is in it, and, of one community, their names. */
	presence?: Presence;
	present?: Person[];
	/** The outside doctors who are in it too. */
	outside?: Person[];
}

export const PRESENCES = ["staff", "moderators", "providers"] as const;
export type Presence = (typeof PRESENCES)[number];

export interface Member extends Person {
	lead: boolean;
	joined: string;
}

/** Whether a member may change a community and who is in it; the server asks again. */
export const runs = (community: Pick<Community, "lead">, me: Me | null) =>
	community.lead || (me !== null && isAdmin(me));

/** A lead's name in a sentence. A title before a name, such as "Dr.", belongs to it; a profession behind it does not. */
export const nameOf = ({ title, name }: Person) => (title.endsWith(".") ? `${title} ${name}` : name);
