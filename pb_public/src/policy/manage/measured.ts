// What was measured of a detector, or of a whole family of them, for the form of a check. Pure.

import type { Detector, Measured } from "./types.js";

const MOST = 3;

/** The halves of the labelled lines, the one that was kept apart first. */
export const HALVES = ["kept", "tuning"] as const;

/** Null where nothing is known of what a check looks for. */
export function factsOf(id: string, detectors: Detector[], measured: Measured) {
	const one = detectors.find((detector) => detector.id === id);
	const family = one ? [] : detectors.filter((detector) => detector.family === id);
	if (!one && family.length === 0) return null;
	const examples = (name: "finds" | "spares") =>
		one ? (one[name] ?? []) : family.flatMap((detector) => detector[name]?.slice(0, 1) ?? []);
	return {
		version: one?.version,
		explains: one?.explains,
		members: family.map((detector) => detector.id),
		finds: examples("finds").slice(0, MOST),
		spares: examples("spares").slice(0, MOST),
		figures: HALVES.flatMap((half) => {
			const all = measured[half];
			const own = one?.figures?.[half];
			if (own) return [{ half, precision: own.precision, recall: own.recall }];
			// Of families, only the one of what points to a person is measured as a whole.
			if (one || id !== "identifier" || !all) return [];
			return [{ half, precision: all.identifier_precision, recall: all.identifier_recall }];
		}),
		overall: HALVES.flatMap((half) => {
			const all = measured[half];
			return all ? [{ half, ...all }] : [];
		}),
	};
}
