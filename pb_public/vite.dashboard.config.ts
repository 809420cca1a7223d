// The editor of policies once more, for PocketBase's dashboard. It goes into dist/.dashboard: the site serves no dot folders,
// PocketBase serves this one under /_/extensions/kinward/ to those who reach the dashboard.
import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { dashboardMain } from "./build/dashboard-main.js";
import { inAShadow } from "./build/in-a-shadow.js";
import { textsInTwoHalves } from "./build/two-halves.js";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const AT = "/_/extensions/kinward/";

export default defineConfig({
	base: AT,
	publicDir: false,
	plugins: [svelte(), textsInTwoHalves(here(".")), dashboardMain(here("src/dashboard/main.js"), AT)],
	resolve: { alias: { "@messages": here("../hooks/messages") } },
	json: { namedExports: false },
	css: { postcss: { plugins: [inAShadow()] } },
	build: {
		outDir: "dist/.dashboard",
		target: ["chrome107", "edge107", "firefox104", "safari16"],
		modulePreload: { polyfill: false },
		assetsInlineLimit: 0,
		cssCodeSplit: false,
		rolldownOptions: {
			input: here("src/dashboard/editor.ts"),
			preserveEntrySignatures: "strict",
			output: { entryFileNames: "assets/[name]-[hash].js" },
		},
	},
});
