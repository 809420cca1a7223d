package markdown

import (
	"html"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
)

// normal makes a source that the parser may take for granted: UTF-8, one kind of line end, no NUL, no byte order mark.
func (e *engine) normal(source string) string {
	source = strings.TrimPrefix(source, "\uFEFF")
	source = strings.ToValidUTF8(source, string(utf8.RuneError))
	source = lineEnds.Replace(source)
	if e.document {
		source = withoutTokens(source)
	}
	return source
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", string(utf8.RuneError))

// visible takes the characters out of rendered HTML that would act without being seen. It runs before the sanitizer,
// and after the renderer has resolved references such as &#x202E;.
//
// Embeddings, overrides and isolates reorder what follows, even past the end of the text, so that an address or a dose
// can be made to read backwards; they come along unnoticed when a telephone number is copied, so they are left out and
// not refused. The marks that Arabic and Hebrew need (U+200E, U+200F, U+061C) stay.
func visible(html string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '\u202A' && r <= '\u202E', r >= '\u2066' && r <= '\u2069':
			return -1
		case r == '\n' || r == '\t':
			return r
		case r == '\v' || r == '\f':
			return ' '
		case r < ' ' || r >= 0x7F && r < 0xA0:
			return utf8.RuneError
		}
		return r
	}, html)
}

// plain shows a source without reading it as Markdown: paragraphs and line breaks.
func plain(source string) string {
	var out strings.Builder
	for block := range strings.SplitSeq(visible(source), "\n\n") {
		if block = strings.Trim(block, "\n"); block == "" {
			continue
		}
		out.WriteString("<p>")
		out.WriteString(strings.ReplaceAll(html.EscapeString(block), "\n", "<br>\n"))
		out.WriteString("</p>\n")
	}
	return out.String()
}

// showsSomething reports whether a node has words, or a picture, that a reader would see.
func showsSomething(n ast.Node, source []byte) bool {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			if strings.TrimSpace(string(c.Value(source))) != "" {
				return true
			}
		case *ast.String:
			if strings.TrimSpace(string(c.Value)) != "" {
				return true
			}
		case *ast.Image:
			return true
		default:
			if showsSomething(c, source) {
				return true
			}
		}
	}
	return false
}
