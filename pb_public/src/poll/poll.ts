// A poll as /api/clinic tells it.

import type { Poll, Turnout } from "../post/post.js";

/** What of a poll is one's own: that one has voted, never what. */
export interface Own {
	post: string;
	voted: boolean;
	can_vote: boolean;
	can_end: boolean;
	closed: boolean;
	turnout: Turnout | null;
}

/** What came out, each choice with its share of the votes that were counted; nothing where there are no results. Pure. */
export function parts(poll: Poll): { label: string; votes: number; percent: number }[] {
	if (poll.counted === 0) return [];
	return poll.choices.map(({ label, votes }) => ({
		label,
		votes: votes ?? 0,
		percent: Math.round((100 * (votes ?? 0)) / poll.counted),
	}));
}
