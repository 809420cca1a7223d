import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import zlib from "node:zlib";

const brotli = promisify(zlib.brotliCompress);
const gzip = promisify(zlib.gzip);

// What compresses; fonts are compressed already.
const TEXT = /\.(?:js|css|html|svg|json|webmanifest|txt)$/;

/**
 * Writes a .br and a .gz twin beside every text file of the build, so that the server compresses nothing itself.
 * @returns {import("vite").Plugin}
 */
export function precompress() {
	let out = "dist";
	return {
		name: "kinward:precompress",
		apply: "build",
		configResolved(config) {
			out = path.resolve(config.root, config.build.outDir);
		},
		async closeBundle() {
			const names = await readdir(out, { recursive: true });
			await Promise.all(
				names.filter((name) => TEXT.test(name) && !name.startsWith(".")).map((name) => twins(path.join(out, name))),
			);
		},
	};
}

/** @param {string} file */
async function twins(file) {
	const text = await readFile(file);
	const params = { [zlib.constants.BROTLI_PARAM_SIZE_HINT]: text.length };
	await writeFile(`${file}.br`, await brotli(text, { params }));
	await writeFile(`${file}.gz`, await gzip(text, { level: 9 }));
}
