// One form on its way: busy while it is sent, and what was wrong with it afterwards.

import { ApiError } from "./api.js";

export class Sending {
	busy = $state(false);
	fault = $state.raw<ApiError | null>(null);

	/** Runs the work unless it is running already. A fault is kept for the page to show; true where all went well. */
	async run(work: () => Promise<unknown>): Promise<boolean> {
		if (this.busy) return false;
		this.busy = true;
		this.fault = null;
		try {
			await work();
			return true;
		} catch (fault) {
			if (!(fault instanceof ApiError)) throw fault;
			this.fault = fault;
			return false;
		} finally {
			this.busy = false;
		}
	}

	/** Refuses the form here, with a sentence for each field; true where there is one. */
	refuse(fields: Record<string, string | false | undefined>): boolean {
		const wrong = Object.entries(fields).filter((entry): entry is [string, string] => Boolean(entry[1]));
		this.fault = wrong.length ? ApiError.ofFields(Object.fromEntries(wrong)) : null;
		return wrong.length > 0;
	}

	/** The sentence for one field. */
	at(field: string): string | undefined {
		return this.fault?.fields[field]?.message;
	}
}
