declare module "lucide/dist/esm/icons/*.mjs" {
	/** The shapes of one drawing on a grid of 24. */
	const shapes: [tag: string, attributes: Record<string, string | number>][];
	export default shapes;
}
