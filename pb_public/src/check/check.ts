// What the practice's checks find in what somebody writes, as /api/clinic tells it.

export type Action = "say" | "ask" | "hold" | "stop" | "call";

export interface Finding {
	id: string;
	check: string;
	detector: string;
	detector_version: number;
	clause: string;
	policy: string;
	policy_title: string;
	action: Action;
	/** Start and end count code points of it. */
	field: "title" | "body" | "choices" | "files" | "alt" | "transcript" | "captions";
	/** Where a file says it: which, and what it is called. */
	file?: string;
	file_name?: string;
	start: number;
	end: number;
	say: string;
}

/** What was looked at, by the fields that findings name. What a file says beside a text is not here: its name is told. */
export type Said = Partial<Record<Finding["field"], string>>;

/** The codes of a fault that brings findings and waits for what the writer decides. */
export const GATES = ["confirm_findings", "offer_callback", "stopped_by_policy"];

const MOST = 90;

/** The words that a finding concerns, on one line. Pure. */
export function wordsOf(finding: Pick<Finding, "field" | "start" | "end">, words: Said): string {
	const said = [...(words[finding.field] ?? "")].slice(finding.start, finding.end);
	const line = said.join("").replace(/\s+/g, " ").trim();
	return [...line].length > MOST ? `${[...line].slice(0, MOST).join("")} …` : line;
}

/** The names of the files in which something was found whose words are not here, each once: two may be called the same. Pure. */
export const filesIn = (findings: Finding[], words: Said) => [
	...new Set(findings.filter((one) => one.file && !wordsOf(one, words)).map(({ file_name }) => file_name ?? "")),
];

/** Findings that say the same of several words, together: a person reads each sentence once. Pure. */
export function together(findings: Finding[]): Finding[][] {
	const groups = new Map<string, Finding[]>();
	for (const one of findings) {
		const key = JSON.stringify([one.action, one.policy, one.clause, one.say]);
		groups.set(key, [...(groups.get(key) ?? []), one]);
	}
	return [...groups.values()];
}

/** Where the clause stands that a finding names. Pure. */
export const clauseAt = ({ policy, clause }: Pick<Finding, "policy" | "clause">) =>
	`/policies/${policy}#clause-${clause}`;

/** What dials a telephone number. Pure. */
export const dial = (phone: string) => `tel:${phone.replace(/[^+\d]/g, "")}`;
