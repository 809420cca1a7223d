// How long to wait. Pure but for chance: what happens to many at once is not asked for by all at once.

/** Before a stream is opened again that did not come, in milliseconds: longer with each failure, up to a minute or more. */
export function waitBefore(failures: number, most: number, chance = Math.random()): number {
	const base = Math.min(most, 4000 * 2 ** Math.max(0, failures - 1));
	return base * (0.75 + chance / 2);
}

/** Before a piece is asked for that an event told of. */
export const moment = (chance = Math.random()) => 150 + chance * 650;
