// Words for a file that others see already: what is asked about them, and what the desk decides on, is not a post.

import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import Gate from "../src/check/Gate.svelte";
import Decide from "../src/moderation/Decide.svelte";
import { ApiError } from "../src/page/api.js";
import { need, t } from "../src/page/messages.svelte.js";

let shown: Record<string, unknown> | undefined;
beforeEach(async () => {
	await need(["check", "moderation"]);
	vi.stubGlobal("fetch", async () => new Response(JSON.stringify({ items: [] })));
});
afterEach(() => {
	if (shown) void unmount(shown);
	document.body.replaceChildren();
	vi.unstubAllGlobals();
});

function gate(code: string, standing: boolean) {
	const fault = new ApiError(409, code, "The server's words of a post.", {}, { findings: [] });
	const props = { fault, words: {}, standing, busy: false, onconfirm: () => {}, onchange: () => {} };
	shown = mount(Gate, { target: document.body, props });
	flushSync();
	const text = document.body.textContent ?? "";
	void unmount(shown);
	shown = undefined;
	return text;
}

test("a gate over a file's words speaks of saving them, and over a post of posting it", () => {
	for (const [code, kind] of [
		["confirm_findings", "ask"],
		["offer_callback", "call"],
		["stopped_by_policy", "stop"],
	] as const) {
		const words = gate(code, true);
		expect(words).toContain(t(`check.standing.${kind}.title`));
		expect(words).toContain(t(`check.standing.${kind}`));
		expect(words).not.toContain("of a post");
		expect(gate(code, false)).toContain("The server's words of a post.");
	}
	expect(gate("confirm_findings", true)).not.toContain(t("check.ask.title"));
});

test("the desk is told that a file keeps the words that others read", () => {
	const hints = (kind: "post" | "file") => {
		const hold = { id: "h", kind, piece_status: "held", source: "check", clause: {}, presets: {}, seen: "", reads: "" };
		shown = mount(Decide, {
			target: document.body,
			props: { hold: hold as never, ondone: () => {}, onreload: async () => {} },
		});
		flushSync();
		const said = [...document.querySelectorAll(".choice .small")].map((one) => one.textContent);
		void unmount(shown);
		shown = undefined;
		return said;
	};
	expect(hints("file")).toEqual(["publish", "return", "remove"].map((one) => t(`moderation.decide.file.${one}_hint`)));
	expect(hints("post")).toEqual(
		["publish", "note", "return", "remove"].map((one) => t(`moderation.decide.${one}_hint`)),
	);
});
