import { expect, test } from "vitest";
import { has, listed, need, part, speak, spoken, t } from "../src/page/messages.svelte.js";

test("a noun is said only once it was asked for, an unknown key shows itself", async () => {
	await need();
	expect(t("page.save")).toBe("Save");
	expect(t("policy.print")).toBe("policy.print");
	await need(["policy"]);
	expect(t("policy.print")).toBe("Print");
	expect(has("policy.nothing")).toBe(false);
});

test("the page that is opened first stands with the first halves, and the rest is there for whatever comes after it", async () => {
	const [stands, later] = ["review.accurate", "community.members.title"];
	await need(["review", "community"], true);
	expect([has(stands), has(later)]).toEqual([true, false]);
	expect(await part(Promise.resolve({ default: "part" }))).toBe("part");
	expect([has(stands), has(later)]).toEqual([true, true]);
});

test("a page that comes later waits for all that it says, in the language that is spoken then", async () => {
	await need(["file"], true);
	await Promise.all([need(["poll"]), speak("es")]);
	expect([has("poll.vote"), has("file.drop"), has("review.do")]).toEqual([true, true, true]);
	await speak("en");
});

test("a change of language takes every noun along", async () => {
	await need(["policy"]);
	await speak("es");
	expect([spoken(), t("page.save"), t("policy.print")]).toEqual(["es", "Guardar", "Imprimir"]);
	expect(document.documentElement.lang).toBe("es");
	expect(listed(["Ana", "Luis", "Mei"])).toBe("Ana, Luis y Mei");
	await speak("xx");
	expect(spoken()).toBe("es");
});

test("a language that changes while a noun is on its way leaves no key without its text", async () => {
	await speak("en");
	const noun = need(["setup"]);
	const tongue = speak("es");
	await Promise.all([noun, tongue]);
	expect([t("setup.next"), t("policy.print")]).toEqual(["Continuar", "Imprimir"]);
});
