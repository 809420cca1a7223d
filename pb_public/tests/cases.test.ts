import { expect, test } from "vitest";
import { blank, type Case, isBlank, left, type Managed, slugOf } from "../src/cases/cases.js";
import { addChoice, bodyOf, dropChoice, formOf, setGood } from "../src/cases/form.js";

test("what is left is neither done nor set aside", () => {
	const one = (done: boolean, skipped: boolean) => ({ done, skipped }) as Case;
	expect(left([one(true, false), one(false, true), one(false, false)])).toHaveLength(1);
});

test("a short name is made from a title", () => {
	expect(slugOf("A one-star review, at night!")).toBe("a-one-star-review-at-night");
	expect(slugOf("Una reseña  de María")).toBe("una-resena-de-maria");
	expect(slugOf("15 years old")).toBe("years-old");
	expect(slugOf("¿?")).toBe("");
});

test("a language in which nothing was written is not sent, nor a choice left empty", () => {
	const form = formOf(undefined);
	expect(isBlank(blank())).toBe(true);
	form.texts.en.title = "Ours";
	Object.assign(form.texts.en.choices[0] ?? {}, { text: "Wait", leads_to: "It waits." });
	const body = bodyOf(form);
	expect(Object.keys(body.texts)).toEqual(["en"]);
	expect(body.texts.en?.choices.map(({ id }) => id)).toEqual(["a"]);
});

test("choices stand under the same letters, good or not, in both languages", () => {
	const form = formOf(undefined);
	addChoice(form);
	setGood(form, "d", true);
	dropChoice(form, "b");
	addChoice(form);
	for (const { choices } of Object.values(form.texts)) {
		expect(choices.map(({ id, good }) => id + good)).toEqual(["afalse", "cfalse", "dtrue", "bfalse"]);
	}
});

test("a form changes nothing of what it began with", () => {
	const one = { slug: "x", roles: ["staff"], texts: { en: blank() } } as unknown as Managed;
	const form = formOf(one);
	form.texts.en.title = "other";
	form.roles.push("patient");
	expect(one.texts.en?.title).toBe("");
	expect(one.roles).toEqual(["staff"]);
});
