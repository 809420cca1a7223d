// The files that go with what one is writing.

import { api } from "../page/api.js";
import type { About } from "./file.js";
import { MOST_FILES } from "./file.js";
import { Upload } from "./upload.svelte.js";

export class Tray {
	items = $state<Upload[]>([]);
	/** What was just told: that a file is here, or could not be added. */
	said = $state("");
	busy = $derived(this.items.some(({ state }) => state !== "done" && state !== "failed"));
	/** Of those that are there, in their order. */
	ids = $derived(this.items.filter(({ state }) => state === "done").map(({ id }) => id));
	full = $derived(this.items.length >= MOST_FILES);

	constructor(
		readonly community: string,
		/** Called with every change of what is there. */
		readonly changed: () => void,
	) {}

	/** Brings back what waits with a draft, or what a piece carries. What is gone meanwhile is left out. */
	async open(ids: string[]) {
		const found = await Promise.all(
			ids.map((id) => api.get<About>(`/files/${id}/about`, { background: true }).catch(() => undefined)),
		);
		this.items = found.filter((about) => about?.status === "ready").map((about) => Upload.of(about as About));
	}

	/** Takes files from a person's hand: chosen, dropped or pasted. Those that find no room are counted. */
	add(files: Iterable<File>): number {
		let left = 0;
		for (const file of files) {
			if (this.items.length >= MOST_FILES) left++;
			else {
				this.items.push(new Upload(this.community, file));
				void this.#run(this.items[this.items.length - 1] as Upload);
			}
		}
		return left;
	}

	async #run(item: Upload) {
		if (await item.run()) this.changed();
	}

	again(item: Upload) {
		void this.#run(item);
	}

	/** Takes one off. One that goes with nothing yet is deleted on the server too. */
	remove(item: Upload) {
		this.items = this.items.filter((one) => one !== item);
		void item.cancel(Boolean(item.about?.post));
		this.changed();
	}

	close() {
		for (const item of this.items) item.forget();
	}
}
