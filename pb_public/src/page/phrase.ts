// One entry of the catalogue (go-i18n's format) and how its text is made. Pure, so that the tests of both languages need
// no page.

export type Params = Record<string, string | number>;
/** A text, or one for each plural of the language; "other" is always there. */
export type Entry = string | ({ other: string } & Partial<Record<Intl.LDMLPluralRule, string>>);

const rules = new Map<string, Intl.PluralRules>();

function plural(language: string, count: number): Intl.LDMLPluralRule {
	let rule = rules.get(language);
	if (!rule) {
		rule = new Intl.PluralRules(language);
		rules.set(language, rule);
	}
	return rule.select(count);
}

/** Hebrew, Arabic, and the other letters that are read from the right. */
const FROM_THE_RIGHT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** A name that is read from the right stands by itself in the sentence: the numbers and signs after it would else go to its other side
    (Unicode's bidirectional algorithm, UAX #9, section 2.4: FSI and PDI). */
const isolated = (value: string) => (FROM_THE_RIGHT.test(value) ? `\u2068${value}\u2069` : value);

/** The text of an entry with its {{.parameters}} filled in. Numbers are written as the language writes them. */
export function fill(entry: Entry, language: string, params: Params = {}): string {
	const text = typeof entry === "string" ? entry : (entry[plural(language, Number(params.count ?? 0))] ?? entry.other);
	return text.replace(/\{\{\s*\.(\w+)\s*\}\}/g, (_, name: string) => {
		const value = params[name];
		return typeof value === "number" ? value.toLocaleString(language) : isolated(value ?? "");
	});
}
