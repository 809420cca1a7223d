// Pictures that stand in a text and are not to be had any more: their file was deleted, or goes with what is no longer shown. The text
// is the same for all and older than that, so that the page finds it out where a picture does not come.

import { ApiError, api } from "./api.js";
import { t } from "./messages.svelte.js";

const FILES = "/api/clinic/files/";

/** Whether a file is not there for who asks. Where nobody answers it is not known: the line may be gone and not the file. */
export async function isGone(id: string): Promise<boolean> {
	return api.get(`/files/${id}/about`, { background: true }).then(
		() => false,
		(fault) => fault instanceof ApiError && fault.status === 404,
	);
}

/** What is said in the place of a picture, with what its writer said of it. */
export const goneWords = (alt: string) => (alt ? t("page.picture.gone_of", { alt }) : t("page.picture.gone"));

/** Has the pictures in a text say so where they are gone. */
export function watchPictures(node: HTMLElement) {
	for (const picture of node.querySelectorAll<HTMLImageElement>(`img[src^="${FILES}"]`)) {
		picture.addEventListener(
			"error",
			async () => {
				const id = (picture.getAttribute("src") ?? "").slice(FILES.length);
				if (!(await isGone(id))) return;
				const said = document.createElement("span");
				said.className = "gone";
				said.textContent = goneWords(picture.alt.trim());
				picture.replaceWith(said);
			},
			{ once: true },
		);
	}
}
