/** What an admin can set, as GET /practice/settings says it. */
export interface PracticeSettings {
	name: string;
	mail_name: string;
	phone: string;
	address: string;
	hours: string;
	emergency: string;
	crisis_line: string;
	language: string;
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
