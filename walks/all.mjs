// Runs every walk of this folder, as many at a time as there are processors, and says in the end which failed. A new walk is run
// because it is there. What a walk says is printed when it has ended, so that two do not talk at once.
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
/** What walks are made of, and those that only measure, or take the pictures for the README. */
const NO_WALKS = ["all.mjs", "drafting.mjs", "example.mjs", "house.mjs", "practice.mjs", "pushed.mjs", "routes.mjs", "samples.mjs", "detector.mjs", "pictures.mjs", "slow.mjs"];
const ARGUMENTS = { "renderer.mjs": ["20"] };
/** The longest go first: begun last, one of them would go on alone. */
const LONGEST = ["pages.mjs", "writing.mjs", "notifications.mjs", "keyboard.mjs", "settings.mjs", "members.mjs"];
/** A walk has a server and a browser, about 1 GB: more at once would not be faster on the memory that small machines have. */
const AT_ONCE = Math.min(availableParallelism(), 4);

const waiting = readdirSync(here)
	.filter((name) => name.endsWith(".mjs") && !NO_WALKS.includes(name))
	.sort((a, b) => LONGEST.includes(b) - LONGEST.includes(a) || LONGEST.indexOf(a) - LONGEST.indexOf(b) || a.localeCompare(b));
const failed = [];

/** Walks to its end, and prints what it said. */
async function walk(file) {
	const begun = Date.now();
	const said = [];
	const child = spawn(process.execPath, [file, ...(ARGUMENTS[file] ?? [])], { cwd: here, stdio: ["ignore", "pipe", "pipe"] });
	for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => said.push(part));
	const status = await new Promise((resolve) => child.once("close", resolve));
	process.stdout.write(Buffer.concat(said));
	console.log(`${file}: ${Math.round((Date.now() - begun) / 1000)} s`);
	if (status !== 0) failed.push({ file, why: Buffer.concat(said).toString().split("\n").filter((line) => line.startsWith("✗ ")) });
}

await Promise.all(
	Array.from({ length: AT_ONCE }, async () => {
		for (let file = waiting.shift(); file; file = waiting.shift()) await walk(file);
	}),
);
// Once more, and last: where the whole of it is long, its end is what is kept and read.
for (const { file, why } of failed) console.error([`${file} failed:`, ...why].join("\n"));
process.exitCode = failed.length ? 1 : 0;
