// Which walk looks at which page of the house. The paths are read from the source, so that no page can be forgotten: each has one walk that
// has to look at it, with axe, on a phone and at a desk, and fails where it did not. That walk is pages.mjs, unless another one has what
// the page needs.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));

const ELSEWHERE = {
	// Drafts, published versions and who accepted them: the walk that writes them has them.
	"/manage/policies": "editor",
	"/manage/policies/:slug": "editor",
	"/manage/policies/:slug/acknowledgements": "editor",
	// A case in the making, and the policy on whose clause it hangs.
	"/manage/cases": "cases",
	"/manage/policies/:slug/cases": "cases",
	"/manage/policies/:slug/cases/:example": "cases",
	// Where a letter leads, and the link at its foot: they need a letter.
	"/notifications/:id": "notifications",
	"/unsubscribe": "notifications",
};

/** The paths of all pages, as the page's own router has them. */
function paths() {
	const source = join(here, "../pb_public/src");
	const files = readdirSync(source, { recursive: true }).filter((name) => /(^|\/)routes\.ts$/.test(name));
	const found = files.flatMap((name) => [...readFileSync(join(source, name), "utf8").matchAll(/path: "(\/[^"]*)"/g)].map(([, path]) => path));
	if (found.length < 40) throw new Error(`only ${found.length} pages were found in the source`);
	return found;
}

const all = paths();
/** By path, the widths at which it was looked at. */
const seen = new Map(all.map((path) => [path, new Set()]));

const parameters = (path) => path.split(":").length;
const matches = (path, address) => new RegExp(`^${path.replace(/:\w+/g, "[^/]+")}$`).test(address);

/** Notes that the page at an address was looked at. */
export function noteLook(address, width) {
	const [path] = all.filter((path) => matches(path, address)).sort((a, b) => parameters(a) - parameters(b));
	seen.get(path)?.add(width);
}

/** The pages that this walk should have looked at and did not. */
export function notLookedAt(walk) {
	const missing = [];
	for (const [path, widths] of seen) {
		if ((ELSEWHERE[path] ?? "pages") !== walk) continue;
		for (const width of ["phone", "desk"]) if (!widths.has(width)) missing.push(`no look at ${path}, ${width}`);
	}
	if (walk === "pages") for (const path in ELSEWHERE) if (!seen.has(path)) missing.push(`${path} is no page any more`);
	return missing;
}
