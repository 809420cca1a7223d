// The demo's practice in a folder of its own, served as any other: with an operator, and, where a walk asks for it, by the next
// release of Kinward. `kinward demo` itself has neither.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { demo, serve } from "./house.mjs";

const source = join(dirname(fileURLToPath(import.meta.url)), "..");
const kinward = join(source, "kinward");
export const OPERATOR = { email: "operator@practice.example", password: "a quiet machine room" };

function folder() {
	const made = mkdtempSync(join(tmpdir(), "kinward-walk-"));
	process.once("exit", () => rmSync(made, { recursive: true, force: true }));
	return made;
}

/** Builds Kinward as it would be with other shipped texts: what a next release may bring. `texts` changes them, by their paths. */
export function nextRelease(texts) {
	const place = folder();
	const replace = {};
	for (const [n, [path, change]] of Object.entries(texts).entries()) {
		const file = join(source, "policies", path);
		const before = readFileSync(file, "utf8");
		const after = change(before);
		assert.notEqual(after, before, `${path} is not changed`);
		replace[file] = join(place, `${n}.md`);
		writeFileSync(replace[file], after);
	}
	writeFileSync(join(place, "overlay.json"), JSON.stringify({ Replace: replace }));
	const built = spawnSync("go", ["build", "-trimpath", "-overlay", join(place, "overlay.json"), "-o", join(place, "kinward"), "."], {
		cwd: source,
		encoding: "utf8",
		env: { ...process.env, CGO_ENABLED: "0", GOTOOLCHAIN: "auto" },
	});
	assert.equal(built.status, 0, built.stderr);
	return join(place, "kinward");
}

/** Serves the sample practice, with the binary given or the one that made it. */
export async function practice({ by = kinward } = {}) {
	const place = folder();
	const before = process.env.TMPDIR;
	process.env.TMPDIR = place;
	const sample = await demo();
	if (before === undefined) delete process.env.TMPDIR;
	else process.env.TMPDIR = before;
	const made = readdirSync(place).find((name) => name.startsWith("kinward-demo-"));
	sample.pause();
	cpSync(join(place, made), join(place, "practice"), { recursive: true, filter: (name) => !name.endsWith(".sock") });
	sample.go();
	await sample.stop();
	const dir = join(place, "practice/data");
	const upsert = spawnSync(by, ["superuser", "upsert", OPERATOR.email, OPERATOR.password, "--dir", dir], { encoding: "utf8" });
	assert.equal(upsert.status, 0, upsert.stderr);
	return serve(dir, by);
}
