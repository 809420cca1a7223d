import type { Person } from "../page/types.js";

/** A post or comment that was found. */
export interface Hit {
	id: string;
	/** A post's kind, or "comment". */
	kind: string;
	post: string;
	community: string;
	/** The post's, for a comment too; may be empty. */
	title: string;
	excerpt_html: string;
	author: Person;
	created: string;
}

export interface Found {
	items: Hit[];
	next: string | null;
	/** Words that stand nowhere, and those that were looked for in their place. */
	instead: { typed: string; found: string[] }[];
	/** Posted policies that have the words. */
	policies: { slug: string; title: string; excerpt_html: string }[];
}
