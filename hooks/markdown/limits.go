package markdown

import (
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// What a text may ask of the renderer. Past these it is shown as the text it is, not refused: they are far beyond what
// people write, and exist because every one of them has been used to stall a Markdown renderer.
const (
	maxContainers  = 12   // quotes and lists inside one another
	maxInlineDepth = 16   // emphasis inside emphasis
	maxTableCells  = 5000 // in all tables of one text; short rows are filled up, so that two bytes could cost any number
	maxMarks       = 500  // runs of *, _ and ~ in one block; goldmark compares each with those before it
	maxBrackets    = 250  // [ and ![ in one block; goldmark may read the rest of the block for each
	maxTags        = 250  // < in one block; each may be looked at as far as the block goes
	maxExpansion   = 2000 // bytes by which reference links may repeat their definitions, beyond the length of the source
)

// shallow lets a quote or list open only so deep; a deeper marker is text.
type shallow struct{ parser.BlockParser }

func (s shallow) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	depth := 0
	for p := parent; p != nil; p = p.Parent() {
		if k := p.Kind(); k == ast.KindBlockquote || k == ast.KindList {
			depth++
		}
	}
	if depth >= maxContainers {
		return nil, parser.NoChildren
	}
	return s.BlockParser.Open(parent, reader, pc)
}

var (
	cellsKey    = parser.NewContextKey()
	marksKey    = parser.NewContextKey()
	bracketsKey = parser.NewContextKey()
	tagsKey     = parser.NewContextKey()
)

// smallTables leaves a paragraph as it is where it would become more table cells than the text has left.
type smallTables struct{ parser.ParagraphTransformer }

func (s smallTables) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	lines := node.Lines()
	if lines.Len() < 2 {
		return
	}
	widest, source := 0, reader.Source()
	for i := range lines.Len() {
		line := lines.At(i)
		if value := line.Value(source); delimiterRow(value) {
			widest = max(widest, pipes(value)+1)
		}
	}
	if widest == 0 {
		return
	}
	used, _ := pc.Get(cellsKey).(int)
	if used += widest * lines.Len(); used > maxTableCells {
		return
	}
	pc.Set(cellsKey, used)
	s.ParagraphTransformer.Transform(node, reader, pc)
}

func delimiterRow(line []byte) bool {
	dash := false
	for _, b := range line {
		switch {
		case b == '-':
			dash = true
		case b == '|' || b == ':' || util.IsSpace(b):
		default:
			return false
		}
	}
	return dash
}

func pipes(line []byte) (n int) {
	for _, b := range line {
		if b == '|' {
			n++
		}
	}
	return n
}

// few lets one kind of inline mark be read so many times in a block; a further one is text.
type few struct {
	parser.InlineParser
	key  parser.ContextKey
	most int
}

type tally struct {
	block ast.Node
	count int
}

func (f few) Parse(block ast.Node, reader text.Reader, pc parser.Context) ast.Node {
	if reader.Peek() == ']' {
		return f.InlineParser.Parse(block, reader, pc) // closes a bracket that was counted when it opened
	}
	t, _ := pc.Get(f.key).(tally)
	if t.block != block {
		t = tally{block: block}
	}
	if t.count >= f.most {
		return nil
	}
	t.count++
	pc.Set(f.key, t)
	return f.InlineParser.Parse(block, reader, pc)
}

// CloseBlock hands goldmark's call on: its link parser puts brackets that found no partner back as text.
func (f few) CloseBlock(block ast.Node, reader text.Reader, pc parser.Context) {
	if c, ok := f.InlineParser.(parser.CloseBlocker); ok {
		c.CloseBlock(block, reader, pc)
	}
}

var (
	_ parser.BlockParser          = shallow{}
	_ parser.ParagraphTransformer = smallTables{}
	_ parser.InlineParser         = few{}
	_ parser.CloseBlocker         = few{}
)
