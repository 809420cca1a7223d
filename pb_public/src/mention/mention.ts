// Mentions in a text that is being written: what is typed after an @, and what a chosen name becomes. Pure.

import type { Edit } from "../post/formatting.js";

/** An @ at the beginning of a word, and what was typed after it so far: a name of up to three words. */
const TYPED = /(?:^|[\s([{"'“‘¿¡—–-])@((?:[\p{L}\p{N}][\p{L}\p{M}\p{N}.'’-]*(?: (?! )|$)){0,3})$/u;
const MARKS = /[\\[\]*_~]/g;

export interface Typed {
	/** Where the @ stands. */
	from: number;
	/** Where the caret is. */
	to: number;
	words: string;
}

/** What is being typed as a name before the caret, if it is one. */
export function typedName(text: string, caret: number): Typed | undefined {
	const line = text.slice(text.lastIndexOf("\n", caret - 1) + 1, caret);
	const found = TYPED.exec(line);
	if (!found) return undefined;
	const words = found[1] ?? "";
	return { from: caret - words.length - 1, to: caret, words: words.trim() };
}

/** Puts a member in place of what was typed, in the form that the server knows. */
export function mentionOf({ from, to }: Typed, person: { id: string; name: string }): Edit {
	const insert = `@[${person.name.replace(MARKS, "\\$&")}](member:${person.id}) `;
	const end = from + insert.length;
	return { from, to, insert, start: end, end };
}
