// CodeMirror, which comes only when a policy is edited. It stands in a shadow root: there it adopts style sheets, which the
// page's content security policy allows, where in the page itself it would add a style element, which it does not.
//
// Tab is left alone, so that it leads out of the text as everywhere.

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { defineLanguageFacet, HighlightStyle, Language, syntaxHighlighting } from "@codemirror/language";
import { Compartment, EditorState } from "@codemirror/state";
import { Decoration, EditorView, keymap, MatchDecorator, ViewPlugin } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { parser, Table } from "@lezer/markdown";
import { format, type Mark } from "../../post/formatting.js";

export interface Words {
	label: string;
	/** What a screen reader says after the label. */
	hint: string;
	language: string;
	/** Stands where nothing is selected and a mark is pressed. */
	sample: string;
}

export interface Source {
	text(value: string): void;
	words(words: Words): void;
	press(mark: Mark): void;
	/** Puts words where the cursor stands; on lines of their own if asked. */
	insert(words: string, alone?: boolean): void;
	/** Selects what is found, from the first line on; false where it is not there. */
	find(words: string): boolean;
	focus(): void;
	close(): void;
}

const markdown = new Language(defineLanguageFacet(), parser.configure([Table]), [], "markdown");

const colours = HighlightStyle.define([
	{ tag: tags.heading, fontWeight: "700", color: "var(--accent)" },
	{ tag: tags.strong, fontWeight: "700" },
	{ tag: tags.emphasis, fontStyle: "italic" },
	{ tag: tags.link, color: "var(--accent)" },
	{ tag: tags.url, color: "var(--accent)" },
	{ tag: tags.quote, color: "var(--ink-soft)" },
	{ tag: tags.processingInstruction, color: "var(--ink-soft)" },
	{ tag: tags.monospace, fontFamily: "var(--font-code)" },
]);

const look = EditorView.theme({
	"&": { color: "var(--ink)", backgroundColor: "transparent", fontSize: "0.95em" },
	"&.cm-focused": {
		outline: "3px solid var(--accent)",
		outlineOffset: "-1px",
		borderRadius: "0 0 var(--radius) var(--radius)",
	},
	".cm-scroller": {
		fontFamily: "var(--font-text)",
		lineHeight: "1.6",
		minHeight: "18em",
		maxHeight: "70vh",
		overflow: "auto",
	},
	".cm-content": { padding: "0.8em 0", caretColor: "var(--ink)" },
	".cm-line": { padding: "0 0.9em" },
	".cm-cursor": { borderLeftColor: "var(--ink)" },
	".cm-clause": { color: "var(--care)", fontFamily: "var(--font-code)", fontSize: "0.88em" },
	".cm-fill": { color: "var(--provider)", fontFamily: "var(--font-code)", fontSize: "0.92em" },
});

/** A clause's id and a place that the practice's own words fill are made to stand out. */
const own = ViewPlugin.define(
	(view) => {
		const marks = new MatchDecorator({
			regexp: /\{#[a-z][a-z0-9-]*\}|\{\{ *[a-z_]+ *\}\}/g,
			decoration: ([found]) => Decoration.mark({ class: found.startsWith("{#") ? "cm-clause" : "cm-fill" }),
		});
		return {
			decorations: marks.createDeco(view),
			update(change) {
				this.decorations = marks.updateDeco(change, this.decorations);
			},
		};
	},
	{ decorations: (plugin) => plugin.decorations },
);

/** True where the browser lets a shadow root adopt style sheets. */
export const canStand = () => "adoptedStyleSheets" in Document.prototype;

export function open(host: HTMLElement, text: string, words: Words, onchange: (text: string) => void): Source {
	const root = host.attachShadow({ mode: "open" });
	const spoken = new Compartment();
	let sample = words.sample;
	const press = (mark: Mark) => {
		const { from, to } = view.state.selection.main;
		const edit = format(mark, { text: view.state.doc.toString(), start: from, end: to }, sample);
		view.dispatch({
			changes: { from: edit.from, to: edit.to, insert: edit.insert },
			selection: { anchor: edit.start, head: edit.end },
			userEvent: "input",
		});
		view.focus();
		return true;
	};
	const view = new EditorView({
		parent: root,
		root,
		state: EditorState.create({
			doc: text,
			extensions: [
				history(),
				markdown,
				syntaxHighlighting(colours),
				own,
				look,
				EditorView.lineWrapping,
				spoken.of(attributes(words)),
				keymap.of([
					{ key: "Mod-b", run: () => press("bold") },
					{ key: "Mod-i", run: () => press("italic") },
					{ key: "Mod-k", run: () => press("link") },
					...defaultKeymap,
					...historyKeymap,
				]),
				EditorView.updateListener.of((update) => {
					if (update.docChanged) onchange(update.state.doc.toString());
				}),
			],
		}),
	});
	return {
		text(value) {
			if (value === view.state.doc.toString()) return;
			view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value } });
		},
		words(next) {
			sample = next.sample;
			view.dispatch({ effects: spoken.reconfigure(attributes(next)) });
		},
		press,
		insert(piece, alone = false) {
			const { to } = view.state.selection.main;
			const at = alone ? view.state.doc.lineAt(to).to : to;
			const insert = alone ? `${at ? "\n\n" : ""}${piece}\n` : piece;
			view.dispatch({
				changes: { from: at, insert },
				selection: { anchor: at + insert.length },
				scrollIntoView: true,
				userEvent: "input",
			});
			view.focus();
		},
		find(piece) {
			const at = view.state.doc.toString().indexOf(piece);
			if (at < 0) return false;
			const selection = { anchor: at, head: at + piece.length };
			view.dispatch({ selection, effects: EditorView.scrollIntoView(at, { y: "center" }) });
			view.focus();
			return true;
		},
		focus: () => view.focus(),
		close: () => view.destroy(),
	};
}

const attributes = ({ label, hint, language }: Words) =>
	EditorView.contentAttributes.of({
		"aria-label": label,
		"aria-description": hint,
		lang: language,
		tabindex: "0",
		spellcheck: "true",
		autocorrect: "on",
		autocapitalize: "sentences",
	});
