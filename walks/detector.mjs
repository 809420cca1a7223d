// What notices that something in a page ran, loaded or left its box. Both functions run inside the browser and therefore
// use nothing from outside themselves.

/** Runs before a page's own content: notes every dialog, every script that a policy would have refused, and each window. */
export function watch() {
	const fired = [];
	window.fired = fired;
	const note = (what) => () => {
		fired.push(what);
	};
	for (const name of ["alert", "confirm", "prompt", "print", "open"]) {
		Object.defineProperty(window, name, { value: note(name), writable: false, configurable: false });
	}
	// The page is served with a report-only policy of "nothing at all": whatever it would have stopped is reported here,
	// so a script is noticed even if it calls none of the above.
	addEventListener("securitypolicyviolation", (e) => fired.push(`${e.effectiveDirective} ${e.blockedURI}`), true);
	// A link to another page is a link: following it is no finding. What else a click does is.
	addEventListener(
		"click",
		(e) => {
			const link = e.composedPath().find((n) => n instanceof HTMLAnchorElement);
			if (link && ["http:", "https:", "mailto:", "tel:"].includes(link.protocol)) e.preventDefault();
		},
		true,
	);
}

/** Does to every element in a page what a reader, a mouse or a script could do to it. */
export async function poke() {
	const events = (
		"load error focus blur focusin focusout change input submit reset select invalid toggle beforetoggle scroll wheel copy cut paste " +
		"keydown keyup keypress mousedown mouseup mouseover mouseout mousemove mouseenter mouseleave contextmenu dblclick auxclick " +
		"pointerdown pointerup pointerover pointerenter touchstart dragstart drop animationstart animationend transitionend begin"
	).split(" ");
	for (const element of document.body?.querySelectorAll("*") ?? []) {
		element.focus?.();
		if (element.click) element.click();
		else element.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
		for (const type of events) element.dispatchEvent(new Event(type, { bubbles: true, cancelable: true }));
	}
	// A javascript: address runs in a task of its own, a reported violation too: let those come first.
	for (let i = 0; i < 3; i++) await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
}

/** Parses every box's own HTML again, as a script that copies HTML does, and counts the boxes whose HTML was changed by it. */
export function reparse() {
	let changed = 0;
	for (const box of document.querySelectorAll("body > section")) {
		const before = box.innerHTML;
		box.innerHTML = before;
		if (box.innerHTML !== before) changed++;
	}
	return changed;
}
