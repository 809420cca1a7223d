// Package markdowntest holds what tests of rendered text share: the strict list written down a second time, the places
// in Markdown where a hostile text may stand, and the public suites of such texts.
//
// The list here is deliberately not made from the sanitizer's own: a slip there must show here.
package markdowntest

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const (
	rel  = "nofollow noopener noreferrer ugc"
	file = `^/api/clinic/files/[A-Za-z0-9_-]{1,64}$`
)

var anything = regexp.MustCompile(`(?s)^.*$`)

// allowed is every element, and every attribute of it with the form of its value, that may reach a reader.
var allowed = map[string]map[string]*regexp.Regexp{
	"p": {}, "br": {}, "hr": {}, "em": {}, "strong": {}, "del": {}, "pre": {}, "blockquote": {}, "ul": {}, "li": {},
	"h3": {}, "h4": {}, "h5": {}, "h6": {}, "table": {}, "thead": {}, "tbody": {}, "tr": {},
	"a":     {"href": anything, "title": anything, "rel": regexp.MustCompile(`^` + rel + `$`), "target": regexp.MustCompile(`^_blank$`)},
	"img":   {"src": regexp.MustCompile(file), "alt": anything, "title": anything},
	"ol":    {"start": regexp.MustCompile(`^\d{1,9}$`)},
	"th":    {"align": regexp.MustCompile(`^(left|right|center)$`)},
	"td":    {"align": regexp.MustCompile(`^(left|right|center)$`)},
	"code":  {"class": regexp.MustCompile(`^language-[\w+#.-]+$`)},
	"input": {"type": regexp.MustCompile(`^checkbox$`), "checked": regexp.MustCompile(`^$`), "disabled": regexp.MustCompile(`^$`)},
}

// required are the attributes without which an allowed element is not harmless.
var required = map[string][]string{"a": {"href", "rel"}, "img": {"src", "alt"}, "input": {"type", "disabled"}}

// Survivors parses rendered HTML as a browser does and names everything in it that is not on the strict list: elements,
// attributes, addresses, comments, links inside links, characters that act without being seen. None is the only good answer.
// The schemes are those that a link may have.
func Survivors(rendered string, schemes ...string) []string {
	root := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div}
	nodes, err := html.ParseFragment(strings.NewReader(rendered), root)
	if err != nil {
		return []string{"does not parse: " + err.Error()}
	}
	var found []string
	for _, n := range nodes {
		found = append(found, survivors(n, schemes)...)
	}
	return found
}

func survivors(n *html.Node, schemes []string) (found []string) {
	switch n.Type {
	case html.TextNode:
		found = append(found, unseen("text", n.Data)...)
	case html.ElementNode:
		found = append(found, element(n, schemes)...)
	default:
		found = append(found, fmt.Sprintf("a node of type %d: %.60q", n.Type, n.Data))
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		found = append(found, survivors(c, schemes)...)
	}
	return found
}

func element(n *html.Node, schemes []string) (found []string) {
	attributes, ok := allowed[n.Data]
	if !ok || n.Namespace != "" {
		return []string{"<" + n.Namespace + n.Data + ">"}
	}
	has := map[string]bool{}
	for _, a := range n.Attr {
		has[a.Key] = true
		form, ok := attributes[a.Key]
		if !ok || a.Namespace != "" || !form.MatchString(a.Val) {
			found = append(found, fmt.Sprintf("<%s %s=%.60q>", n.Data, a.Key, a.Val))
		}
		found = append(found, unseen(a.Key, a.Val)...)
		if a.Key == "href" {
			found = append(found, address(n, a.Val, schemes)...)
		}
	}
	for _, name := range required[n.Data] {
		if !has[name] {
			found = append(found, fmt.Sprintf("<%s> without %s", n.Data, name))
		}
	}
	return found
}

func address(n *html.Node, value string, schemes []string) (found []string) {
	u, err := url.Parse(value)
	if err != nil || value == "" || value != strings.TrimSpace(value) || strings.ContainsAny(value, "\t\n\r\x00\\") {
		return []string{fmt.Sprintf("an address no one can follow: %.60q", value)}
	}
	if u.Scheme != "" && !slices.Contains(schemes, u.Scheme) {
		found = append(found, fmt.Sprintf("the scheme of %.60q", value))
	}
	away := u.Scheme == "http" || u.Scheme == "https" || strings.HasPrefix(value, "//")
	if away != slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "target" }) {
		found = append(found, fmt.Sprintf("target of %.60q", value))
	}
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Data == "a" {
			found = append(found, fmt.Sprintf("a link in a link: %.60q", value))
		}
	}
	return found
}

func unseen(where, s string) []string {
	for _, r := range s {
		if r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 || r == 0x7F || r < ' ' && r != '\n' && r != '\t' {
			return []string{fmt.Sprintf("%U in %s", r, where)}
		}
	}
	return nil
}
