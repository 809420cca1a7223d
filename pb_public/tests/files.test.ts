// A file goes over a bad line piece by piece, and never twice.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { markdownOf, size, thumbnail, without } from "../src/file/file.js";
import { nextPiece, pause, Upload } from "../src/file/upload.svelte.js";
import { need } from "../src/page/messages.svelte.js";

test("sizes are said as people say them", () => {
	expect(size(10)).toEqual({ size: "1", unit: "kB" });
	expect(size(700 * 1024)).toEqual({ size: "700", unit: "kB" });
	expect(size(1.25 * 1024 * 1024)).toEqual({ size: "1.3", unit: "MB" });
	expect(size(30 * 1024 * 1024)).toEqual({ size: "30", unit: "MB" });
});

test("a picture is put into the words and taken out of them", () => {
	const id = "abcdefghijklmno";
	const words = markdownOf(id, "a [red] shed");
	expect(words).toBe(`![a  red  shed](/api/clinic/files/${id})`);
	expect(without(`before\n\n${words}\n\nafter`, id)).toBe("before\n\nafter");
	expect(without(`before\n\n${words}`, "onmlkjihgfedcba")).toContain(id);
});

test("a thumbnail's place is kept before it is there", () => {
	expect(thumbnail({ width: 2560, height: 1280 })).toEqual({ width: 960, height: 480 });
	expect(thumbnail({ width: 100, height: 50 })).toEqual({ width: 100, height: 50 });
	expect(thumbnail({})).toEqual({ width: undefined, height: undefined });
});

test("pieces grow on a good line and shrink on a bad one", () => {
	expect(nextPiece(256_000, 100, 4_000_000)).toBe(512_000);
	expect(nextPiece(3_000_000, 100, 4_000_000)).toBe(4_000_000);
	expect(nextPiece(256_000, 2000, 4_000_000)).toBe(256_000);
	expect(nextPiece(256_000, 9000, 4_000_000)).toBe(128_000);
	expect(nextPiece(70_000, 9000, 4_000_000)).toBe(65_536);
	expect([0, 1, 2, 9].map(pause)).toEqual([1000, 2000, 4000, 15_000]);
});

/** A server that keeps what arrives. */
let kept: number[];
let total: number;
let answer: (method: string, path: string) => Response | Error | undefined;
let asked: string[];
const json = (value: unknown, status = 200) => new Response(JSON.stringify(value), { status });
const fault = (status: number, code: string, params = {}) =>
	json({ status, data: { error: { code, message: code, params } } }, status);

beforeEach(async () => {
	await need(["page"]);
	vi.useFakeTimers();
	[kept, asked, total, answer] = [[], [], 0, () => undefined];
	vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
		const path = url.replace("/api/clinic", "");
		asked.push(`${init.method} ${path}`);
		const given = answer(init.method ?? "GET", path);
		if (given instanceof Error) throw given;
		if (given) return given;
		if (init.method === "POST") {
			total = JSON.parse(init.body as string).bytes;
			return json({ id: "f1", received: 0, bytes: total, max_chunk: 4_000_000 }, 201);
		}
		if (init.method === "DELETE") return new Response(null, { status: 204 });
		const from = Number(path.split("from=")[1]);
		if (from !== kept.length) return fault(409, "file_continues_elsewhere", { received: kept.length });
		for (const byte of new Uint8Array(await (init.body as Blob).arrayBuffer())) kept.push(byte);
		if (kept.length < total) return json({ id: "f1", received: kept.length, bytes: total });
		return json({ id: "f1", status: "ready", received: total, bytes: total, name: "a.pdf", kind: "pdf" }, 201);
	});
});
afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

const paper = (bytes: number) =>
	new File([new Uint8Array(bytes).map((_, i) => i % 251)], "a.pdf", { type: "application/pdf" });
const whole = () => kept.every((byte, i) => byte === i % 251);

test("a file arrives whole, in pieces", async () => {
	const upload = new Upload("c1", paper(900_000));
	expect(await upload.run()).toBe(true);
	expect([kept.length, whole(), upload.state, upload.percent]).toEqual([900_000, true, "done", 100]);
	expect(asked.filter((one) => one.startsWith("PUT")).length).toBeGreaterThan(1);
});

test("after a lost line it goes on where it stopped", async () => {
	let lost = 0;
	answer = (method) => (method === "PUT" && kept.length > 0 && lost++ < 2 ? new TypeError("network") : undefined);
	const upload = new Upload("c1", paper(900_000));
	const run = upload.run();
	await vi.waitFor(() => expect(upload.state).toBe("waiting"));
	await vi.advanceTimersByTimeAsync(5000);
	expect(await run).toBe(true);
	expect([kept.length, whole(), lost > 2]).toEqual([900_000, true, true]);
	expect(asked.filter((one) => one === "POST /files").length).toBe(1);
});

test("an answer that was lost makes nothing twice", async () => {
	const upload = new Upload("c1", paper(300_000));
	upload.id = "f1";
	total = 300_000;
	kept = Array.from({ length: 100_000 }, (_, i) => i % 251); // arrived, and the answer did not
	expect(await upload.run()).toBe(true);
	expect([kept.length, whole()]).toEqual([300_000, true]);
});

test("what is refused says why, and another try begins anew", async () => {
	answer = (method) => (method === "PUT" ? fault(415, "file_kind_refused") : undefined);
	const upload = new Upload("c1", paper(1000));
	expect(await upload.run()).toBe(false);
	expect([upload.state, upload.fault?.code, upload.id]).toEqual(["failed", "file_kind_refused", ""]);
	answer = () => undefined;
	expect(await upload.run()).toBe(true);
	expect(asked.filter((one) => one === "POST /files").length).toBe(2);
});

test("what is cancelled is taken away", async () => {
	const upload = new Upload("c1", paper(1000));
	await upload.run();
	await upload.cancel();
	expect(asked.at(-1)).toBe("DELETE /files/f1");
});
