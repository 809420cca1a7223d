// Package policies carries the policies that Kinward ships, as Markdown with YAML front matter, a folder a language.
//
// They are a first text for a practice that has none of its own: posted at set-up when nothing of the same slug is
// there, and from then on the practice's to change. Nothing here is ever applied over what a practice has posted.
//
// A file is front matter (slug, title, summary, audience, position, language, class, reason) and a body in which every
// clause is one numbered list item that ends in its stable id, {#like-this}. Numbers run through the whole document,
// so that "clause 12" means one thing. Ids are the same in every language, belong to one policy alone, and never change
// once shipped: checks, example cases and links (/policies/SLUG#clause-ID) point at them. Names in double braces, as
// {{phone}}, are filled in from the practice's settings when the text is published.
package policies

import "embed"

// FS holds en/ and es/, each with one file a policy, named after its slug.
//
//go:embed en/*.md es/*.md
var FS embed.FS
