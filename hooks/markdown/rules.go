package markdown

import (
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// The page's own headings stand above a text: h1 names the page, h2 what the text belongs to.
const (
	topHeading    = 3
	lowestHeading = 6
)

// rules changes the parsed tree into what the house shows, before anything is rendered.
type rules struct {
	document bool
	schemes  []string
}

// Transform is goldmark's hook. It gathers the nodes first, children before parents, since it moves them about.
func (r *rules) Transform(doc *ast.Document, reader text.Reader, context parser.Context) {
	source := reader.Source()
	var nodes []ast.Node
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			nodes = append(nodes, n)
		}
		return ast.WalkContinue, nil
	})
	flatten(doc, 0)
	sink := shift(nodes)
	links := &links{source: source, schemes: r.schemes, expansion: len(source) + maxExpansion, used: map[string]bool{},
		mentions: mentionsOf(context)}
	for _, n := range nodes {
		if n.Parent() == nil {
			continue // the document, or a node that another rule took away
		}
		switch n := n.(type) {
		case *ast.Heading:
			n.Level = min(n.Level+sink, lowestHeading)
		case *ast.RawHTML:
			n.Parent().ReplaceChild(n.Parent(), n, words(string(n.Segments.Value(source))))
		case *ast.Image:
			links.image(n)
		case *ast.Link:
			links.link(n)
		case *ast.AutoLink:
			links.autolink(n)
		}
	}
	if r.document {
		markClauses(nodes, source)
		return // "[//]: # (a remark)" is how authors of documents leave a note that nobody sees
	}
	for _, n := range nodes {
		if n, ok := n.(*ast.LinkReferenceDefinition); ok {
			links.definition(n)
		}
	}
}

// shift says by how much headings sink. The highest one lands on h3 whichever level its author began with, so that no level
// of the page's outline is skipped: who goes through a page by its headings would look for the one that is missing.
func shift(nodes []ast.Node) int {
	highest := lowestHeading
	for _, n := range nodes {
		if h, ok := n.(*ast.Heading); ok {
			highest = min(highest, h.Level)
		}
	}
	return topHeading - highest
}

// flatten unwraps emphasis, and links in it, nested deeper than any writer means: browsers stop at a few hundred levels.
func flatten(n ast.Node, depth int) {
	for c := n.FirstChild(); c != nil; {
		next := c.NextSibling()
		if c.Type() == ast.TypeInline && depth >= maxInlineDepth && c.HasChildren() && c.Kind() != ast.KindCodeSpan {
			first := c.FirstChild()
			unwrap(c)
			c = first
			continue
		}
		inner := 0
		if c.Type() == ast.TypeInline {
			inner = depth + 1
		}
		flatten(c, inner)
		c = next
	}
}
