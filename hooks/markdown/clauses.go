package markdown

import (
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// A clause's name travels through the sanitizer as text at the head of its block, between two private-use characters
// that no author can bring along: withoutTokens takes theirs.
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

// authorsTokens is how an author could write the two characters: as they are, or as a reference in either base.
var authorsTokens = regexp.MustCompile(`[\x{E000}\x{E001}]|&#(?:[xX]0*[eE]00[01]|0*5734[45]);`)

func withoutTokens(source string) string { return authorsTokens.ReplaceAllString(source, "\uFFFD") }

// nameClauses turns the tokens into ids. A name counts once: a second block of the same name gets none.
func nameClauses(html string) string {
	seen := map[string]bool{}
	return unmarkClauses(clauseBlock.ReplaceAllStringFunc(html, func(block string) string {
		m := clauseBlock.FindStringSubmatch(block)
		if seen[m[2]] {
			return "<" + m[1] + ">"
		}
		seen[m[2]] = true
		return "<" + m[1] + ` id="` + ClausePrefix + m[2] + `">`
	}))
}

func unmarkClauses(html string) string { return clauseToken.ReplaceAllString(html, "") }

// markClauses finds the blocks that end in a marker, takes the marker off and leaves the token at the block's head.
func markClauses(nodes []ast.Node, source []byte) {
	for _, n := range nodes {
		switch n.Kind() {
		case ast.KindParagraph, ast.KindTextBlock, ast.KindHeading:
			name := takeMarker(n, source)
			if name == "" {
				continue
			}
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
	if m == nil || m[0] == 0 && last.PreviousSibling() == nil {
		return "" // a marker needs something that it marks: alone, it is shown, so that its author sees the slip
	}
	last.Segment = last.Segment.WithStop(last.Segment.Start + m[0])
	return strings.Clone(value[m[2]:m[3]])
}
