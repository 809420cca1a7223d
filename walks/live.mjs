// What happens in a community while others have it open: new posts wait until they are asked for, comments come by themselves, and
// what is taken away goes; a page that was away misses nothing; and who may hear no more hears no more.
import { ask, browse, demo, look, person, signIn, step, walk } from "./house.mjs";

const house = await demo();
const browser = await browse();

/** Writes, and fails where a check would hold it: the walk would wait in vain. */
async function post(who, path, body) {
	const made = await ask(who, "POST", path, body);
	if (made.status !== "shown") throw new Error(`${path} is ${made.status}`);
	return made;
}
const streams = (who) => {
	const open = new Set();
	who.page.on("request", (request) => request.url().includes("/api/clinic/events?topic=community") && open.add(request.url()));
	return open;
};

await walk("live", async () => {
	for (const [width, locale, dark] of [
		["phone", "en-US", false],
		["desk", "es-MX", true],
	]) {
		const how = { width, locale, dark, expects: ["401", "404", "ERR_"] };
		const spanish = locale.startsWith("es");
		const reader = await person(browser, house, how);
		const opened = streams(reader);
		await signIn(reader, spanish ? "rosa@demo.example" : "heron@demo.example");
		const writer = await person(browser, house, { expects: ["401"] });
		await signIn(writer, "ana@demo.example");
		for (const one of [reader, writer]) one.page.setDefaultTimeout(10_000);
		const mine = (await ask(reader, "GET", "/communities")).items.map(({ id }) => id);
		const room = (await ask(writer, "GET", "/communities")).items.find(({ id }) => mine.includes(id)).id;
		const named = `${width} ${locale}`;
		const write = (words) => post(writer, `/communities/${room}/posts`, { kind: "discussion", title: words, body: `${words}: our waiting room has a new window.` });
		const pill = reader.page.locator(".place button");
		let written;

		await step(`${named}: the stream of a community opens, once`, async () => {
			const stream = reader.page.waitForRequest((request) => request.url().includes("/api/clinic/events"));
			await reader.page.goto(`/communities/${room}`);
			await reader.page.waitForSelector("article");
			await stream;
			if (opened.size !== 1) throw new Error(`${opened.size} streams`);
		});
		await step(`${named}: a new post waits, and nothing moves`, async () => {
			const first = reader.page.locator("ol article").first();
			const before = await first.boundingBox();
			written = await write("A new window");
			await pill.waitFor();
			const after = await first.boundingBox();
			if (before.y !== after.y) throw new Error(`the first post moved from ${before.y} to ${after.y}`);
			await write("A second window");
			await reader.page.waitForFunction(() => document.querySelector(".place button")?.textContent.includes("2"));
			await look(reader, "live-new-posts");
		});
		await step(`${named}: it shows when it is asked for, with the focus on it`, async () => {
			await pill.click();
			await reader.page.waitForSelector(`#post-${written.id}`);
			if (await pill.count()) throw new Error("it still says that something is new");
			if (!(await reader.page.evaluate(() => document.activeElement.id.startsWith("post-")))) throw new Error("the focus is elsewhere");
		});
		await step(`${named}: counts and changed words come by themselves`, async () => {
			await post(writer, `/posts/${written.id}/comments`, { body: "It opens to the garden." });
			await reader.page.waitForFunction((id) => /1 com/.test(document.getElementById(`post-${id}`).textContent), written.id);
			await ask(writer, "PATCH", `/posts/${written.id}`, { title: "A newer window", body: "It is on the left." });
			await reader.page.waitForFunction((id) => document.getElementById(`post-${id}`).textContent.includes("newer"), written.id);
		});
		await step(`${named}: a comment comes by itself, with a mark`, async () => {
			await reader.page.goto(`/posts/${written.id}`);
			await reader.page.waitForSelector("#comments");
			const second = await post(writer, `/posts/${written.id}/comments`, { body: "There is a bench below it." });
			await reader.page.waitForSelector(`#comment-${second.id} .fresh`);
			await look(reader, "live-new-comment");
			await ask(writer, "DELETE", `/comments/${second.id}`);
			await reader.page.waitForFunction((id) => !document.getElementById(`comment-${id}`).textContent.includes("bench"), second.id);
		});
		await step(`${named}: what comes while the page is in the background is not seen before somebody looks`, async () => {
			const seen = [];
			reader.page.on("request", (request) => request.url().endsWith("/seen") && seen.push(request));
			const be = (state) => reader.page.evaluate((state) => {
				Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
				document.dispatchEvent(new Event("visibilitychange"));
			}, state);
			await be("hidden");
			const third = await post(writer, `/posts/${written.id}/comments`, { body: "It is warm there at noon." });
			await reader.page.waitForSelector(`#comment-${third.id} .fresh`);
			await reader.page.waitForTimeout(4_000); // to somebody who looked it would have been seen by now
			if (seen.length) throw new Error("nobody looked, and it counts as seen");
			const told = reader.page.waitForRequest((request) => request.url().endsWith("/seen"));
			await be("visible");
			await told;
		});
		await step(`${named}: while one writes it waits`, async () => {
			await reader.page.click("#opener");
			await reader.page.fill("textarea", spanish ? "Un texto que no debe moverse" : "Words that must not move");
			const before = await reader.page.locator("textarea").boundingBox();
			await post(writer, `/posts/${written.id}/comments`, { body: "The bench is green." });
			await pill.waitFor();
			const after = await reader.page.locator("textarea").boundingBox();
			if (before.y !== after.y) throw new Error(`the text moved from ${before.y} to ${after.y}`);
			await look(reader, "live-while-writing");
			await pill.click();
			await reader.page.waitForFunction(() => document.querySelector("main").textContent.includes("The bench is green"));
		});
		await step(`${named}: what was said while the page was away is there when it is back`, async () => {
			await reader.context.setOffline(true);
			await reader.page.waitForSelector(".offline .notice");
			await look(reader, "live-offline");
			const away = await post(writer, `/posts/${written.id}/comments`, { body: "The garden is open, too." });
			await reader.context.setOffline(false);
			await reader.page.waitForFunction((id) => document.getElementById(`comment-${id}`) || document.querySelector(".place button"), away.id);
		});
		await step(`${named}: a post that is taken away goes from the feed`, async () => {
			const short = await write("A door");
			await reader.page.goto(`/communities/${room}`);
			await reader.page.waitForSelector(`#post-${short.id}`);
			await ask(writer, "DELETE", `/posts/${short.id}`);
			await reader.page.waitForSelector(`#post-${short.id}`, { state: "detached" });
		});
		await step(`${named}: signed out elsewhere, the page closes at once`, async () => {
			const other = await person(browser, house, { expects: ["401"] });
			await signIn(other, spanish ? "rosa@demo.example" : "heron@demo.example");
			await ask(other, "DELETE", "/sessions");
			await reader.page.waitForURL((url) => url.pathname === "/signed-out", { timeout: 5000 });
			await other.context.close();
		});
		for (const who of [reader, writer]) await who.context.close();
	}
});
