package markdown

import (
	"html"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
)

// A mention is written @[Name](member:ID), as the page's composer does. Where the text is shown, the member's own name of today
// stands in place of the one that was written.

// Naming gives the name of a member who may be mentioned in a text, and false for anyone else: then the words stay what they
// are, without a mark, and say nothing of whether there is such a member.
type Naming func(member string) (name string, known bool)

// maxMentions bounds how many members one text can call.
const maxMentions = 20

// RenderNaming is Render for a text in which members are mentioned: each becomes <span class="mention">@Name</span>, the only
// element with such a class. It is written after the sanitizer, which lets none through, from a name that is escaped.
func RenderNaming(source string, name Naming) string {
	// Most texts have none; and what an author writes into the place of a token is taken out first.
	if !strings.Contains(source, memberScheme) {
		return Render(source)
	}
	seen := map[string]string{}
	known := func(member string) (string, bool) {
		said, known := name(member)
		if known {
			seen[member] = said
		}
		return said, known
	}
	return mentionToken.ReplaceAllStringFunc(members.renderNaming(source, known), func(token string) string {
		member := mentionToken.FindStringSubmatch(token)[1]
		return `<span class="mention">@` + html.EscapeString(seen[member]) + `</span>`
	})
}

// Rename puts a member's name of today in place of those under which they were mentioned in a source.
func Rename(source, member, name string) string {
	return mentionSource.ReplaceAllStringFunc(source, func(found string) string {
		if mentionSource.FindStringSubmatch(found)[1] != member {
			return found
		}
		return "@[" + nameMarks.Replace(name) + "](" + memberScheme + member + ")"
	})
}

// Mention is one place in a source where a member is mentioned; Start and End count its characters.
type Mention struct {
	Member     string
	Start, End int
}

// Mentions lists where members are mentioned in a source, or would be outside of code.
func Mentions(source string) []Mention {
	var out []Mention
	for _, m := range mentionSource.FindAllStringSubmatchIndex(source, -1) {
		start := utf8.RuneCountInString(source[:m[0]])
		out = append(out, Mention{source[m[2]:m[3]], start, start + utf8.RuneCountInString(source[m[0]:m[1]])})
	}
	return out
}

// WithoutMentions puts spaces in the place of mentions, so that a reader who looks for names and numbers finds neither there, and
// every other place keeps its position in characters.
func WithoutMentions(source string) string {
	return mentionSource.ReplaceAllStringFunc(source, func(found string) string {
		return strings.Map(func(rune) rune { return ' ' }, found)
	})
}

const memberScheme = "member:"

var (
	mentionSource = regexp.MustCompile(`@\[(?:\\.|[^\]\\\n])*\]\(` + memberScheme + `([a-z0-9]{15})\)`)
	mentionTarget = regexp.MustCompile(`^` + memberScheme + `([a-z0-9]{15})$`)
	mentionToken  = regexp.MustCompile(string(clauseOpen) + `([a-z0-9]{15})` + string(clauseClose))
	nameMarks     = strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`, `*`, `\*`, `_`, `\_`, `~`, `\~`)
)

var mentionsKey = parser.NewContextKey()

type mentions struct {
	name Naming
	left int
}

// naming tells the parser of one text who may be mentioned in it.
func naming(name Naming) parser.ParseOption {
	context := parser.NewContext()
	if name != nil {
		context.Set(mentionsKey, &mentions{name, maxMentions})
	}
	return parser.WithContext(context)
}

func mentionsOf(context parser.Context) *mentions {
	m, _ := context.Get(mentionsKey).(*mentions)
	return m
}

// mentioned gives the member whom a link calls, and the words before it that end in the @.
func (l *links) mentioned(n *ast.Link) (string, *ast.Text) {
	m := mentionTarget.FindSubmatch(n.Destination)
	before, ok := n.PreviousSibling().(*ast.Text)
	if m == nil || n.Reference != nil || !ok || before.SoftLineBreak() || before.HardLineBreak() {
		return "", nil
	}
	said := string(before.Value(l.source))
	if !strings.HasSuffix(said, "@") || strings.HasSuffix(said, `\@`) {
		return "", nil
	}
	return string(m[1]), before
}

// mention leaves a token in place of a mention, and plain words in place of one of who cannot be called here.
func (l *links) mention(n *ast.Link, member string, at *ast.Text) {
	if l.mentions != nil && l.mentions.left > 0 && !within(n, ast.KindImage) {
		l.mentions.left--
		if _, known := l.mentions.name(member); known {
			at.Segment = at.Segment.WithStop(at.Segment.Stop - 1)
			n.Parent().ReplaceChild(n.Parent(), n, words(string(clauseOpen)+member+string(clauseClose)))
			return
		}
	}
	unwrap(n)
}
