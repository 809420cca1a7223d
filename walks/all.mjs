// Runs every walk of this folder, one after the other, and says in the end which failed. A new walk is run because it is there.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
/** What walks are made of, and those that only measure, or take the pictures for the README. */
const NO_WALKS = ["all.mjs", "house.mjs", "practice.mjs", "detector.mjs", "pictures.mjs", "slow.mjs"];
const ARGUMENTS = { "renderer.mjs": ["20"] };

const failed = [];
for (const file of readdirSync(here).filter((name) => name.endsWith(".mjs") && !NO_WALKS.includes(name)).sort()) {
	const begun = Date.now();
	const { status } = spawnSync(process.execPath, [file, ...(ARGUMENTS[file] ?? [])], { cwd: here, stdio: "inherit" });
	console.log(`${file}: ${Math.round((Date.now() - begun) / 1000)} s`);
	if (status !== 0) failed.push(file);
}
if (failed.length) console.error(`These walks failed: ${failed.join(", ")}`);
process.exitCode = failed.length ? 1 : 0;
