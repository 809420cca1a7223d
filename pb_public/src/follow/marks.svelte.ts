// What the member has marked of what is on the page: reactions, saved, followed, muted, blocked. The pages themselves are the
// same for everyone; this is what differs. A mark shows at once and is taken back where it did not reach the server.

import { ApiError, api } from "../page/api.js";
import { session } from "../page/session.svelte.js";

export const REACTIONS = ["helpful", "thank_you", "with_you"] as const;
export type Reaction = (typeof REACTIONS)[number];
export type Counts = Partial<Record<Reaction, number>>;

interface Answer {
	reactions: Record<string, Reaction[]>;
	saved: string[];
	follows: string[];
	muted: { posts: string[]; communities: string[] };
	blocked: string[];
}

/** The kinds of a mark that is there or not. */
type Kept = "saved" | "follows" | "posts" | "communities" | "blocked";

/** A mark shows at once: what was sent goes on its way even where the page is left then. */
const LEAVING = { keepalive: true };

/** At most so many are asked about at once. */
const MOST = 100;

/** What the server said last of a piece's reactions, or what stood before the first press that it has not answered yet. */
interface Given {
	mine: Reaction[];
	reactions: Counts;
}
/** By piece, the reactions that are on their way. */
const queues = new Map<string, { stood: Given; last: Promise<void> }>();

let owner = "";
let reactions = $state.raw<Record<string, Reaction[]>>({});
let kept = $state.raw<Record<Kept, Set<string>>>(none());

function none(): Record<Kept, Set<string>> {
	return { saved: new Set(), follows: new Set(), posts: new Set(), communities: new Set(), blocked: new Set() };
}

/** Marks of one member are never shown to another. */
function belong() {
	const id = session.me?.id ?? "";
	if (id === owner) return;
	owner = id;
	reactions = {};
	kept = none();
	queues.clear();
}

function take(asked: string[], got: Answer) {
	const of = (name: "saved" | "follows") => {
		const rest = [...kept[name]].filter((id) => !asked.includes(id));
		return new Set([...rest, ...got[name]]);
	};
	reactions = { ...reactions, ...Object.fromEntries(asked.map((id) => [id, got.reactions[id] ?? []])) };
	kept = {
		saved: of("saved"),
		follows: of("follows"),
		posts: new Set(got.muted.posts),
		communities: new Set(got.muted.communities),
		blocked: new Set(got.blocked),
	};
}

/** Adds or takes away one id. */
function set(name: Kept, id: string, on: boolean) {
	const next = new Set(kept[name]);
	if (on) next.add(id);
	else next.delete(id);
	kept = { ...kept, [name]: next };
}

const PATHS: Record<Exclude<Kept, "saved">, (id: string) => string> = {
	follows: (id) => `/posts/${id}/follow`,
	posts: (id) => `/posts/${id}/mute`,
	communities: (id) => `/communities/${id}/mute`,
	blocked: (id) => `/members/${id}/block`,
};

export const marks = {
	/** Asks about pieces that have just been loaded; about none: who and what is muted and blocked. Where nothing comes, nothing is marked. */
	async about(pieces: string[]) {
		belong();
		let from = 0;
		do {
			const some = pieces.slice(from, from + MOST);
			const got = await api.get<Answer>(`/marks?pieces=${some.join(",")}`, { background: true }).catch(() => undefined);
			if (got) take(some, got);
			from += MOST;
		} while (from < pieces.length);
	},

	given: (piece: string): Reaction[] => reactions[piece] ?? [],
	has: (name: Kept, id: string): boolean => kept[name].has(id),

	/** Makes or undoes a mark; throws the fault once it is taken back. */
	async put(name: Exclude<Kept, "saved">, id: string, on: boolean) {
		await this.try(name, id, on, PATHS[name](id));
	},
	async save(what: "post" | "comment", id: string, on: boolean) {
		await this.try("saved", id, on, `/${what}s/${id}/save`);
	},
	async try(name: Kept, id: string, on: boolean, path: string) {
		belong();
		set(name, id, on);
		try {
			await (on ? api.put(path, {}, LEAVING) : api.delete(path, LEAVING));
		} catch (fault) {
			set(name, id, !on);
			throw fault;
		}
	},

	/** Gives or takes back a reaction, and says how often the piece has each now. `show` is told at once, and again at the end. Pressed
	    again before the answer is there, a piece's reactions go on their way one after the other: what the last one comes to is shown. */
	async react(
		what: "post" | "comment",
		piece: string,
		kind: Reaction,
		counts: () => Counts,
		show: (counts: Counts) => void,
	) {
		belong();
		const who = owner;
		const mine = this.given(piece);
		const queue = queues.get(piece) ?? { stood: { mine, reactions: counts() }, last: Promise.resolve() };
		queues.set(piece, queue);
		const on = !mine.includes(kind);
		reactions = { ...reactions, [piece]: on ? [...mine, kind] : mine.filter((one) => one !== kind) };
		show(stepped(counts(), kind, on));

		const path = `/${what}s/${piece}/reactions/${kind}`;
		const gone = () => (session.me?.id ?? "") !== who;
		const send = async () => {
			if (!gone()) queue.stood = await (on ? api.put<Given>(path, {}, LEAVING) : api.delete<Given>(path, LEAVING));
		};
		const sent = queue.last.then(send, send);
		queue.last = sent;
		try {
			await sent;
		} finally {
			if (!gone() && queue.last === sent) {
				queues.delete(piece);
				reactions = { ...reactions, [piece]: queue.stood.mine };
				show(queue.stood.reactions);
			}
		}
	},
};

/** The numbers with one more or fewer of a kind; none is left out. Pure. */
export function stepped(counts: Counts, kind: Reaction, on: boolean): Counts {
	const number = Math.max(0, (counts[kind] ?? 0) + (on ? 1 : -1));
	const { [kind]: _, ...rest } = counts;
	return number ? { ...rest, [kind]: number } : rest;
}

/** What to say of a failure: the server's sentence, or none of another error, which is thrown on. */
export function sentence(fault: unknown): string {
	if (fault instanceof ApiError) return fault.message;
	throw fault;
}
