/** The address that a title suggests: small letters, digits and single hyphens. Pure. */
export const slugOf = (title: string) =>
	title
		.normalize("NFD")
		.replace(/\p{M}/gu, "")
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, "-")
		.replace(/^[^a-z]+|-+$/g, "")
		.slice(0, 80)
		.replace(/-+$/, "");
