package markdown

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// Words is the text of HTML that Render or Document made. It is text, not HTML: whoever shows it escapes it.
func Words(rendered string) string {
	var out strings.Builder
	tokens := html.NewTokenizer(strings.NewReader(rendered))
	for read(tokens, &out) {
	}
	return out.String()
}

// Beginning is the first words of HTML that Render or Document made, on one line, at most limit characters and an ellipsis. It
// reads no further than it has to.
func Beginning(rendered string, limit int) string {
	var out strings.Builder
	tokens := html.NewTokenizer(strings.NewReader(rendered))
	for out.Len() < limit*utf8.UTFMax && read(tokens, &out) {
	}
	return shorten(out.String(), limit)
}

// read adds the words of one token, and reports whether there may be more.
func read(tokens *html.Tokenizer, out *strings.Builder) bool {
	switch tokens.Next() {
	case html.ErrorToken:
		return false
	case html.TextToken:
		out.Write(tokens.Text())
	case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
		if name, _ := tokens.TagName(); blocks[string(name)] {
			out.WriteByte(' ') // two paragraphs are two words
		}
	}
	return true
}

var blocks = map[string]bool{"p": true, "br": true, "li": true, "td": true, "th": true, "tr": true, "pre": true, "blockquote": true, "hr": true,
	"h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "ul": true, "ol": true, "table": true}
