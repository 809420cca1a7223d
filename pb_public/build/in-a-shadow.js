/**
 * Makes our style sheets fit for a shadow root in a page that is not ours: what is said of the page's root and body is said of
 * our own element .house, and what is measured by the page's root, whose size is not ours, is measured in pixels.
 * @returns {import("postcss").Plugin}
 */
export function inAShadow() {
	const ROOT = /:root|(?<![\w.#-])(?:html|body)(?![\w-])/g;
	const REM = /(?<![\w.#-])(\d*\.?\d+)rem\b/g;
	/** @param {string} text */
	const pixels = (text) => text.replace(REM, (_, size) => `${Number(size) * 16}px`);
	return {
		postcssPlugin: "kinward-in-a-shadow",
		Rule(rule) {
			const selector = rule.selector.replace(ROOT, ".house");
			if (selector !== rule.selector) rule.selector = selector;
		},
		Declaration(declaration) {
			const value = pixels(declaration.value);
			if (value !== declaration.value) declaration.value = value;
		},
		AtRule(at) {
			const params = pixels(at.params);
			if (params !== at.params) at.params = params;
		},
	};
}
