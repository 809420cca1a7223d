import { expect, test } from "vitest";
import { type Edit, format, type Mark, nextLine } from "../src/post/formatting.js";

/** A text with its selection between [ and ], or the caret at |. */
function read(drawn: string) {
	const caret = drawn.indexOf("|");
	if (caret >= 0) return { text: drawn.replace("|", ""), start: caret, end: caret };
	const start = drawn.indexOf("«");
	return { text: drawn.replace(/[«»]/g, ""), start, end: drawn.indexOf("»") - 1 };
}
function drawn(text: string, edit: Edit) {
	const whole = text.slice(0, edit.from) + edit.insert + text.slice(edit.to);
	const [a, b, c] = [whole.slice(0, edit.start), whole.slice(edit.start, edit.end), whole.slice(edit.end)];
	return edit.start === edit.end ? `${a}|${c}` : `${a}«${b}»${c}`;
}
const press = (mark: Mark, before: string) => {
	const chosen = read(before);
	return drawn(chosen.text, format(mark, chosen, "words"));
};

test.each<[Mark, string, string]>([
	["bold", "a «b c» d", "a **«b c»** d"],
	["bold", "a **«b c»** d", "a «b c» d"],
	["bold", "a « b » c", "a  **«b»**  c"],
	["bold", "say |", "say **«words»**"],
	["bold", "«one\n\ntwo»", "«**one**\n\n**two**»"],
	["bold", "«- one\n- [ ] two»", "«- **one**\n- [ ] **two**»"],
	["italic", "«b»", "*«b»*"],
	["italic", "*«b»*", "«b»"],
	["italic", "**«b»**", "***«b»***"],
	["italic", "***«b»***", "**«b»**"],
	["heading", "a\nti|tle\nb", "a\n## ti|tle\nb"],
	["heading", "## ti|tle", "ti|tle"],
	["heading", "# ti|tle", "## ti|tle"],
	["list", "«one\ntwo»", "«- one\n- two»"],
	["list", "«- one\n- two»", "«one\ntwo»"],
	["list", "«one\n\ntwo»", "«- one\n\n- two»"],
	["list", "|", "- |"],
	["task", "«- one\n- two»", "«- [ ] one\n- [ ] two»"],
	["task", "1. on|e", "- [ ] on|e"],
	["list", "- [x] on|e", "- on|e"],
	["task", "- [x] on|e", "on|e"],
	["quote", "«one\n\ntwo»", "«> one\n> \n> two»"],
	["quote", "«> one\n> two»", "«one\ntwo»"],
	["link", "see «our page» here", "see [our page](«https://») here"],
	["link", "see «https://a.example/x» here", "see [«words»](https://a.example/x) here"],
	["link", "see |", "see [«words»](https://)"],
])("%s makes %j into %j", (mark, before, after) => {
	expect(press(mark, before)).toBe(after);
});

test("a mark that is taken away again leaves the text as it was", () => {
	for (const mark of ["bold", "italic", "quote", "list", "task"] as Mark[]) {
		const chosen = { text: "first line\nsecond line", start: 0, end: 10 };
		const once = format(mark, chosen, "words");
		const text = chosen.text.slice(0, once.from) + once.insert + chosen.text.slice(once.to);
		const twice = format(mark, { text, start: once.start, end: once.end }, "words");
		expect(text.slice(0, twice.from) + twice.insert + text.slice(twice.to), mark).toBe(chosen.text);
	}
});

test.each([
	["- one|", "- one\n- |"],
	["  * one|", "  * one\n  * |"],
	["- [x] done|", "- [x] done\n- [ ] |"],
	["9. nine|", "9. nine\n10. |"],
	["> said|", "> said\n> |"],
	["- one\n- |", "- one\n\n|"],
	["- on|e", "- on\n- |e"],
])("Enter goes on with the list: %j", (before, after) => {
	const { text, start } = read(before);
	const edit = nextLine(text, start);
	expect(edit && drawn(text, edit)).toBe(after);
});

test("Enter elsewhere is left to the text area", () => {
	for (const before of ["plain|", "-no list|", "|- at the head"]) {
		const { text, start } = read(before);
		expect(nextLine(text, start)).toBeUndefined();
	}
});
