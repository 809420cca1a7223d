// A telephone's photograph is made smaller before it goes over the line: a tenth of the bytes, and nobody sees the difference.
// The server makes it anew in any case; where the browser cannot, the photograph goes as it is.

const SIDE = 2560;
const SMALL_ENOUGH = 700_000;

const isHEIC = (file: File) => /image\/hei[cf]/.test(file.type) || /\.hei[cf]$/i.test(file.name);

/** The picture to send in place of a file, or the file itself. */
export async function shrink(file: File): Promise<Blob> {
	if (!isHEIC(file) && (file.type !== "image/jpeg" || file.size < SMALL_ENOUGH)) return file;
	try {
		const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
		const by = Math.min(1, SIDE / Math.max(picture.width, picture.height));
		const canvas = document.createElement("canvas");
		[canvas.width, canvas.height] = [Math.round(picture.width * by), Math.round(picture.height * by)];
		canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
		picture.close();
		const made = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", 0.88));
		return made && (made.size < file.size || isHEIC(file)) ? made : file;
	} catch {
		return file; // what this browser cannot read, the server says a word about
	}
}
