// A page of ours in PocketBase's dashboard. This file is put into /_/extensions.js with those of other extensions, and is run
// before the dashboard's router starts: it only says where the page stands, and fetches the editor when it is opened.
// __EDITOR__ and __STYLES__ are the built files' addresses.

const built = "__EDITOR__";
const app = /** @type {any} */ (globalThis).app;

/** @param {string} part */
const page = (part) => (/** @type {{ params: { slug?: string, example?: string } }} */ route) => {
	const host = /** @type {HTMLDivElement & { onunmount?: () => void }} */ (document.createElement("div"));
	host.className = "page kinward-policies";
	let close = () => {};
	host.onunmount = () => close();
	import(built).then(
		(editor) => {
			close = editor.show(host, {
				styles: "__STYLES__",
				slug: route.params.slug ?? "",
				example: route.params.example ?? "",
				part,
				token: () => app.pb.authStore.token,
				refused: () => app.pb.authStore.clear(),
				dark: () => app.store.activeColorScheme === "dark",
			});
		},
		(error) => app.toasts.error(error.message),
	);
	return host;
};

app.store.headerLinks.splice(1, 0, { href: "#/policies", icon: "ri-file-text-line", label: "Policies" });
app.routes.superuserOnly("#/policies", page("list"));
app.routes.superuserOnly("#/policies/{slug}", page("editor"));
app.routes.superuserOnly("#/policies/{slug}/cases", page("cases"));
app.routes.superuserOnly("#/policies/{slug}/cases/{example}", page("cases"));
app.routes.superuserOnly("#/policies/{slug}/acknowledgements", page("acknowledgements"));
