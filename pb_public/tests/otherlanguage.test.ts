import { expect, test } from "vitest";
import { turned } from "../src/settings/practice.js";

const both = { hours: "8 to 5", hours_other: "De 8 a 17", emergency: "Call 911.", emergency_other: "Llame al 911." };

test("when the practice's language becomes the other one, each text stays with its language", () => {
	const now = turned(both);
	expect(now).toEqual({
		hours: "De 8 a 17",
		hours_other: "8 to 5",
		emergency: "Llame al 911.",
		emergency_other: "Call 911.",
	});
	expect(turned(now)).toEqual(both);
});

test("what is said in one language only stays what everybody is shown", () => {
	const once = { ...both, hours_other: "", emergency_other: " \n" };
	expect(turned(once)).toEqual(once);
	expect(turned({ ...both, emergency_other: "" })).toMatchObject({ hours: "De 8 a 17", emergency: "Call 911." });
});
