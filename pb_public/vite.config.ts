import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";
import { catalogueInHtml } from "./build/catalogue-in-html.js";
import { togetherWhatIsReadTogether } from "./build/chunks.js";
import { precompress } from "./build/precompress.js";
import { textsInTwoHalves } from "./build/two-halves.js";
import { workerOfBuild } from "./build/worker.js";

const here = fileURLToPath(new URL(".", import.meta.url));
const messages = fileURLToPath(new URL("../hooks/messages", import.meta.url));

export default defineConfig({
	base: "/",
	plugins: [svelte(), textsInTwoHalves(here), catalogueInHtml(messages), workerOfBuild(), precompress()],
	resolve: {
		alias: { "@messages": messages },
		// The browser build of Svelte in unit tests too, so that components can be mounted there.
		conditions: process.env.VITEST ? ["browser"] : undefined,
	},
	json: { namedExports: false },
	build: {
		target: ["chrome107", "edge107", "firefox104", "safari16"],
		// Every browser we build for preloads modules itself.
		modulePreload: { polyfill: false },
		// The policy allows no data: font and no inline style: files stay files.
		assetsInlineLimit: 0,
		// The size check reads it; the server does not serve dot folders.
		manifest: true,
		rolldownOptions: { output: { codeSplitting: togetherWhatIsReadTogether(here) } },
	},
	server: {
		proxy: { "/api": process.env.KINWARD_API ?? "http://127.0.0.1:8090" },
		fs: { allow: [".", messages] },
	},
	test: { environment: "happy-dom", include: ["tests/**/*.test.ts"] },
});
