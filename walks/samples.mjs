// Files to share: a photograph with its place in it, a film with sound, a leaflet. Each is made here, so that none has to be kept.
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const folder = mkdtempSync(join(tmpdir(), "kinward-files-"));

/** Has a page draw a picture or record a film, and keeps it as a file. */
export async function make(page, name, work) {
	const base64 = await page.evaluate(work);
	const path = join(folder, name);
	writeFileSync(path, Buffer.from(base64, "base64"));
	return path;
}

export const drawing = async () => {
	const canvas = document.createElement("canvas");
	[canvas.width, canvas.height] = [1600, 1200];
	const pen = canvas.getContext("2d");
	const sky = pen.createLinearGradient(0, 0, 0, 1200);
	sky.addColorStop(0, "#8ec5e8");
	sky.addColorStop(1, "#f6e7c1");
	pen.fillStyle = sky;
	pen.fillRect(0, 0, 1600, 1200);
	pen.fillStyle = "#3f7d4e";
	pen.fillRect(0, 850, 1600, 350);
	pen.fillStyle = "#c4572d";
	pen.fillRect(600, 500, 420, 360);
	const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.9));
	const bytes = new Uint8Array(await blob.arrayBuffer());
	let text = "";
	for (const byte of bytes) text += String.fromCharCode(byte);
	return btoa(text);
};

export const film = async () => {
	const canvas = document.createElement("canvas");
	[canvas.width, canvas.height] = [320, 240];
	const pen = canvas.getContext("2d");
	const stream = canvas.captureStream(20);
	const sound = new AudioContext();
	const tone = sound.createOscillator();
	const out = sound.createMediaStreamDestination();
	tone.connect(out);
	tone.start();
	stream.addTrack(out.stream.getAudioTracks()[0]);
	const recorder = new MediaRecorder(stream, { mimeType: "video/webm;codecs=vp8,opus" });
	const parts = [];
	recorder.ondataavailable = (event) => parts.push(event.data);
	recorder.start(200);
	for (let i = 0; i < 40; i++) {
		pen.fillStyle = `hsl(${i * 9} 60% 50%)`;
		pen.fillRect(0, 0, 320, 240);
		await new Promise((done) => setTimeout(done, 50)); // a film takes its time
	}
	await new Promise((done) => {
		recorder.onstop = done;
		recorder.stop();
	});
	const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
	let text = "";
	for (const byte of bytes) text += String.fromCharCode(byte);
	return btoa(text);
};

/** A photograph as a camera stores it: with the place where it was taken. */
export function placed(path) {
	const picture = readFileSync(path);
	const exif = Buffer.from("Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0GPSLatitude 40.7128 secret place", "latin1");
	const length = Buffer.alloc(2);
	length.writeUInt16BE(exif.length + 2);
	writeFileSync(path, Buffer.concat([picture.subarray(0, 2), Buffer.from([0xff, 0xe1]), length, exif, picture.subarray(2)]));
	return path;
}

export function leaflet(extra = "") {
	const path = join(folder, extra ? "form.pdf" : "leaflet.pdf");
	const objects = [
		`<< /Type /Catalog /Pages 2 0 R ${extra} >>`,
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Resources << >> >>",
		"<< /Author (Secret Author) >>",
	];
	let text = "%PDF-1.7\n";
	const places = objects.map((object, i) => {
		const at = text.length;
		text += `${i + 1} 0 obj\n${object}\nendobj\n`;
		return at;
	});
	const start = text.length;
	text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("")}`;
	text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /Info 4 0 R >>\nstartxref\n${start}\n%%EOF\n`;
	writeFileSync(path, text);
	return path;
}
