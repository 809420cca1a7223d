import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";

/**
 * Writes main.js, which PocketBase's dashboard runs, beside the built editor, with the names of the built files in it.
 * @param {string} source the file to fill in
 * @param {string} at where PocketBase serves the built files
 * @returns {import("vite").Plugin}
 */
export function dashboardMain(source, at) {
	return {
		name: "kinward:dashboard-main",
		async writeBundle({ dir = "" }, bundle) {
			const files = Object.values(bundle);
			const entry = files.find((file) => file.type === "chunk" && file.isEntry);
			const styles = files.find((file) => file.fileName.endsWith(".css"));
			if (!entry || !styles) throw new Error("the dashboard's editor was built without an entry or styles");
			const text = await readFile(source, "utf8");
			const filled = text.replaceAll("__EDITOR__", at + entry.fileName).replaceAll("__STYLES__", at + styles.fileName);
			await writeFile(path.join(dir, "main.js"), filled.replace(/^\/\/.*\n/gm, ""));
		},
	};
}
