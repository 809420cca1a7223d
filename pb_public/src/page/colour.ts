// The practice's accent, corrected until text in it can be read. Pure; the formulas are Björn Ottosson's OKLab and
// WCAG 2.2's relative luminance.

export interface Oklch {
	l: number;
	c: number;
	h: number;
}

const linear = (v: number) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);

export function fromHex(hex: string): Oklch | null {
	const found = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex);
	if (!found) return null;
	const [r, g, b] = found.slice(1).map((part) => linear(Number.parseInt(part, 16) / 255)) as [number, number, number];
	const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
	const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
	const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
	const L = 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s;
	const A = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
	const B = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
	return { l: L, c: Math.hypot(A, B), h: ((Math.atan2(B, A) * 180) / Math.PI + 360) % 360 };
}

/** The linear-light sRGB of a colour; what does not fit into sRGB is cut off, as screens do. */
function toLinear({ l, c, h }: Oklch): [number, number, number] {
	const a = c * Math.cos((h * Math.PI) / 180);
	const b = c * Math.sin((h * Math.PI) / 180);
	const x = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
	const y = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
	const z = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
	const cut = (v: number) => Math.min(1, Math.max(0, v));
	return [
		cut(4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z),
		cut(-1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z),
		cut(-0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z),
	];
}

export function luminance(colour: Oklch): number {
	const [r, g, b] = toLinear(colour);
	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast(one: Oklch, other: Oklch): number {
	const [a, b] = [luminance(one), luminance(other)];
	return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** The nearest lightness of `colour` that stands off from `ground` by at least `ratio`. */
export function readable(colour: Oklch, ground: Oklch, ratio: number): Oklch {
	const step = luminance(ground) > 0.18 ? -0.005 : 0.005;
	const out = { ...colour, c: Math.min(colour.c, 0.16) };
	while (contrast(out, ground) < ratio && (step > 0 ? out.l < 1 : out.l > 0)) out.l += step;
	return out;
}

export const css = ({ l, c, h }: Oklch) => `oklch(${l.toFixed(3)} ${c.toFixed(3)} ${h.toFixed(1)})`;

// The darkest ground that the accent stands on by day (--sunk) and the lightest by night (--accent-wash).
const DAY: Oklch = { l: 0.955, c: 0.012, h: 85 };
const NIGHT: Oklch = { l: 0.345, c: 0.02, h: 75 };

/** An accent as it is worn by day and by night: the chosen hue, dark enough for paper and light enough for the dark. */
export function accents(colour: Oklch): { day: Oklch; night: Oklch } {
	return {
		day: readable({ ...colour, l: Math.min(colour.l, 0.5) }, DAY, 5),
		night: readable({ ...colour, l: Math.max(colour.l, 0.76) }, NIGHT, 5),
	};
}

/** Shows the practice's accent, or Kinward's own where it has chosen none. */
export function wearAccent(hex: string | undefined, root: HTMLElement) {
	const colour = hex ? fromHex(hex) : null;
	if (!colour) {
		root.style.removeProperty("--accent-light");
		root.style.removeProperty("--accent-dark");
		return;
	}
	const { day, night } = accents(colour);
	root.style.setProperty("--accent-light", css(day));
	root.style.setProperty("--accent-dark", css(night));
}
