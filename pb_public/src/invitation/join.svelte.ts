// Joining, from the link of a letter to the community. The token lives in this object and nowhere else: not in the address,
// the history, a store or a log.

import { ApiError, api, Once } from "../page/api.js";
import { languageWasChosen, speak, spoken } from "../page/messages.svelte.js";
import { Sending } from "../page/sending.svelte.js";
import { session } from "../page/session.svelte.js";
import type { Me, Person, Right, Role } from "../page/types.js";
import type { PolicyText } from "../policy/policy.js";

export interface Change {
	from: Role;
	to: Role;
	/** What ends with it. */
	rights: Right[];
	leaves: { id: string; name: string }[];
}

export interface Offer {
	practice: { name: string; phone: string };
	inviter: Person;
	role: Role;
	email: string;
	language: string;
	needs_code: boolean;
	/** A member whose mailbox was lost comes back to the same account. */
	returning: boolean;
	/** Already signed in with this address: accepting makes no account. */
	joining: boolean;
	/** What accepting changes of the account that is signed in. */
	change: Change | null;
	/** Of the account that is there already, else empty. */
	name: string;
	expires: string;
	suggested_names: string[];
	policies: PolicyText[];
}

/** What the second screen asks for. */
export interface Account {
	name: string;
	title: string;
	password: string;
	code: string;
}
const NOTHING_ASKED: Account = { name: "", title: "", password: "", code: "" };

/** Ends of the road; each shows a page of its own with a next step. */
export type End = "fault" | "declined" | "asked";

/** Faults of the form rather than of the invitation: they are mended where the form is. */
const OF_THE_FORM = [
	"invitation_code_wrong",
	"invitation_needs_code",
	"check_the_fields",
	"fresh_sign_in_required",
	"rate_limited",
];

export class Joining {
	offer = $state.raw<Offer | null>(null);
	/** 1 who invites · 2 name and password · 3 the policies · 4 in. */
	step = $state(1);
	end = $state<End | null>(null);
	fault = $state.raw<ApiError | null>(null);
	/** What the server said about declining or asking again. */
	message = $state("");
	/** What was typed on the second screen: going back to the first takes nothing away. */
	readonly account = $state({ ...NOTHING_ASKED });
	readonly sending = new Sending();
	readonly #once = new Once();
	readonly #token: string;

	constructor(token: string) {
		this.#token = token;
	}

	/** What is wrong with the code, as the server says. */
	get codeFault() {
		const { fault } = this.sending;
		return /^invitation_(code|needs_code)/.test(fault?.code ?? "") ? fault?.message : this.sending.at("code");
	}

	get hasToken() {
		return this.#token !== "";
	}

	async open() {
		this.fault = null;
		this.end = null;
		try {
			this.offer = await api.post<Offer>("/invitations/open", { token: this.#token }, { plain: true });
			if (!languageWasChosen()) await speak(this.offer.language);
		} catch (fault) {
			this.#stop(fault);
		}
	}

	/** Makes the account, or changes the one that is signed in; that asks for the password in place. What the policies ask stands between it and the community until step 3 is done. */
	accept() {
		const form = this.account;
		const body = {
			...form,
			token: this.#token,
			code: form.code.replace(/\s/g, ""),
			name: form.name.trim(),
			language: spoken(),
			acknowledge: [],
		};
		return this.sending.run(async () => {
			try {
				session.entered(
					await api.post<Me>("/invitations/accept", body, { plain: !this.offer?.change, once: this.#once }),
				);
				this.step = session.me?.owes.some(({ kind }) => kind === "policy") ? 3 : 4;
			} catch (fault) {
				if (isForm(fault)) throw fault;
				this.#stop(fault);
			}
		});
	}

	decline() {
		return this.#say("/invitations/decline", "declined");
	}

	askAgain() {
		return this.#say("/invitations/ask-again", "asked");
	}

	async #say(path: string, end: End) {
		await this.sending.run(async () => {
			this.message = (await api.post<{ message: string }>(path, { token: this.#token }, { plain: true })).message;
			this.end = end;
		});
	}

	#stop(fault: unknown) {
		if (!(fault instanceof ApiError)) throw fault;
		this.fault = fault;
		this.end = "fault";
	}
}

function isForm(fault: unknown): boolean {
	if (!(fault instanceof ApiError)) return false;
	return fault.status === 0 || OF_THE_FORM.includes(fault.code) || Object.keys(fault.fields).length > 0;
}
