// How a difference between two texts is shown: what stayed is folded where it is long. Pure.

export interface DiffPart {
	op: "equal" | "insert" | "delete";
	text: string;
}

/** A piece to show; `folded` are words in its midst that did not change, between `text` and `rest`. */
export interface DiffPiece extends DiffPart {
	folded?: string;
	rest?: string;
}

const KEEP = 160;
const LEAST = 120;

/** Folds the midst of long equal parts, at the ends of lines or words. */
export function fold(parts: DiffPart[]): DiffPiece[] {
	return parts.map((part, i) => {
		if (part.op !== "equal") return part;
		const head = i === 0 ? 0 : KEEP;
		const tail = i === parts.length - 1 ? 0 : KEEP;
		if (part.text.length < head + tail + LEAST) return part;
		const from = head && after(part.text, head);
		const to = tail ? before(part.text, part.text.length - tail) : part.text.length;
		if (to - from < LEAST) return part;
		return {
			op: "equal",
			text: part.text.slice(0, from),
			folded: part.text.slice(from, to),
			rest: part.text.slice(to),
		};
	});
}

function after(text: string, at: number) {
	const found = text.slice(at).search(/\s/);
	return found < 0 ? text.length : at + found;
}
function before(text: string, at: number) {
	const found = text.slice(0, at).search(/\s\S*$/);
	return found < 0 ? 0 : found + 1;
}

export const changed = (parts: DiffPart[]) => parts.some(({ op }) => op !== "equal");

/** How many words came and went. */
export function counts(parts: DiffPart[]) {
	const words = (op: DiffPart["op"]) =>
		parts
			.filter((part) => part.op === op)
			.reduce((sum, { text }) => sum + (text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0), 0);
	return { added: words("insert"), removed: words("delete") };
}
