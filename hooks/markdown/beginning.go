package markdown

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// Words is the text of HTML that Render or Document made, a line for each block: a paragraph, an item of a list, a cell, what a picture
// shows. It is text, not HTML: whoever shows it escapes it.
func Words(rendered string) string {
	var out strings.Builder
	tokens := html.NewTokenizer(strings.NewReader(rendered))
	for read(tokens, &out, true) {
	}
	return out.String()
}

// Beginning is the first words of HTML that Render or Document made, on one line, at most limit characters and an ellipsis. It
// reads no further than it has to.
func Beginning(rendered string, limit int) string {
	var out strings.Builder
	tokens := html.NewTokenizer(strings.NewReader(rendered))
	for out.Len() < limit*utf8.UTFMax && read(tokens, &out, false) {
	}
	return shorten(OneLine(out.String()), limit)
}

// OneLine puts the lines of Words behind each other. Between blocks that do not end as a sentence does stands a point, so that
// items and cells do not read as one.
func OneLine(words string) string {
	var out strings.Builder
	for line := range strings.Lines(words) {
		line = strings.Join(strings.Fields(line), " ")
		if line == "" {
			continue
		}
		if before := out.String(); before != "" {
			if last, _ := utf8.DecodeLastRuneInString(before); !strings.ContainsRune(".!?:;,…", last) {
				out.WriteString(" ·")
			}
			out.WriteByte(' ')
		}
		out.WriteString(line)
	}
	return out.String()
}

// read adds the words of one token, those that describe a picture too where they are wanted, and reports whether there may be more.
func read(tokens *html.Tokenizer, out *strings.Builder, pictures bool) bool {
	switch tokens.Next() {
	case html.ErrorToken:
		return false
	case html.TextToken:
		out.WriteString(inLine.Replace(string(tokens.Text())))
	case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
		name, more := tokens.TagName()
		switch {
		case blocks[string(name)]:
			out.WriteByte('\n')
		case string(name) == "br":
			out.WriteByte(' ')
		case string(name) == "img" && pictures:
			out.WriteString("\n" + described(tokens, more) + "\n")
		}
	}
	return true
}

// described is what a picture shows, as its author says.
func described(tokens *html.Tokenizer, more bool) (words string) {
	for more {
		var key, value []byte
		key, value, more = tokens.TagAttr()
		if string(key) == "alt" {
			words = inLine.Replace(string(value))
		}
	}
	return words
}

// inLine takes the line breaks out of a block: they mean a space.
var inLine = strings.NewReplacer("\n", " ", "\r", " ")

var blocks = map[string]bool{"p": true, "li": true, "td": true, "th": true, "tr": true, "pre": true, "blockquote": true, "hr": true,
	"h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "ul": true, "ol": true, "table": true}
