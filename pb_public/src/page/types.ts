// What /api/clinic answers with, as docs/api.md says.

/** What a member is to the practice; an outside doctor is one of another practice, in provider rooms only. */
export type Role = "provider" | "staff" | "patient" | "caregiver" | "outside";
export type Right = "admin" | "policies" | "moderate";
export type Language = "en" | "es";

export interface Person {
	id: string;
	name: string;
	role: Role;
	title: string;
	state: "active" | "left";
}

export interface PostedPolicy {
	slug: string;
	title: string;
	version: number;
	audience: "everyone" | "patients" | "staff";
	/** What it says while one writes, to those who work here and to patients and caregivers. */
	strip?: { staff?: string; patients?: string };
}

export interface Practice {
	name: string;
	phone: string;
	address: string;
	hours: string;
	emergency: string;
	crisis_line: string;
	accent: string;
	language: Language;
	languages: Language[];
	set_up: boolean;
	version: string;
	policies: PostedPolicy[];
}

export interface Owed {
	kind: string;
	/** A case's. */
	id?: string;
	slug: string;
	version: number;
	due: string | null;
	blocks: "all" | "write";
	/** The member said that they do not accept it. */
	refused?: boolean;
}

export interface SessionState {
	idle_seconds_left: number;
	idle_seconds: number;
	warn_seconds: number;
	expires: string;
}

export interface Me {
	id: string;
	name: string;
	email: string;
	title: string;
	language: Language;
	role: Role;
	rights: Right[];
	owes: Owed[];
	communities: { id: string; name: string; lead: boolean }[];
	session: SessionState;
}

export interface Page<T> {
	items: T[];
	next: string;
}
