// What the formatting buttons do to a text: Markdown put around or before the words that are selected, and taken away again
// by pressing once more. Pure: each gives the change to make, so that the text area can make it and undo it.

export type Mark = "bold" | "italic" | "heading" | "quote" | "list" | "task" | "link";

/** Puts `insert` in place of from…to, and then selects start…end. */
export interface Edit {
	from: number;
	to: number;
	insert: string;
	start: number;
	end: number;
}

interface Chosen {
	text: string;
	start: number;
	end: number;
}

const AROUND: Partial<Record<Mark, string>> = { bold: "**", italic: "*" };
const BEFORE: Partial<Record<Mark, string>> = { heading: "## ", quote: "> ", list: "- ", task: "- [ ] " };
/** What a line may begin with that another mark takes the place of. */
const BULLET = /^(\s*)(?:[-*+] (?:\[[ xX]\] )?|\d{1,9}[.)] )?/;
const HEADING = /^#{1,6} /;
/** What pressing a button once more takes away. */
const OFF: Partial<Record<Mark, RegExp>> = {
	heading: /^## /,
	quote: /^> ?/,
	list: /^- (?!\[[ xX]\] )/,
	task: /^- \[[ xX]\] /,
};
/** A line's marks, its words, and the space behind them. */
const LINE = /^(\s*(?:[-*+] (?:\[[ xX]\] )?|\d{1,9}[.)] |> |#{1,6} )?)(.*?)(\s*)$/;

/** The change that a button makes; `sample` stands where nothing is selected. */
export function format(mark: Mark, chosen: Chosen, sample: string): Edit {
	const around = AROUND[mark];
	if (around) return wrap(around, chosen, sample);
	if (mark === "link") return link(chosen, sample);
	return prefix(mark, chosen);
}

function wrap(mark: string, { text, start, end }: Chosen, sample: string): Edit {
	const picked = text.slice(start, end);
	const words = picked.trim();
	const from = start + (picked.length - picked.trimStart().length);
	const to = from + words.length;
	if (!words) {
		return { from: start, to: start, insert: mark + sample + mark, ...select(start + mark.length, sample) };
	}
	if (marked(text, from - mark.length, mark) && marked(text, to, mark) && !longer(text, from, to, mark)) {
		return { from: from - mark.length, to: to + mark.length, insert: words, ...select(from - mark.length, words) };
	}
	// Emphasis ends at an empty line: each line gets its own.
	const insert = words
		.split("\n")
		.map((line) => (line.trim() ? line.replace(LINE, `$1${mark}$2${mark}$3`) : line))
		.join("\n");
	const inner = words.includes("\n") ? select(from, insert) : select(from + mark.length, words);
	return { from, to, insert, ...inner };
}

const select = (start: number, words: string) => ({ start, end: start + words.length });
const marked = (text: string, at: number, mark: string) => at >= 0 && text.startsWith(mark, at);
/** One star inside two is bold, not italic. */
const longer = (text: string, from: number, to: number, mark: string) =>
	mark === "*" && text[from - 2] === "*" && text[from - 3] !== "*" && text[to + 1] === "*" && text[to + 2] !== "*";

function link({ text, start, end }: Chosen, sample: string): Edit {
	const picked = text.slice(start, end).trim();
	if (/^(?:https?:\/\/|mailto:)\S+$/i.test(picked)) {
		return { from: start, to: end, insert: `[${sample}](${picked})`, ...select(start + 1, sample) };
	}
	const words = picked || sample;
	const insert = `[${words}](https://)`;
	const address = select(start + words.length + 3, "https://");
	return { from: start, to: end, insert, ...(picked ? address : select(start + 1, words)) };
}

function prefix(mark: Mark, { text, start, end }: Chosen): Edit {
	const before = BEFORE[mark] as string;
	const from = text.lastIndexOf("\n", start - 1) + 1;
	const after = text.indexOf("\n", Math.max(end, start));
	const to = after === -1 ? text.length : after;
	const lines = text.slice(from, to).split("\n");
	const mine = OFF[mark] as RegExp;
	const off = lines.every((line) => !line.trim() || mine.test(line)) && lines.some((line) => line.trim());
	const insert = lines
		.map((line) => (off ? line.replace(mine, "") : put(mark, before, line, lines.length > 1)))
		.join("\n");
	if (start !== end) return { from, to, insert, ...select(from, insert) };
	const at = Math.max(from, start + insert.length - (to - from));
	return { from, to, insert, start: at, end: at };
}

function put(mark: Mark, before: string, line: string, several: boolean): string {
	if (several && !line.trim() && mark !== "quote") return line;
	if (mark === "heading") return before + line.replace(HEADING, "");
	if (mark === "quote") return (before + line).trimEnd() + (line.trim() ? "" : " ");
	return line.replace(BULLET, `$1${before}`);
}

/** What Enter does at the end of a list's or quote's line: begins the next one, or ends the list where nothing was written. */
export function nextLine(text: string, at: number): Edit | undefined {
	const from = text.lastIndexOf("\n", at - 1) + 1;
	const found = /^(\s*)((?:[-*+] (?:\[[ xX]\] )?)|(?:(\d{1,9})([.)]) )|> )/.exec(text.slice(from, at));
	if (!found) return undefined;
	const [whole, space = "", mark = "", number, dot] = found;
	const rest = text.indexOf("\n", at);
	if (text.slice(from + whole.length, rest === -1 ? text.length : rest).trim() === "") {
		// The empty line keeps what follows from belonging to the last item.
		return { from, to: at, insert: "\n", start: from + 1, end: from + 1 };
	}
	const again = number ? `${Number(number) + 1}${dot} ` : mark.replace(/\[[xX]\]/, "[ ]");
	const insert = `\n${space}${again}`;
	return { from: at, to: at, insert, start: at + insert.length, end: at + insert.length };
}
