// Runs before the page's own script has come, and asks for what that script will ask for first: on a slow network each answer that is
// waited for costs as much as a third of the script. api.ts takes these answers, each once.
(() => {
	/** @type {{ pages: Record<string, string[]>, texts: Record<string, Record<string, string[]>> }} filled in by the build */
	const MADE = { pages: {}, texts: {} };
	const scope = /** @type {{ kinwardEarly?: Record<string, Promise<Response>> }} */ (globalThis);
	if (scope.kinwardEarly) return; // the page's own script was there first
	/** @type {Record<string, Promise<Response>>} */
	const early = {};
	scope.kinwardEarly = early;
	const wishes = [
		new URLSearchParams(location.search).get("language"),
		localStorage.getItem("kinward.in"),
		localStorage.getItem("kinward.language"),
		...navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase()),
	];
	const language = wishes.find((wish) => wish === "en" || wish === "es") ?? "en";

	/**
	 * @param {string} path
	 * @param {boolean} [quiet] no activity of a person
	 */
	const ask = (path, quiet) => {
		const headers = { "Accept-Language": language, ...(quiet && { "X-Background": "1" }) };
		early[`${language} ${path}`] = fetch(`/api/clinic${path}`, { credentials: "same-origin", headers });
		early[`${language} ${path}`]?.catch(() => {});
	};
	/** @param {string} href */
	const load = (href) => {
		const link = document.createElement("link");
		if (href.endsWith(".css")) [link.rel, link.as] = ["preload", "style"];
		else link.rel = "modulepreload";
		link.crossOrigin = ""; // as the page's own script asks for them
		link.href = href;
		document.head.append(link);
	};

	ask("/practice", true);
	for (const file of MADE.texts[language]?.always ?? []) load(file);
	// Somebody was signed in here when the page was left: what stands at this address is theirs to read, or will be refused.
	if (!localStorage.getItem("kinward.in")) return ask("/session", true);
	ask("/me");
	const room = /^\/communities\/([a-z0-9]{15})$/.exec(location.pathname)?.[1];
	const post = /^\/posts\/([a-z0-9]{15})$/.exec(location.pathname)?.[1];
	if (room) for (const path of [`/communities/${room}`, `/communities/${room}/posts`]) ask(path);
	if (post) ask(`/posts/${post}`);
	if (location.pathname === "/") ask("/communities");
	const kind = room ? "room" : post ? "post" : location.pathname === "/" ? "home" : "";
	for (const file of [...(MADE.pages[kind] ?? []), ...(MADE.texts[language]?.[kind] ?? [])]) load(file);
})();
