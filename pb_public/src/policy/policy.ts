// What /policies answers with.

import { api } from "../page/api.js";
import { spoken } from "../page/messages.svelte.js";
import type { PostedPolicy } from "../page/types.js";

export interface PolicyText {
	slug: string;
	version: number;
	language: string;
	languages: string[];
	title: string;
	summary: string;
	audience: PostedPolicy["audience"];
	current: boolean;
	class: string;
	reason: string;
	published: string;
	due: string | null;
	sha256: string;
	html: string;
}

export interface PolicyVersion {
	number: number;
	title: string;
	language: string;
	published: string;
	class: string;
	reason: string;
	sha256: string;
}

/** The text in force, or one version of it, in the language spoken where it was written in it. */
export const readPolicy = (slug: string, number?: string) =>
	api.get<PolicyText>(
		`/policies/${encodeURIComponent(slug)}${number ? `/versions/${number}` : ""}?language=${spoken()}`,
	);

/** One member's acceptance of exactly this text. */
export const acknowledge = (text: PolicyText) =>
	api.post(`/policies/${encodeURIComponent(text.slug)}/acknowledge`, { version: text.version, sha256: text.sha256 });
