// Which route an address means. Pure.

export interface Matched<R> {
	route: R;
	params: Record<string, string>;
}

export function match<R extends { path: string }>(routes: R[], pathname: string): Matched<R> | undefined {
	const parts = split(pathname);
	for (const route of routes) {
		const params = fits(split(route.path), parts);
		if (params) return { route, params };
	}
	return undefined;
}

const split = (path: string) => path.split("/").filter(Boolean);

function fits(pattern: string[], parts: string[]): Record<string, string> | undefined {
	if (pattern.length !== parts.length) return undefined;
	const params: Record<string, string> = {};
	for (const [i, name] of pattern.entries()) {
		const part = parts[i] as string;
		if (name.startsWith(":")) params[name.slice(1)] = decode(part);
		else if (name !== part) return undefined;
	}
	return params;
}

function decode(part: string): string {
	try {
		return decodeURIComponent(part);
	} catch {
		return part;
	}
}
