// What of one's own is worth a line now. A failure here takes nothing else with it.

import { api } from "../page/api.js";
import { need } from "../page/messages.svelte.js";
import type { OwnHold, OwnReport } from "./moderation.js";

const DAYS = 14 * 86_400_000;

/** One's own holds that are live or were decided in the last days. */
export const ownHolds = () =>
	api
		.get<{ items: OwnHold[] }>("/holds?active=1", { background: true })
		.then(({ items }) => items)
		.catch(() => [] as OwnHold[]);

/** For the home page: with the reports that wait, or were looked at in the last days. */
export async function loadMine(now: number) {
	const [holds, reports] = await Promise.all([
		ownHolds(),
		api
			.get<{ items: OwnReport[] }>("/reports", { background: true })
			.then(({ items }) => items)
			.catch(() => [] as OwnReport[]),
		need(["moderation"]),
	]);
	return { holds, reports: reports.filter(({ at, looked_at }) => now - Date.parse(looked_at || at) < DAYS) };
}
