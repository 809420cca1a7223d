// Package markdown turns what people write into the HTML that everyone else sees, and is the only door to goldmark and
// bluemonday.
//
// It promises: whatever the source, the HTML holds nothing but the elements, attributes and addresses of the strict
// list (sanitize.go); it loads nothing from elsewhere and runs nothing; raw HTML is shown as the text it is and never
// silently dropped; the same source always gives the same HTML; and the work stays near-linear in the size of the
// source (limits.go), so that no text can hold the house up. The package knows no database, no server and no clock.
//
// The HTML is meant for a page whose h1 and h2 stand above it: the first level of heading in a source becomes h3.
package markdown

import (
	"bytes"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/text"
)

// Render gives the HTML of a post or a comment: CommonMark with tables, task lists, strikethrough and autolinks.
//
// It never fails: what is larger than MaxDocumentBytes is shown as plain text with its line breaks, and bytes that are
// not UTF-8 as U+FFFD. Call Check first, to tell the writer what may not be stored.
func Render(source string) string {
	return members.render(source)
}

// Document gives the HTML of a policy or another text by the practice's own hands. The rules are Render's, except that
// tel: links are kept, and the highest heading of the text becomes h3 whichever level it has.
//
// A block that ends in a marker such as {#be-kind} is a clause. The marker never shows; with ids the block's element
// gets id="clause-be-kind", so that a page can link to it. Use ids only where the document stands once on a page. Ids
// are written after the sanitizer, which lets none through.
func Document(source string, ids bool) string {
	html := documents.render(source)
	if ids {
		return nameClauses(html)
	}
	return unmarkClauses(html)
}

// engine is a parser, a renderer and a sanitizer that belong together. It is immutable and safe for many goroutines.
type engine struct {
	markdown goldmark.Markdown
	clean    func(html string) string
	document bool
}

var (
	members   = newEngine(false)
	documents = newEngine(true)
)

func newEngine(document bool) *engine {
	return &engine{
		markdown: assemble(document),
		clean:    strictList(schemes(document)).Sanitize,
		document: document,
	}
}

func (e *engine) render(source string) string {
	return e.renderNaming(source, nil)
}

func (e *engine) renderNaming(source string, name Naming) string {
	source = e.normal(source)
	if name != nil {
		source = withoutTokens(source)
	}
	if len(source) > MaxDocumentBytes {
		return plain(source)
	}
	var out bytes.Buffer
	raw := []byte(source)
	tree := e.markdown.Parser().Parse(text.NewReader(raw), naming(name))
	if err := e.markdown.Renderer().Render(&out, raw, tree); err != nil {
		return plain(source) // a bytes.Buffer refuses nothing; kept so that a text is shown whatever happens
	}
	return e.clean(visible(out.String()))
}
