// Words that could not be saved yet stay in this page's memory, also when what they are written in is built anew; never for
// another person than who wrote them.

const memories: Map<string, unknown>[] = [];

/** A memory of its own, by place. */
export function memory<T>(): Map<string, T> {
	const map = new Map<string, T>();
	memories.push(map);
	return map;
}

export const here = {
	/** True where words would be lost with this page. */
	get any() {
		return memories.some(({ size }) => size > 0);
	},
	/** Another person sits here now, or the one who wrote is done. */
	forget() {
		for (const map of memories) map.clear();
	},
};
