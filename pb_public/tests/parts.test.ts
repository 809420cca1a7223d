// What a keyboard and a screen reader meet in the components that every form is made of.

import { createRawSnippet, flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ApiError } from "../src/page/api.js";
import { need } from "../src/page/messages.svelte.js";
import Button from "../src/parts/Button.svelte";
import ErrorSummary from "../src/parts/ErrorSummary.svelte";
import Field from "../src/parts/Field.svelte";
import PasswordField from "../src/parts/PasswordField.svelte";
import Person from "../src/parts/Person.svelte";
import ServerHtml from "../src/parts/ServerHtml.svelte";

const words = (text: string) => createRawSnippet(() => ({ render: () => `<span>${text}</span>` }));
let mounted: Record<string, unknown>[] = [];

// biome-ignore lint/suspicious/noExplicitAny: components of every shape
function show(component: any, props: Record<string, unknown>) {
	mounted.push(mount(component, { target: document.body, props }));
	flushSync();
}
const one = <T extends Element = HTMLElement>(selector: string) => document.querySelector<T>(selector) as T;

beforeEach(() => need());
afterEach(() => {
	for (const component of mounted) void unmount(component);
	mounted = [];
	document.body.replaceChildren();
});

test("a summary of errors takes the focus and leads to the field", () => {
	show(Field, { id: "email", label: "E-mail", error: "Please fill this in." });
	show(ErrorSummary, { fault: ApiError.ofFields({ email: "Please fill this in." }), labels: { email: "E-mail" } });
	expect(document.activeElement?.getAttribute("role")).toBe("group");
	const link = one("[role=group] a");
	expect(link.textContent?.trim()).toBe("E-mail: Please fill this in.");
	link.click();
	expect(document.activeElement?.id).toBe("email");
});

test("a summary tells of the fields in the order of the page, whatever order the server has", () => {
	const fault = ApiError.ofFields({ password: "Too short.", other: "Odd.", email: "Missing." });
	show(ErrorSummary, { fault, labels: { email: "E-mail", password: "Password" } });
	const told = [...document.querySelectorAll("[role=group] a")].map((link) => link.getAttribute("href"));
	expect(told).toEqual(["#email", "#password", "#other"]);
});

test("a field says what is wrong with it to everyone", () => {
	show(Field, { id: "email", label: "E-mail", hint: "You sign in with it.", error: "Please fill this in." });
	const input = one<HTMLInputElement>("#email");
	expect(one("label").getAttribute("for")).toBe("email");
	expect(input.getAttribute("aria-invalid")).toBe("true");
	const described = input
		.getAttribute("aria-describedby")
		?.split(" ")
		.map((id) => one(`#${id}`).textContent?.trim());
	expect(described).toEqual(["You sign in with it.", "Please fill this in."]);
});

test("a password can be looked at, and says how long it still must be", () => {
	show(PasswordField, { label: "Password", value: "", fresh: true });
	const input = one<HTMLInputElement>("#password");
	const hint = () => one("#password-hint").textContent;
	expect(hint()).toContain("At least 10 characters");
	input.value = "nine_char";
	input.dispatchEvent(new Event("input", { bubbles: true }));
	flushSync();
	expect(hint()).toBe("One more character, please.");
	input.value = "🌻".repeat(10);
	input.dispatchEvent(new Event("input", { bubbles: true }));
	flushSync();
	expect(hint()).toBe("Long enough.");
	expect(input.type).toBe("password");
	one("button").click();
	flushSync();
	expect(one<HTMLInputElement>("#password").type).toBe("text");
	expect(one("button").getAttribute("aria-pressed")).toBe("true");
});

test("a busy button stays in reach of the keyboard and does nothing twice", () => {
	const onclick = vi.fn();
	show(Button, { busy: true, onclick, children: words("Send") });
	const button = one<HTMLButtonElement>("button");
	expect(button.disabled).toBe(false);
	expect(button.getAttribute("aria-disabled")).toBe("true");
	button.click();
	expect(onclick).not.toHaveBeenCalled();
	expect(one("[role=status]").textContent).toContain("One moment");
});

test("a name cannot look like a badge, nor a former member like a person", () => {
	const person = { id: "p1", name: "✓ Provider Dr. Fake", role: "patient", title: "", state: "active" };
	show(Person, { person });
	expect(document.querySelector(".badge")).toBeNull();
	expect(one("bdi").textContent).toBe("✓ Provider Dr. Fake");
	show(Person, { person: { ...person, id: "p2", role: "provider", state: "left" } });
	expect(document.querySelector(".badge")).toBeNull();
	expect(document.body.textContent).toContain("Former member");
	show(Person, { person: { ...person, id: "p3", name: "Ana Ruiz", title: "Dr.", role: "provider" } });
	expect(one(".badge").textContent).toBe("Provider");
	show(Person, { person: { ...person, id: "p4", name: "Lou Ferrer", title: "MD", role: "outside" } });
	expect([...document.querySelectorAll(".badge")].at(-1)?.textContent).toBe("Outside doctor");
	expect([...document.querySelectorAll(".name")].at(-2)?.textContent?.trim().replace(/\s+/g, " ")).toBe("Dr. Ana Ruiz");
});

test("HTML of the server is shown as it came", () => {
	show(ServerHtml, { html: "<p>Hello <strong>you</strong></p>" });
	expect(one(".prose strong").textContent).toBe("you");
});
