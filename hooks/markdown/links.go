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

// judge classifies an address in the very form in which the renderer will write it: references resolved and escaped.
func judge(address string, allowed []string) destination {
	if _, err := url.Parse(address); err != nil || address == "" {
		return refused // the sanitizer would take the address and leave a link that leads nowhere
	}
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

// link gives one link its marks, or takes it away: the words stay, with the refused address in brackets after them.
func (r *rules) link(n *ast.Link, source []byte) {
	if bytes.HasPrefix(bytes.ToLower(n.Destination), []byte("www.")) {
		n.Destination = append([]byte("https://"), n.Destination...) // else it would lead to a page of ours
	}
	switch judge(string(util.URLEscape(n.Destination, true)), r.schemes) {
	case refused:
		if len(n.Destination) > 0 {
			for _, word := range []ast.Node{words(" ("), ast.NewString(n.Destination), words(")")} {
				n.AppendChild(n, word)
			}
		}
		unwrap(n)
		return
	case foreign:
		n.SetAttributeString("rel", relOfLinks)
		n.SetAttributeString("target", "_blank")
	case inside:
		n.SetAttributeString("rel", relOfLinks)
	}
	if !showsSomething(n, source) {
		n.AppendChild(n, ast.NewString(n.Destination)) // a link without words cannot be seen or read aloud
	}
}

func (r *rules) autolink(n *ast.AutoLink, source []byte) {
	if within(n, ast.KindImage) || within(n, ast.KindLink) {
		n.Parent().ReplaceChild(n.Parent(), n, words(string(n.Label(source))))
		return
	}
	address := string(util.URLEscape(n.URL(source), false))
	if n.AutoLinkType == ast.AutoLinkEmail {
		address = "mailto:" + address
	}
	switch judge(address, r.schemes) {
	case refused:
		n.Parent().ReplaceChild(n.Parent(), n, words("<"+string(n.Label(source))+">"))
	case foreign:
		n.SetAttributeString("rel", relOfLinks)
		n.SetAttributeString("target", "_blank")
	case inside:
		n.SetAttributeString("rel", relOfLinks)
	}
}

// image keeps a picture of our own files. Any other becomes a link with the same words, since a picture from elsewhere
// tells its server who reads what and when; inside a link, which holds no other link, only the words stay.
func (r *rules) image(n *ast.Image, source []byte) {
	if ownFile.Match(util.URLEscape(n.Destination, true)) {
		return
	}
	if within(n, ast.KindLink) || within(n, ast.KindImage) {
		unwrap(n)
		return
	}
	link := ast.NewLink()
	link.Destination, link.Title = n.Destination, n.Title
	n.Parent().InsertBefore(n.Parent(), n, link)
	adopt(link, n)
	n.Parent().RemoveChild(n.Parent(), n)
	r.link(link, source)
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
