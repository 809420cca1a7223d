// The drawing of each kind of a post.

import { CircleQuestionMark, List, Megaphone, MessagesSquare, Newspaper } from "../parts/icons.js";
import type { Kind } from "./post.js";

export const KIND_ICONS: Record<Kind, typeof List> = {
	discussion: MessagesSquare,
	question: CircleQuestionMark,
	poll: List,
	article: Newspaper,
	announcement: Megaphone,
};
