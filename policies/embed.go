// Package policies carries the policies that Kinward ships, as Markdown with YAML front matter, a folder a language: and
// with them the example cases that practise their clauses, and texts for the practice's pages and walls outside.
//
// They are a first text for a practice that has none of its own: posted at set-up when nothing of the same slug is
// there, and from then on the practice's to change. Nothing here is ever applied over what a practice has posted.
//
// A policy's file is front matter (slug, title, summary, audience, position, language, class, reason; and where needed kind,
// strip and checks) and a body in which every clause is one numbered list item that ends in its stable id, {#like-this}.
// Numbers run through the whole document, so that "clause 12" means one thing. Ids are the same in every language, belong to
// one policy alone, and never change once shipped: checks, example cases and links (/policies/SLUG#clause-ID) point at them.
// Names in double braces, as {{phone}}, are filled in from the practice's settings when the text is published.
//
// kind is authorization for a permission that is granted and revoked at its own place, and left out for a policy. strip
// is the line that stands beside the composer, one for staff and one for patients. checks are the rules in code that
// clauses carry: what to look for (detector), whose writing, where, what then happens (action), and what the writer
// reads (say). Which action is right follows from who would pay for a mistake. A person in crisis is offered a call and
// may always go on (call). A patient's own words are asked about or answered with an offer to call, and no more (say,
// ask, call). What may be another person's privacy, written by someone who works here where patients read, waits for a
// second pair of eyes (hold), and a number that never belongs there is refused (stop).
//
// cases/LANGUAGE/SLUG.md is an example case: front matter (slug, title, roles, policy, clause, position, language), a
// situation, and three or four choices, each a heading ("## b. (good) What one could do") and what it leads to.
//
// external/LANGUAGE/SLUG.md is a text for a place outside: front matter (slug, title, place, language, position, and policy
// where it stands for another than the community guidelines; place is facebook, website or waiting-room) and words, which may
// name {{policies_link}} too.
package policies

import "embed"

// FS holds en/ and es/ with one file a policy, named after its slug, and cases/ and external/ with the same two folders.
//
//go:embed en/*.md es/*.md cases/en/*.md cases/es/*.md external/en/*.md external/es/*.md
var FS embed.FS
