// A page of ours in PocketBase's dashboard. This file is put into /_/extensions.js with those of other extensions, and is run
// before the dashboard's router starts: it only says where the page stands, and fetches the editor when it is opened.
// __EDITOR__ and __STYLES__ are the built files' addresses.

const open = (part) => (route) => {
	const page = document.createElement("div");
	page.className = "page kinward-policies";
	let close = () => {};
	page.onunmount = () => close();
	import("__EDITOR__").then(
		(editor) => {
			close = editor.show(page, {
				styles: "__STYLES__",
				slug: route.params.slug ?? "",
				part,
				token: () => app.pb.authStore.token,
				refused: () => app.pb.authStore.clear(),
				dark: () => app.store.activeColorScheme === "dark",
			});
		},
		(error) => app.toasts.error(error.message),
	);
	return page;
};

app.store.headerLinks.splice(1, 0, { href: "#/policies", icon: "ri-file-text-line", label: "Policies" });
app.routes.superuserOnly("#/policies", open("list"));
app.routes.superuserOnly("#/policies/{slug}", open("editor"));
app.routes.superuserOnly("#/policies/{slug}/acknowledgements", open("acknowledgements"));
