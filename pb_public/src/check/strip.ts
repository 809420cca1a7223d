// Which one line stands above the words of who writes, where several policies have one. Pure.

import type { PostedPolicy } from "../page/types.js";

/** To whom it is said: those who work here, or patients and caregivers. */
export type Whose = "staff" | "patients";

type Says = Pick<PostedPolicy, "slug" | "title" | "audience" | "strip">;

export interface Line {
	slug: string;
	title: string;
	line: string;
}

/** The line of a policy that is for these writers alone comes before those for everyone; of several, the policy that is listed first. */
export function lineFor(policies: Says[], whose: Whose): Line | undefined {
	const saying = policies.filter(({ strip }) => strip?.[whose]?.trim());
	const { slug, title, strip } = saying.find(({ audience }) => audience === whose) ?? saying[0] ?? {};
	return slug ? { slug, title: title ?? "", line: strip?.[whose]?.trim() ?? "" } : undefined;
}

/** What a draft's line would do: stay behind another policy's, or stand in the place of one. */
export function beside(
	posted: Says[],
	draft: Omit<Says, "title">,
	whose: Whose,
): { hidden: boolean; other: string } | undefined {
	if (!draft.strip?.[whose]?.trim()) return undefined;
	const others = posted.filter(({ slug }) => slug !== draft.slug);
	const other = lineFor(others, whose);
	if (!other) return undefined;
	const here = posted.findIndex(({ slug }) => slug === draft.slug);
	const at = here < 0 ? others.length : here;
	const all = [...others.slice(0, at), { ...draft, title: "" }, ...others.slice(at)];
	return { hidden: lineFor(all, whose)?.slug !== draft.slug, other: other.title };
}
