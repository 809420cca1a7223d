// How many questions about example cases wait for this member's answer.

import { counted } from "../page/count.svelte.js";
import { answersCases } from "../page/gate.js";

export const asked = counted<{ open: number }>("/cases/questions/open", answersCases, ({ open }) => open);
