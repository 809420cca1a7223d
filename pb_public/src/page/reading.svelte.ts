// Whether what the page shows comes from what this device has kept, and from when.

let since = $state("");

export const reading = {
	/** When the oldest of what is shown was read; empty while it comes from the server. */
	get since() {
		return since;
	},
	from(at: string) {
		if (!since || at < since) since = at;
	},
	/** The server answers again. */
	fresh() {
		since = "";
	},
};
