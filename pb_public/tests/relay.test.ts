import { expect, test } from "vitest";
import { relayUrl } from "../src/settings/practice.js";

const parts = { host: "mail.example.org", port: "", tls: "starttls" as const, user: "", password: "" };

test("a relay's parts become the URL that the server takes", () => {
	expect(relayUrl(parts)).toBe("smtp://mail.example.org?tls=starttls");
	expect(relayUrl({ ...parts, port: "2525", tls: "none" })).toBe("smtp://mail.example.org:2525?tls=none");
	expect(relayUrl({ ...parts, host: "::1" })).toBe("smtp://[::1]?tls=starttls");
});

test("what means something in a URL does not, in a user's name or password", () => {
	const url = new URL(relayUrl({ ...parts, user: "me@x", password: "p@ss/w#rd?%:" }));
	expect([url.hostname, decodeURIComponent(url.username), decodeURIComponent(url.password)]).toEqual([
		"mail.example.org",
		"me@x",
		"p@ss/w#rd?%:",
	]);
	expect([url.search, url.hash]).toEqual(["?tls=starttls", ""]);
});
