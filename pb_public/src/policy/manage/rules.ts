// What differs beside the words, told of more than one language. Pure.

import type { RulesDiff } from "../policy.js";

/** All of it, or for a language after the first one only what it has words of its own for. */
export function ownChanges(rules: RulesDiff | null, own: boolean): RulesDiff | null {
	if (!rules || !own) return rules;
	const checks = rules.checks
		.map((check) => ({ ...check, fields: check.fields.filter((field) => field.own) }))
		.filter(({ fields }) => fields.length > 0);
	return { checks, strip: rules.strip, asked: [] };
}
