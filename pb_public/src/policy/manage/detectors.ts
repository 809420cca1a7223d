// What a check may look for, in the words of the catalogue where the server says nothing else.

import { has, t } from "../../page/messages.svelte.js";
import type { Detector } from "./types.js";

/** The ids never change: published checks name them. */
export const DETECTORS = [
	"identifier",
	"email",
	"phone",
	"ssn",
	"record_number",
	"plan_number",
	"personal_date",
	"age_over_89",
	"street_address",
	"plate",
	"profile_link",
	"photo_link",
	"member_name",
	"direct_address",
	"dose_advice",
	"testimonial",
	"complaint",
	"urgent",
	"crisis",
	"interest",
	"word",
];

export function detectorName(id: string, known: Detector[]): string {
	const key = `manage.detector.${id}`;
	return has(key) ? t(key) : (known.find((one) => one.id === id)?.title ?? id);
}
