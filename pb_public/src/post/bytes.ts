// How much of a post's room is used. The server counts bytes of UTF-8, so the page does too.

/** The most that a post or comment may hold. */
export const MOST = 20_000;
/** From here on the writer is told how much room is left. */
export const NEAR = 18_000;

const encoder = new TextEncoder();

/** The bytes of a text as the server counts them. */
export function bytes(text: string): number {
	return encoder.encode(text).length;
}

/** The bytes used, once they come near the limit; before that nobody needs to know. Pure. */
export function nearlyFull(text: string): number | undefined {
	if (text.length * 3 < NEAR) return undefined; // short, however it is written
	const used = bytes(text);
	return used >= NEAR ? used : undefined;
}
