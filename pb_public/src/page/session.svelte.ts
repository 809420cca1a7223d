// Who is signed in, and for how long: the idle time, the warning before it ends, signing in again in place, and the other
// tabs of this browser. Leaving a computer alone must take what stood on its screen away.

import { ApiError, answered, api, listen, type Why } from "./api.js";
import { drafts } from "./drafts.svelte.js";
import { Clock } from "./idle.js";
import { languageIsWished, SIGNED_IN, speak, toBeSpoken } from "./messages.svelte.js";
import { own } from "./own.js";
import { router } from "./router.svelte.js";
import type { Language, Me, SessionState } from "./types.js";

/** Why a session ended, as the signed-out page says it. */
export type Ended = "asked" | "idle" | "elsewhere";
type Told = { kind: "active"; left: number } | { kind: "out"; because: Ended } | { kind: "in"; id: string };

let me = $state.raw<Me | null>(null);
let warning = $state<"idle" | "over" | null>(null);
let left = $state(0);
let asking = $state<Why | null>(null);
let answers: ((signedIn: boolean) => void)[] = [];
let checking = false;

const clock = new Clock();
const tabs = new BroadcastChannel("kinward.session");
const tell = (told: Told) => tabs.postMessage(told);

function take(next: Me) {
	drafts.belongTo(next.id);
	me = next;
	localStorage.setItem(SIGNED_IN, next.language);
	void own.signedIn(next);
	clock.start(next.session, Date.now());
	warning = null;
	// The language that the page begins with may still be on its way: it must not come after the account's.
	if (next.language === toBeSpoken()) return;
	// Signing in follows the account, unless the language was chosen on the way in: then the account follows.
	if (languageIsWished()) void keepLanguage(toBeSpoken());
	else void speak(next.language);
}

/** The account's language is what letters and the server's own sentences are written in. */
async function keepLanguage(language: Language) {
	await api.patch("/me", { language }, { background: true }).catch(() => {});
	if (me) me = { ...me, language };
	localStorage.setItem(SIGNED_IN, language);
}

const stands = () => api.get<{ signed_in: boolean } & SessionState>("/session", { background: true, fresh: true });

/** Asks the server how it stands; this is no activity. */
async function check() {
	if (checking) return;
	checking = true;
	try {
		let state = await stands();
		// What ended it may be a deed of this very page, whose answer brings the session that goes on.
		if (!state.signed_in && (await answered())) state = await stands();
		if (state.signed_in) clock.correct(state.idle_seconds_left, Date.now());
		else await own.ended();
		const elsewhere = clock.left(Date.now()) > 5000;
		if (!state.signed_in) over(elsewhere ? "elsewhere" : "idle");
	} catch {
		// No answer: at the end of the time the page hides what it shows all the same.
		if (clock.left(Date.now()) <= 0) over("idle");
	} finally {
		checking = false;
	}
}

/** Words that are nowhere else wait behind the question for the password, which covers the page; everything else goes at once. */
function over(because: Ended) {
	if (me && drafts.atRisk) [asking, warning] = ["ended", null];
	else end(because);
}

async function tick() {
	if (!me || asking) return;
	left = Math.max(0, Math.ceil(clock.left(Date.now()) / 1000));
	if (left === 0) return check();
	const stage = clock.stage(Date.now());
	if (stage && !warning) {
		await drafts.flush();
		await check();
	}
	warning = me ? clock.stage(Date.now()) : null;
}

/** A person is there: keys, touches and scrolling count, at most one request a minute. */
function stirred() {
	if (!me || warning || asking || !clock.mayKeep(Date.now())) return;
	clock.touched(Date.now());
	void session.keep().catch(() => {});
}

function end(because: Ended, spread = true) {
	if (!me && !asking) return;
	const from = location.pathname + location.search;
	localStorage.removeItem(SIGNED_IN);
	me = null;
	warning = null;
	settle(false);
	router.forget();
	if (spread) tell({ kind: "out", because });
	const next = because === "idle" && from !== "/" ? `&next=${encodeURIComponent(from)}` : "";
	void router.go(`/signed-out?because=${because}${next}`, { replace: true });
}

function settle(signedIn: boolean) {
	asking = null;
	for (const answer of answers) answer(signedIn);
	answers = [];
}

