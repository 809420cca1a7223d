// How many things wait for this member at the desk.

import { counted } from "../page/count.svelte.js";
import { sitsAtDesk } from "../page/gate.js";
import type { Counts } from "./moderation.js";

export const waiting = counted<Counts>("/desk/counts", sitsAtDesk, (counts) => counts.waiting);
