import type { Language } from "../page/types.js";

/** What an admin can set, as GET /practice/settings says it. */
export interface PracticeSettings {
	name: string;
	mail_name: string;
	phone: string;
	address: string;
	hours: string;
	emergency: string;
	/** In the language that is not the practice's; empty: what is said in its own is shown in both. */
	hours_other: string;
	emergency_other: string;
	crisis_line: string;
	language: Language;
	/** #rrggbb, or empty for Kinward's own. */
	accent: string;
	idle_staff: number;
	idle_patient: number;
	/** What links in letters begin with. */
	url: string;
	url_from: "start" | "settings" | "server";
	/** With its password masked; empty where there is none. */
	relay: string;
	relay_from: "environment" | "settings" | "none";
	relay_advice: string;
	/** Members may have push messages. */
	push: boolean;
}

type Spoken = Pick<PracticeSettings, "hours" | "emergency" | "hours_other" | "emergency_other">;

/** What is said in two languages when the other becomes the practice's own, as the server turns it: each text stays with the language that it
    was written in, and one without a counterpart is shown in both. Pure. */
export function turned({ hours, emergency, hours_other, emergency_other }: Spoken): Spoken {
	return {
		hours: hours_other.trim() ? hours_other : hours,
		hours_other: hours_other.trim() ? hours : hours_other,
		emergency: emergency_other.trim() ? emergency_other : emergency,
		emergency_other: emergency_other.trim() ? emergency : emergency_other,
	};
}

export interface RelayParts {
	host: string;
	port: string;
	tls: "starttls" | "implicit" | "none";
	user: string;
	password: string;
}

/** The relay as the server takes it. Signs that mean something in a URL are written so that they do not. Pure. */
export function relayUrl({ host, port, tls, user, password }: RelayParts): string {
	const who = user ? `${encodeURIComponent(user)}${password ? `:${encodeURIComponent(password)}` : ""}@` : "";
	const where = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
	return `smtp://${who}${where}${port ? `:${port}` : ""}?tls=${tls}`;
}
