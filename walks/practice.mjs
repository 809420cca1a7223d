// The demo's practice in a folder of its own, served as any other: with an operator, and, where a walk asks for it, by the next
// release of Kinward. `kinward demo` itself has neither.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
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
		replace[file] = join(place, `${n}.md`);
		writeFileSync(replace[file], changed(file, change));
	}
	return built(place, replace);
}

/** Builds Kinward with another page: a next release in which the catalogue says something else. `texts` changes its files, by their
    paths in hooks/messages. */
export function nextPage(texts) {
	const place = folder();
	for (const part of ["pb_public", "hooks/messages"]) {
		cpSync(join(source, part), join(place, part), { recursive: true, filter: (name) => !["node_modules", "dist"].includes(basename(name)) });
	}
	symlinkSync(join(source, "pb_public/node_modules"), join(place, "pb_public/node_modules"));
	for (const [path, change] of Object.entries(texts)) {
		const file = join(place, "hooks/messages", path);
		writeFileSync(file, changed(file, change));
	}
	done(spawnSync("npm", ["run", "build"], { cwd: join(place, "pb_public"), encoding: "utf8" }));
	const [old, next] = [source, place].map((root) => join(root, "pb_public/dist"));
	// A file that the next page does not have any more is gone; an overlay says so with an empty name.
	const replace = Object.fromEntries(filesOf(old).map((name) => [join(old, name), ""]));
	for (const name of filesOf(next)) replace[join(old, name)] = join(next, name);
	return built(place, replace);
}

/** Builds Kinward as it is, but for its clock, which goes so many days ahead: so time passes in a walk, and nothing in the product has to
    let anybody set its clock. */
export function daysOn(days) {
	const place = folder();
	const file = join(source, "hooks/access/house.go");
	const ahead = join(place, "house.go");
	writeFileSync(ahead, changed(file, (code) => code.replace("options.Now = time.Now", `options.Now = func() time.Time { return time.Now().AddDate(0, 0, ${days}) }`)));
	return built(place, { [file]: ahead });
}

const filesOf = (dir) =>
	readdirSync(dir, { recursive: true, withFileTypes: true })
		.filter((one) => one.isFile())
		.map((one) => relative(dir, join(one.parentPath ?? one.path, one.name)));

function changed(file, change) {
	const before = readFileSync(file, "utf8");
	const after = change(before);
	assert.notEqual(after, before, `${file} is not changed`);
	return after;
}

const done = ({ status, stdout, stderr }) => assert.equal(status, 0, stdout + stderr);

/** The binary with some files in the place of others. */
function built(place, replace) {
	writeFileSync(join(place, "overlay.json"), JSON.stringify({ Replace: replace }));
	const args = ["build", "-trimpath", "-overlay", join(place, "overlay.json"), "-o", join(place, "kinward"), "."];
	done(spawnSync("go", args, { cwd: source, encoding: "utf8", env: { ...process.env, CGO_ENABLED: "0", GOTOOLCHAIN: "auto" } }));
	return join(place, "kinward");
}

/** Serves the sample practice, with the binary given or the one that made it, which may be another one too. */
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
	return { ...(await serve(dir, by)), dir };
}
