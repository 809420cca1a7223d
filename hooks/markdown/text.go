package markdown

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Text gives the words of a source without its marks: for searching, checking and excerpts. Blocks are separated by a
// line break; a link gives its words, a picture its description. It is text, not HTML: whoever shows it escapes it.
func Text(source string) string { return members.text(source) }

// DocumentText is Text for what Document renders: without the clauses' markers.
func DocumentText(source string) string { return documents.text(source) }

// Excerpt gives the first words of a source on one line, at most limit characters of them, cut between words and with
// an ellipsis where something follows.
func Excerpt(source string, limit int) string {
	return shorten(Text(source), limit)
}

func shorten(text string, limit int) string {
	line := strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(line) <= limit {
		return line
	}
	cut := string([]rune(line)[:max(limit-1, 0)])
	if i := strings.LastIndexByte(cut, ' '); i > len(cut)/2 {
		cut = cut[:i]
	}
	return strings.TrimRightFunc(cut, func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == ';' }) + "…"
}

// Clause is a block of a document that its author named with a marker such as {#be-kind}.
type Clause struct {
	ID   string // the name as written; its id in the HTML is ClausePrefix + ID
	Text string // the block's words, without the marker
}

// Clauses lists the clauses of a document in the order in which they stand. A name that stands twice is listed twice,
// so that an editor can be told; in the HTML the first one has the id.
func Clauses(source string) []Clause {
	var list []Clause
	for line := range strings.SplitSeq(documents.tokens(source), "\n") {
		if m := clauseToken.FindStringSubmatch(line); m != nil {
			list = append(list, Clause{ID: m[1], Text: strings.TrimSpace(unmarkClauses(line))})
		}
	}
	return list
}

func (e *engine) text(source string) string {
	return strings.TrimSpace(unmarkClauses(e.tokens(source)))
}

// tokens is the text with the clauses' tokens still in it.
func (e *engine) tokens(source string) string {
	source = e.normal(source)
	if len(source) > MaxDocumentBytes {
		return visible(source)
	}
	raw := []byte(source)
	tree := e.markdown.Parser().Parse(text.NewReader(raw))
	var out strings.Builder
	_ = ast.Walk(tree, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			say(&out, n, raw)
		} else if n.Type() == ast.TypeBlock && n.Kind() != extast.KindTableCell {
			breakLine(&out)
		}
		return ast.WalkContinue, nil
	})
	return visible(out.String())
}

func say(out *strings.Builder, n ast.Node, source []byte) {
	switch n := n.(type) {
	case *ast.Text:
		value := n.Value(source)
		if !n.IsRaw() && n.Parent().Kind() != ast.KindCodeSpan {
			value = resolved(value)
		}
		out.Write(value)
		if n.SoftLineBreak() || n.HardLineBreak() {
			out.WriteByte(' ')
		}
	case *ast.String:
		if n.IsRaw() {
			out.Write(n.Value)
		} else {
			out.Write(resolved(n.Value))
		}
	case *ast.AutoLink:
		out.Write(n.Label(source))
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		out.Write(n.Lines().Value(source))
	case *extast.TableCell:
		if n.PreviousSibling() != nil {
			out.WriteByte('\t')
		}
	}
}

func resolved(value []byte) []byte {
	return util.UnescapePunctuations(util.ResolveEntityNames(util.ResolveNumericReferences(value)))
}

func breakLine(out *strings.Builder) {
	if s := out.String(); s != "" && s[len(s)-1] != '\n' {
		out.WriteByte('\n')
	}
}
