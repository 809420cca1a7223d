// What the home page asks the server for.

import { left, myCases } from "../cases/cases.js";
import type { Community } from "../community/community.js";
import { loadMine } from "../moderation/mine.js";
import type { OwnHold, OwnReport } from "../moderation/moderation.js";
import { api } from "../page/api.js";
import { isAdmin, professional, works } from "../page/gate.js";
import type { Me } from "../page/types.js";
import type { PolicyNews } from "../policy/policy.js";
import type { List, Post } from "../post/post.js";
import { type KeptDraft, liveliest } from "./home.js";
import { type News, NO_NEWS } from "./news.js";

export interface HomeNews {
	communities: Community[];
	/** Communities of the practice that an admin is not in. */
	others: Community[];
	newest: Map<string, Post[]>;
	drafts: KeptDraft[];
	proposed: number;
	/** Example cases that a patient or caregiver may go through. */
	optional: number;
	/** Policies that were made clearer. */
	news: PolicyNews[];
	since: News;
	mine: { holds: OwnHold[]; reports: OwnReport[] };
}

/** Communities that show their newest posts on the home page, and how many. */
const LIVELY = 4;
const EACH = 2;

/** Reads everything at once. What is only a convenience may fail by itself. */
export async function loadHome(me: Me): Promise<HomeNews> {
	const [all, drafts, proposed, optional, news, mine, since] = await Promise.all([
		api.get<List<Community>>(isAdmin(me) ? "/communities?all=1" : "/communities"),
		api.get<List<KeptDraft>>("/drafts", { background: true }).catch(() => ({ items: [] })),
		works(me) ? countProposed() : 0,
		professional(me) ? 0 : countOptional(),
		api.get<List<PolicyNews>>("/me/news", { background: true }).catch(() => ({ items: [] })),
		loadMine(Date.now()),
		api.get<News>("/home", { background: true }).catch(() => NO_NEWS),
	]);
	// Asking changes nothing: that the member is here is said apart, when what is new is on its way to them.
	void api.put("/home/visit", {}, { background: true }).catch(() => {});
	const communities = all.items.filter((one) => one.member);
	const others = all.items.filter((one) => !one.member);
	return {
		communities,
		others,
		// Where something is new the list says so; else each community shows its latest words.
		newest: since.new.items.length > 0 ? new Map() : await newestOf(communities),
		drafts: drafts.items,
		proposed,
		optional,
		news: news.items,
		mine,
		since,
	};
}

async function newestOf(communities: Community[]): Promise<Map<string, Post[]>> {
	const pages = liveliest(communities, LIVELY).map(async ({ id }) => {
		const path = `/communities/${id}/posts`;
		const page = await api.get<List<Post>>(path, { background: true }).catch(() => ({ items: [] }));
		return [id, page.items.filter((post) => post.status === "shown").slice(0, EACH)] as const;
	});
	return new Map(await Promise.all(pages));
}

async function countOptional(): Promise<number> {
	return left(await myCases(true).catch(() => [])).length;
}

async function countProposed(): Promise<number> {
	const path = "/invitations?status=proposed";
	const { counts } = await api
		.get<{ counts?: Record<string, number> }>(path, { background: true })
		.catch(() => ({ counts: undefined }));
	return counts?.proposed ?? 0;
}
