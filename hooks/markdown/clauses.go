package markdown

import (
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// A clause's name travels through the sanitizer as text at the head of its block, between two private-use characters.
// An author who writes these characters themselves gains no more than another clause-… id.
const (
	clauseOpen  = '\uE000'
	clauseClose = '\uE001'
)

// ClausePrefix stands before a clause's name in an id, so that no name can shadow what a script looks up.
const ClausePrefix = "clause-"

var (
	clauseMarker = regexp.MustCompile(`[ \t]*\{#([a-z][a-z0-9-]{0,62})\}[ \t]*$`)
	clauseBlock  = regexp.MustCompile(`<(p|li|h[3-6])>` + string(clauseOpen) + `([a-z0-9-]+)` + string(clauseClose))
	clauseToken  = regexp.MustCompile(string(clauseOpen) + `([a-z0-9-]+)` + string(clauseClose))
)

func nameClauses(html string) string {
	return unmarkClauses(clauseBlock.ReplaceAllString(html, `<$1 id="`+ClausePrefix+`$2">`))
}

func unmarkClauses(html string) string { return clauseToken.ReplaceAllString(html, "") }

// markClauses finds the blocks that end in a marker, takes the marker off and leaves the token at the block's head.
// A name counts once: a second block of the same name keeps its words and gets no id.
func markClauses(nodes []ast.Node, source []byte) {
	seen := map[string]bool{}
	for _, n := range nodes {
		switch n.Kind() {
		case ast.KindParagraph, ast.KindTextBlock, ast.KindHeading:
			name := takeMarker(n, source)
			if name == "" || seen[name] {
				continue
			}
			seen[name] = true
			token := words(string(clauseOpen) + name + string(clauseClose))
			if first := n.FirstChild(); first != nil {
				n.InsertBefore(n, first, token)
			} else {
				n.AppendChild(n, token)
			}
		}
	}
}

// takeMarker removes the marker from the end of a block and gives its name, or "" where there is none.
func takeMarker(block ast.Node, source []byte) string {
	last, ok := block.LastChild().(*ast.Text)
	if !ok {
		return ""
	}
	value := string(last.Value(source))
	m := clauseMarker.FindStringSubmatchIndex(value)
	if m == nil {
		return ""
	}
	last.Segment = last.Segment.WithStop(last.Segment.Start + m[0])
	return strings.Clone(value[m[2]:m[3]])
}
