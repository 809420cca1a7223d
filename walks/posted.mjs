// Policies where scripts are off, and the posters as they come out of the printer.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { browse, demo, look, person, screenshots, step, walk } from "./house.mjs";

const house = await demo();
const browser = await browse();

const text = (who) => who.page.textContent("body");
const needs = (found, wanted) => {
	if (!found.includes(wanted)) throw new Error(`it does not say ${wanted}`);
};

/** How many sheets a printed page takes. */
async function sheets(who, format, name) {
	const pdf = await who.page.pdf({ format, preferCSSPageSize: false, printBackground: false });
	mkdirSync(screenshots, { recursive: true });
	writeFileSync(join(screenshots, `${name}-${format}.pdf`), pdf);
	return (pdf.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g) ?? []).length;
}

await walk("posted", async () => {
	for (const [width, locale, dark] of [
		["phone", "en-US", false],
		["desk", "es-MX", false],
		["desk", "en-US", true],
	]) {
		const who = await person(browser, house, { width, locale, dark, scripts: false, expects: ["404"] });
		const named = `${width} ${locale}`;
		await step(`${named}: the posted policies`, async () => {
			await who.page.goto("/policies");
			needs(await text(who), "Riverside Family Practice");
			await look(who, "off-policies");
		});
		await step(`${named}: one of them, by its link`, async () => {
			await who.page.click("main h2 a");
			await who.page.waitForSelector("main .prose [id^=clause-]");
			needs(await text(who), "SHA-256");
			if ((await who.page.getAttribute("html", "lang")) !== locale.slice(0, 2)) throw new Error("the document is in another language");
			await look(who, "off-policy");
		});
		await step(`${named}: its versions`, async () => {
			await who.page.click("main a[href$='/versions']");
			await who.page.click("main li a");
			await who.page.waitForSelector("main .prose");
			await who.page.goBack();
			await look(who, "off-versions");
		});
		await step(`${named}: in the other language`, async () => {
			const other = locale.startsWith("es") ? "en" : "es";
			await who.page.goto("/policies/community-guidelines");
			await who.page.click(`header a[hreflang=${other}]`);
			if ((await who.page.getAttribute("html", "lang")) !== other) throw new Error("the language stays");
		});
		await step(`${named}: any other page says what to do`, async () => {
			await who.page.goto("/sign-in");
			needs(await who.page.innerText("body"), "JavaScript");
			await who.page.waitForSelector("main a[href='/policies']");
			await who.page.waitForSelector("main a[href^='tel:']");
			await look(who, "off-sign-in");
		});
		await step(`${named}: a policy that is not there`, async () => {
			const answer = await who.page.goto("/policies/no-such-policy");
			if (answer.status() !== 404) throw new Error(`it answers ${answer.status()}`);
			await look(who, "off-not-found");
		});
		await who.context.close();
		// The same pages with scripts that do not come, so that the accessibility rules can be tried on them.
		const served = await person(browser, house, { width, locale, dark, expects: ["ERR_FAILED", "404"] });
		await served.context.route("**/assets/*.js", (route) => route.abort());
		for (const path of ["/policies", "/policies/community-guidelines", "/policies/community-guidelines/versions", "/policies/none"]) {
			await step(`${named}: ${path} keeps the rules`, async () => {
				await served.page.goto(path);
				await served.page.waitForSelector("h1");
				await look(served, `served${path.replaceAll("/", "-")}`);
			});
		}
		await served.context.close();
	}
	for (const locale of ["en-US", "es-MX"]) {
		const who = await person(browser, house, { locale });
		await step(`${locale}: a poster`, async () => {
			await who.page.goto("/policies/community-guidelines/poster");
			await who.page.waitForSelector("#print:not([hidden])");
			await look(who, "poster");
			for (const format of ["A4", "Letter"]) await sheets(who, format, `poster-${locale.slice(0, 2)}`);
		});
		await step(`${locale}: the first sheet of every poster is one sheet`, async () => {
			const { items } = await (await fetch(`${house.url}/api/clinic/policies`)).json();
			for (const { slug } of items) {
				await who.page.goto(`/policies/${slug}/poster`);
				await who.page.evaluate(() => document.querySelector(".whole").remove());
				for (const format of ["A4", "Letter"]) {
					const taken = await sheets(who, format, `poster-first-${slug}-${locale.slice(0, 2)}`);
					if (taken !== 1) throw new Error(`that of ${slug} takes ${taken} on ${format}`);
				}
			}
		});
		await step(`${locale}: the poster of all policies`, async () => {
			await who.page.goto("/policies/poster");
			await look(who, "poster-all");
			for (const format of ["A4", "Letter"]) {
				const all = await sheets(who, format, `poster-all-${locale.slice(0, 2)}`);
				if (all !== 1) throw new Error(`it takes ${all} sheets on ${format}`);
			}
		});
		await who.context.close();
	}
	const phone = await person(browser, house, { width: "phone" });
	await step("a poster on a phone", async () => {
		await phone.page.goto("/policies/community-guidelines/poster");
		await look(phone, "poster");
	});
});