tabs.onmessage = async ({ data }: MessageEvent<Told>) => {
	if (data.kind === "active") clock.correct(data.left, Date.now());
	if (data.kind === "active" && me) warning = clock.stage(Date.now());
	if (data.kind === "out") {
		end(data.because, false);
		await own.ended(); // what was on its way to this tab
	}
	if (data.kind !== "in") return;
	if (me && me.id !== data.id) return location.reload();
	await session.refresh();
	if (asking) settle(true);
	else if (router.path === "/sign-in") void router.again();
};

listen({
	active() {
		if (!me) return;
		clock.touched(Date.now());
		warning = clock.stage(Date.now());
		tell({ kind: "active", left: clock.left(Date.now()) / 1000 });
	},
	passwordNeeded(why) {
		if (!me) {
			void router.again();
			return Promise.resolve(false);
		}
		asking = why;
		warning = null;
		if (why === "ended") void own.ended();
		return new Promise((resolve) => answers.push(resolve));
	},
	async owing() {
		await session.refresh();
		void router.again();
	},
});

export const session = {
	/** The signed-in member, or null for a guest. */
	get me() {
		return me;
	},
	/** Set while the page warns that the session will end: unanswered, or after its longest life. */
	get warning() {
		return warning;
	},
	get secondsLeft() {
		return left;
	},
	/** Why the page asks for the password in place, while it does. */
	get asking() {
		return asking;
	},
	/** Whether somebody was signed in here when the page was left. */
	wasIn: () => localStorage.getItem(SIGNED_IN) !== null,
	async start(language?: string) {
		// Who was in is asked for at once: the answer says, too, where they are not in any more.
		const known =
			session.wasIn() || (await api.get<{ signed_in: boolean }>("/session", { background: true, language })).signed_in;
		if (known) await session.refresh(language);
		if (!me) {
			localStorage.removeItem(SIGNED_IN);
			await own.ended();
		}
		setInterval(tick, 1000);
		drafts.start();
		document.addEventListener("visibilitychange", tick);
		for (const kind of ["pointerdown", "keydown", "scroll"]) addEventListener(kind, stirred, { passive: true });
	},
	/** Reads the member anew: after signing in elsewhere, an acknowledgement, a change of name. */
	async refresh(language?: string) {
		try {
			take(await api.get<Me>("/me", { plain: true, language }));
		} catch (fault) {
			if (!(fault instanceof ApiError) || fault.status !== 401) throw fault;
			me = null;
		}
	},
	/** What a route answered that signs a person in: take it over. */
	entered(next: Me) {
		take(next);
		tell({ kind: "in", id: next.id });
	},
	async signIn(email: string, password: string) {
		const next = await api.post<Me>("/session", { email, password }, { plain: true });
		const other = me && me.id !== next.id;
		session.entered(next);
		// Another member on the same page: nothing of the first may stay on it.
		if (other) return location.assign("/");
		if (asking) settle(true);
	},
	/** Signs out and says so; with `stay` on the page where the person is. Words that cannot be saved are asked about first. */
	async signOut({ stay = false } = {}) {
		await drafts.flush();
		if (!router.mayLeave()) return;
		await own.ended();
		await api.delete("/session", { plain: true }).catch((fault: ApiError) => {
			if (fault.status !== 401) throw fault;
		});
		await own.ended(); // what was asked for between the two
		drafts.forget();
		if (!stay) return end("asked");
		localStorage.removeItem(SIGNED_IN);
		me = null;
		router.forget();
		tell({ kind: "out", because: "asked" });
	},
	/** Speaks another language from now on, here and, for a member, in letters. */
	async speak(language: Language) {
		// The account first: what the change fetches anew comes in the account's language.
		if (me && me.language !== language) await keepLanguage(language);
		await speak(language, true);
	},
	/** Asks the server whether the session still lives, and ends the page where it does not. */
	check,
	/** "I am still here." */
	async keep() {
		const state = await api.post<{ idle_seconds_left: number }>("/session/keep", {});
		clock.correct(state.idle_seconds_left, Date.now());
		warning = clock.stage(Date.now());
	},
	/** The password once more, for a door that wants it fresh. */
	async confirmPassword(password: string) {
		await api.post("/session/fresh", { password }, { plain: true });
		settle(true);
	},
	/** The person does not give the password that the page asks for in place. */
	giveUp() {
		if (asking === "fresh") settle(false);
		else end("elsewhere");
	},
};
