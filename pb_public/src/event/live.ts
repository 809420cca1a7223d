// What happens while a page is open, by one stream of events a tab. An event says which piece is new, changed or gone; the page
// asks the ordinary doors for it. Where no stream comes, pages look quietly from time to time; nothing is ever lost by it.

import { api } from "../page/api.js";
import { owesAll } from "../page/gate.js";
import { router } from "../page/router.svelte.js";
import { session } from "../page/session.svelte.js";
import { waitBefore } from "./wait.js";

export type What = "new" | "changed" | "gone" | "counts" | "again" | "ended";

export interface News {
	topic: string;
	post?: string;
	comment?: string;
	comments?: number;
	last_comment?: string;
	/** For how many milliseconds nothing had happened when the stream began. */
	quiet?: number;
}

export type Heard = (what: What, news: News) => void;

interface Watch {
	topic: string;
	heard: Heard;
	/** When what is shown began to be read. */
	read: number;
}

/** A tab that nobody looks at gives its connection back: a browser has few of them. */
const HIDDEN_FOR = 60_000;
/** Without a stream, how often to look. */
const LOOK_EVERY = 60_000;
/** How long the member's own topic waits for a page's: a page that opens is to open one stream, and not two. */
const ALONE_AFTER = 2000;
const NAMES = ["new", "changed", "gone", "counts", "again", "ended"] as const;

const watches = new Set<Watch>();
let source: EventSource | undefined;
/** The position up to which this tab knows, across its pages. */
let known = "";
let topics = "";
let failures = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let hiding: ReturnType<typeof setTimeout> | undefined;
let settling: ReturnType<typeof setTimeout> | undefined;
let started = false;

const tell = (what: What, news: News) => {
	for (const watch of watches) if (!news.topic || watch.topic === news.topic) watch.heard(what, news);
};

function close() {
	clearTimeout(timer);
	source?.close();
	source = undefined;
}

function open() {
	close();
	if (!topics || document.visibilityState === "hidden" || typeof EventSource === "undefined") return;
	const since = known;
	const mine = new EventSource(`/api/clinic/events?${topics}${since ? `&since=${encodeURIComponent(since)}` : ""}`);
	source = mine;
	for (const name of NAMES) mine.addEventListener(name, (event) => hear(mine, name, event as MessageEvent<string>));
	let first = !since;
	mine.addEventListener("ready", (event) => {
		ready(mine, event as MessageEvent<string>, first);
		first = false; // when the browser comes back by itself, it says up to where it knows
	});
	mine.onerror = () => {
		// While it is "connecting" the browser comes back by itself.
		if (source === mine && mine.readyState === EventSource.CLOSED) failed();
	};
}

function hear(mine: EventSource, what: What, event: MessageEvent<string>) {
	if (source !== mine) return;
	if (event.lastEventId) known = event.lastEventId;
	const news = JSON.parse(event.data) as News;
	if (what === "ended" && !news.topic) {
		close();
		void over();
		return;
	}
	tell(what, news);
}

/** The session is over, or something must be read first that is new, or another tab has the stream now. */
async function over() {
	await session.check();
	if (session.asking) timer = setTimeout(open, waitBefore(1, LOOK_EVERY));
	if (!session.me || session.asking) return;
	await session.refresh().catch(() => {});
	// A page that shows no room shows nothing that must be left at once, and may hold what somebody writes.
	if (session.me && owesAll(session.me) && [...watches].some(ofRoom)) void router.again();
}

/** What was read before the stream began is read again only where something has happened since. */
function ready(mine: EventSource, event: MessageEvent<string>, first: boolean) {
	if (source !== mine) return;
	failures = 0;
	known = event.lastEventId;
	const { quiet = 0 } = JSON.parse(event.data) as News;
	if (!first) return;
	for (const watch of watches) {
		if (quiet < performance.now() - watch.read + 500) watch.heard("again", { topic: watch.topic });
	}
}

/** The stream does not come: too many, or a proxy that knows none. Later again, and meanwhile by looking. */
function failed() {
	close();
	failures++;
	void session.check();
	timer = setTimeout(
		() => {
			if (failures > 2 && navigator.onLine) tell("again", { topic: "" });
			open();
		},
		waitBefore(failures, LOOK_EVERY),
	);
}

const asked = ({ topic }: Watch) => `topic=${encodeURIComponent(topic)}`;
const chosen = () => [...new Set([...watches].map(asked))].sort().join("&");

const ofRoom = ({ topic }: Watch) => !topic.startsWith("member:");

/** After a change of what is watched; once for all that come and go at a time. */
function settle() {
	queueMicrotask(() => {
		clearTimeout(settling);
		if (watches.size === 0 || [...watches].some(ofRoom)) change();
		else settling = setTimeout(change, ALONE_AFTER);
	});
}

function change() {
	const next = chosen();
	if (next === topics && (source || !next)) return;
	const before = new Set(topics.split("&"));
	// What is watched from now on was read just now, and what happened before is in it; what was watched already is known up to now.
	if (!next || next.split("&").some((topic) => !before.has(topic))) {
		known = "";
		if (source && source.readyState === EventSource.OPEN) {
			for (const watch of watches) if (before.has(asked(watch))) watch.read = performance.now();
		}
	}
	topics = next;
	open();
}

function start() {
	if (started) return;
	started = true;
	document.addEventListener("visibilitychange", () => {
		clearTimeout(hiding);
		if (document.visibilityState === "hidden") hiding = setTimeout(close, HIDDEN_FOR);
		else if (!source && topics) open();
	});
	addEventListener("online", () => {
		if (!source && topics) open();
	});
	addEventListener("pagehide", close);
}

export const live = {
	/** Listens to a topic until the function that it gives is called. `read` is when what is shown of it began to be read. */
	watch(topic: string, read: number, heard: Heard): () => void {
		start();
		const watch = { topic, heard, read };
		watches.add(watch);
		settle();
		return () => {
			watches.delete(watch);
			settle();
		};
	},
};

/** Asks a door as the page and not as a person: it keeps no session alive. */
export const quietly = <T>(path: string) => api.get<T>(path, { background: true });
