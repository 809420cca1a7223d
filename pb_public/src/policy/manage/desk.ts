// Where the editor stands: in our own page, for members who edit policies, or in the dashboard, for its operators. The parts
// of the editor ask here how to get about, and know no router.

import { getContext, setContext } from "svelte";

export type Part = "cases" | "acknowledgements";
/** Stands in the address of a case that is yet to be written; the server takes no case of this name. */
export const NEW = "new";

export interface Desk {
	/** A superuser of the dashboard: publishing asks for the password itself, and no member stands behind it. */
	operator: boolean;
	/** The list, a policy's editor, its report, its example cases, or one of these. */
	href(slug?: string, part?: Part, example?: string): string;
	go(address: string): void;
	/** A page of the house itself, which the dashboard opens beside it. */
	target?: "_blank";
	/** Asks before unsaved words are left; undefined lets go. */
	guard(ask: () => string | undefined): void;
}

export const addressOf = (home: string, parts: (string | undefined)[]) =>
	[home, ...parts.filter((part): part is string => Boolean(part)).map(encodeURIComponent)].join("/");

const KEY = Symbol("desk");

export const setDesk = (desk: Desk) => setContext(KEY, desk);
export const useDesk = () => getContext<Desk>(KEY);
