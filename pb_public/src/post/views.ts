// The views of a community's posts, as the address and the server name them.

/** The newest is what one sees first, and has no name in the address. */
export const VIEWS = ["", "unanswered", "saved", "media"] as const;
export type View = (typeof VIEWS)[number];

/** Pure. */
export const viewIn = (name: string | null): View => VIEWS.find((one) => one === name) ?? "";
