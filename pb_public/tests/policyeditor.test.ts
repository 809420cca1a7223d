// What the editor of policies reckons with by itself: the wire, two drafts that part, and a difference made short.

import { expect, test } from "vitest";
import { changed, counts, fold } from "../src/policy/diff.js";
import { merge, part, pieces, settle } from "../src/policy/manage/conflict.js";
import { ownChanges } from "../src/policy/manage/rules.js";
import { slugOf } from "../src/policy/manage/slug.js";
import { readWork, writeWork } from "../src/policy/manage/wire.js";

const wire = {
	texts: {
		en: { title: "Rules", summary: "Short", source: "1. Be kind. {#be-kind}\n" },
		es: { title: "Normas", source: "1. Sea amable. {#be-kind}\n" },
	},
	checks: {
		en: [
			{
				clause: "be-kind",
				detector: "word",
				whose: ["patient" as const],
				action: "ask" as const,
				say: "Really?",
				words: ["hate"],
			},
		],
		es: [
			{
				clause: "be-kind",
				detector: "word",
				whose: ["patient" as const],
				action: "ask" as const,
				say: "¿De veras?",
				words: ["odio"],
			},
		],
	},
	strip: { en: { staff: "Speak generally." }, es: {} },
};

test("what comes over the wire goes back as it came", () => {
	const work = readWork(wire, true);
	expect(work.checks).toHaveLength(1);
	expect(work.checks[0]?.say).toEqual({ en: "Really?", es: "¿De veras?" });
	const back = writeWork(work);
	expect(back.checks).toEqual(wire.checks);
	expect(back.strip).toEqual(wire.strip);
	expect(back.texts.en).toEqual({ title: "Rules", summary: "Short", body: "1. Be kind. {#be-kind}\n" });
	expect(back.yearly).toBe(true);
});

test("a language without words stays away, with its checks", () => {
	const work = readWork({ texts: { en: { title: "Rules", body: "Words." } }, checks: wire.checks });
	const back = writeWork(work);
	expect(Object.keys(back.texts)).toEqual(["en"]);
	expect(Object.keys(back.checks)).toEqual(["en"]);
});

test("two drafts part where their lines differ, and both can be kept once", () => {
	const [mine, theirs] = ["one\ntwo\nmine\nend", "one\ntwo\ntheirs\nend"];
	expect(part(mine, theirs)).toEqual({ before: "one\ntwo", mine: "mine", theirs: "theirs", after: "end" });
	expect(merge(mine, theirs, "---")).toBe("one\ntwo\nmine\n\n---\n\ntheirs\nend");
	expect(part("a", "a\nb")).toEqual({ before: "a", mine: "", theirs: "b", after: "" });
});

test("whatever is chosen, nothing that was written is lost", () => {
	const [mine, theirs] = [readWork(wire), readWork(wire)];
	mine.texts.en.title = "Mine";
	theirs.texts.en.title = "Theirs";
	mine.texts.es.body = "mío";
	theirs.texts.es.body = "suyo";
	theirs.yearly = true;
	expect(pieces(mine, theirs).map(({ key }) => key)).toEqual(["en-title", "es-body", "yearly"]);
	const { chosen, left } = settle(mine, theirs, { "en-title": "theirs", "es-body": "both", yearly: "theirs" }, "---");
	expect([chosen.texts.en.title, left.en.title]).toEqual(["Theirs", "Mine"]);
	expect(chosen.texts.es.body).toBe("mío\n\n---\n\nsuyo");
	expect(chosen.yearly).toBe(true);
	expect(settle(mine, theirs, {}, "---").left.en.title).toBe("Theirs");
});

test("a long stretch that stayed is folded, and every letter is still there", () => {
	const same = "word ".repeat(400);
	const parts = [
		{ op: "delete" as const, text: "old " },
		{ op: "equal" as const, text: same },
		{ op: "insert" as const, text: "brand new" },
	];
	const pieces = fold(parts);
	expect(pieces[1]?.folded?.length).toBeGreaterThan(1000);
	expect(pieces.map(({ text, folded = "", rest = "" }) => text + folded + rest).join("")).toBe(`old ${same}brand new`);
	expect(changed(parts)).toBe(true);
	expect(counts(parts)).toEqual({ added: 2, removed: 1 });
	expect(fold([{ op: "equal", text: "short" }])).toEqual([{ op: "equal", text: "short" }]);
});

test("a title suggests an address", () => {
	expect(slugOf("Fotos en la sala de espera: ¡sí, 2 reglas!")).toBe("fotos-en-la-sala-de-espera-si-2-reglas");
	expect(slugOf("2026")).toBe("");
});

test("of a second language only its own words are told again", () => {
	const field = (name: string, own: boolean) => ({ name, was: "a", now: "b", own });
	const check = (clause: string, ...fields: ReturnType<typeof field>[]) => ({
		op: "changed" as const,
		clause,
		title: "Phone numbers",
		fields,
	});
	const rules = {
		checks: [check("one", field("action", false)), check("two", field("action", false), field("say", true))],
		strip: [field("staff", true)],
		asked: [field("yearly", false)],
	};
	expect(ownChanges(rules, false)).toBe(rules);
	const own = ownChanges(rules, true);
	expect(own?.checks.map(({ clause, fields }) => [clause, fields.map(({ name }) => name)])).toEqual([["two", ["say"]]]);
	expect([own?.strip.length, own?.asked.length]).toEqual([1, 0]);
	expect(ownChanges(null, true)).toBeNull();
});
