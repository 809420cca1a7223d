import { expect, test } from "vitest";
import { has, listed, need, speak, spoken, t } from "../src/page/messages.svelte.js";

test("a noun is said only once it was asked for, an unknown key shows itself", async () => {
	await need();
	expect(t("page.save")).toBe("Save");
	expect(t("policy.print")).toBe("policy.print");
	await need(["policy"]);
	expect(t("policy.print")).toBe("Print");
	expect(has("policy.nothing")).toBe(false);
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
