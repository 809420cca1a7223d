// Files as /api/clinic gives them, and what of them is worth a line.

export type FileKind = "picture" | "pdf" | "audio" | "video";

/** What everyone sees of a file that a post or comment carries. */
export interface Carried {
	id: string;
	kind: FileKind;
	name: string;
	type: string;
	bytes: number;
	width?: number;
	height?: number;
	alt: string;
	/** Their language; empty: none. */
	captions: string;
	transcript: boolean;
	/** It stands in the text already. */
	inline: boolean;
}

/** A file as its own door tells of it. */
export interface About extends Carried {
	status: "uploading" | "ready";
	received: number;
	transcript_text: string;
	captions_text: string;
	post: string;
	created: string;
	mine: boolean;
	can: { describe: boolean; delete: boolean };
	/** One's own words for it that wait for a person, or were given back: others read those above. */
	waiting?: { hold: string; state: string; alt?: string; transcript?: string; captions?: string };
}

export const MOST_FILES = 10;

/** What a file may be. Without HEIC in it, an iPhone hands over its photographs as JPEG. */
export const ACCEPT = [
	"image/jpeg,image/png,image/gif,image/webp,application/pdf",
	"audio/mpeg,audio/mp4,audio/x-m4a,audio/aac,audio/ogg,audio/wav,video/mp4,video/webm,video/quicktime",
	".jpg,.jpeg,.png,.gif,.webp,.pdf,.mp3,.m4a,.aac,.ogg,.oga,.opus,.wav,.mp4,.mov,.webm",
].join(",");

export const address = (id: string) => `/api/clinic/files/${id}`;

/** A size as people say it: its number and its unit. Pure. */
export function size(bytes: number): { size: string; unit: string } {
	if (bytes < 1024 * 1024) return { size: String(Math.max(1, Math.round(bytes / 1024))), unit: "kB" };
	const mb = bytes / 1024 / 1024;
	return { size: mb < 10 ? mb.toFixed(1).replace(/\.0$/, "") : String(Math.round(mb)), unit: "MB" };
}

/** How words show a picture. Brackets would end its description. Pure. */
export const markdownOf = (id: string, alt: string) => `![${alt.replace(/[[\]\\]/g, " ").trim()}](${address(id)})`;

/** The words without a picture. Pure. */
export function without(body: string, id: string): string {
	return body.replace(new RegExp(`\\n*!\\[[^\\]]*\\]\\(${address(id)}\\)\\n*`, "g"), "\n\n").trim();
}

/** The size of a picture's thumbnail, so that its place is kept. Pure. */
export function thumbnail({ width = 0, height = 0 }: { width?: number; height?: number }) {
	const by = Math.min(1, 960 / Math.max(width, height, 1));
	return { width: Math.round(width * by) || undefined, height: Math.round(height * by) || undefined };
}
