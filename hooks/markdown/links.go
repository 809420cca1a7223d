package markdown

import (
	"bytes"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

var scheme = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]*):`)

// destination is where a link leads, as far as the rules care.
type destination int

const (
	refused destination = iota // a scheme that is not on the list, or no address at all
	inside                     // a page or file of the house, or a mail or telephone link
	foreign                    // another site: opened apart, and told nothing about us
)

// judge classifies an address as the renderer will write it, references resolved and escaped, and as the sanitizer will
// leave it: what that would take away is refused here, or a link that leads nowhere would remain.
func judge(address string, allowed []string) destination {
	u, err := url.Parse(address)
	if err != nil || u.String() == "" {
		return refused
	}
	address = u.String()
	if strings.HasPrefix(address, "//") {
		return foreign
	}
	m := scheme.FindStringSubmatch(address)
	if m == nil {
		// A colon in what a browser might read as a scheme after dropping odd characters is not a relative address.
		if head, _, found := strings.Cut(address, ":"); found && !strings.ContainsAny(head, "/?#") {
			return refused
		}
		return inside
	}
	name := strings.ToLower(m[1])
	if !slices.Contains(allowed, name) {
		return refused
	}
	if name == "http" || name == "https" {
		return foreign
	}
	return inside
}

// links applies the rules for links and images to one text.
type links struct {
	source    []byte
	schemes   []string
	expansion int             // bytes that reference links may still repeat of their definitions
	used      map[string]bool // the definitions that a link has asked for
	mentions  *mentions
}

// link gives one link its marks, or takes it away: the words stay, with the refused address in brackets after them.
func (l *links) link(n *ast.Link) {
	if member, at := l.mentioned(n); member != "" {
		l.mention(n, member, at)
		return
	}
	if l.repeats(n.Reference, n.Destination, n.Title) || within(n, ast.KindImage) {
		unwrap(n) // a picture's description is words, and becomes those of a link where the picture does
		return
	}
	if bytes.HasPrefix(bytes.ToLower(n.Destination), []byte("www.")) {
		n.Destination = append([]byte("https://"), n.Destination...) // else it would lead to a page of ours
	}
	where := judge(string(util.URLEscape(n.Destination, true)), l.schemes)
	if where == refused {
		if len(n.Destination) > 0 {
			for _, word := range []ast.Node{words(" ("), ast.NewString(n.Destination), words(")")} {
				n.AppendChild(n, word)
			}
		}
		unwrap(n)
		return
	}
	mark(n, where)
	if !showsSomething(n, l.source) {
		n.AppendChild(n, ast.NewString(n.Destination)) // a link without words cannot be seen or read aloud
	}
}

func (l *links) autolink(n *ast.AutoLink) {
	label := string(n.Label(l.source))
	if within(n, ast.KindImage) || within(n, ast.KindLink) {
		n.Parent().ReplaceChild(n.Parent(), n, words(label))
		return
	}
	address := string(util.URLEscape(n.URL(l.source), false))
	if n.AutoLinkType == ast.AutoLinkEmail {
		address = "mailto:" + address
	}
	where := judge(address, l.schemes)
	if where == refused {
		n.Parent().ReplaceChild(n.Parent(), n, words("<"+label+">"))
		return
	}
	mark(n, where)
}

// image keeps a picture of our own files. Any other becomes a link with the same words, since a picture from elsewhere
// tells its server who reads what and when; inside a link, which holds no other link, only the words stay.
func (l *links) image(n *ast.Image) {
	repeats := l.repeats(n.Reference, n.Destination, n.Title)
	if !repeats && ownFile.Match(util.URLEscape(n.Destination, true)) {
		return
	}
	if repeats || within(n, ast.KindLink) || within(n, ast.KindImage) {
		unwrap(n)
		return
	}
	link := ast.NewLink()
	link.Destination, link.Title = n.Destination, n.Title
	n.Parent().InsertBefore(n.Parent(), n, link)
	adopt(link, n)
	n.Parent().RemoveChild(n.Parent(), n)
	l.link(link)
}

// repeats notes what a reference link copies from its definition, and reports whether the text has copied too much.
func (l *links) repeats(reference *ast.ReferenceLink, destination, title []byte) bool {
	if reference == nil {
		return false
	}
	l.used[util.ToLinkReference(reference.Value)] = true
	l.expansion -= len(destination) + len(title)
	return l.expansion < 0
}

// definition shows a link definition that no link uses. To its writer "[Update]: better" is a sentence, not syntax.
func (l *links) definition(n *ast.LinkReferenceDefinition) {
	if l.used[util.ToLinkReference(n.Label)] {
		return
	}
	p := ast.NewParagraph()
	p.AppendChild(p, words(strings.TrimSpace(string(n.Lines().Value(l.source)))))
	n.Parent().ReplaceChild(n.Parent(), n, p)
}

func mark(n ast.Node, where destination) {
	n.SetAttributeString("rel", relOfLinks)
	if where == foreign {
		n.SetAttributeString("target", "_blank")
	}
}

// words is text that is shown as it stands, without escapes or references.
func words(s string) *ast.String {
	n := ast.NewString([]byte(s))
	n.SetRaw(true)
	return n
}

func within(n ast.Node, kind ast.NodeKind) bool {
	for p := n.Parent(); p != nil && p.Type() == ast.TypeInline; p = p.Parent() {
		if p.Kind() == kind {
			return true
		}
	}
	return false
}

// unwrap puts the children of n in its place.
func unwrap(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = n.FirstChild() {
		n.Parent().InsertBefore(n.Parent(), n, c)
	}
	n.Parent().RemoveChild(n.Parent(), n)
}

func adopt(to, from ast.Node) {
	for c := from.FirstChild(); c != nil; c = from.FirstChild() {
		to.AppendChild(to, c)
	}
}
