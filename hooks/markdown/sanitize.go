package markdown

import (
	"regexp"

	"github.com/microcosm-cc/bluemonday"
)

const (
	relOfLinks = "nofollow noopener noreferrer ugc"
	filePrefix = "/api/clinic/files/"
)

// ownFile matches the address of a file that the practice itself keeps: the only thing an image may show.
var ownFile = regexp.MustCompile(`^` + filePrefix + `[A-Za-z0-9_-]{1,64}$`)

// schemes lists what a link may begin with. A telephone link is for the practice's documents only.
func schemes(document bool) []string {
	if document {
		return []string{"http", "https", "mailto", "tel"}
	}
	return []string{"http", "https", "mailto"}
}

// strictList is everything that may stand in the HTML; what is not here is taken out, even if the renderer made it.
// No id, name, style, class (but a code's language) or data- attribute: a text must not be able to pass for a part of
// the page, nor shadow what a script looks up by name.
func strictList(schemes []string) *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "em", "strong", "del", "code", "pre",
		"blockquote", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td")

	p.AllowURLSchemes(schemes...)
	p.AllowRelativeURLs(true)
	p.RequireParseableURLs(true)
	p.AllowAttrs("href", "title").OnElements("a")
	p.AllowAttrs("rel").Matching(regexp.MustCompile(`^` + relOfLinks + `$`)).OnElements("a")
	p.AllowAttrs("target").Matching(regexp.MustCompile(`^_blank$`)).OnElements("a")
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)

	p.AllowAttrs("src").Matching(ownFile).OnElements("img")
	p.AllowAttrs("alt", "title").OnElements("img")

	p.AllowAttrs("start").Matching(regexp.MustCompile(`^[0-9]{1,9}$`)).OnElements("ol")
	p.AllowAttrs("align").Matching(regexp.MustCompile(`^(left|center|right)$`)).OnElements("th", "td")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^language-[A-Za-z0-9_+#.-]{1,40}$`)).OnElements("code")
	p.AllowAttrs("type").Matching(regexp.MustCompile(`^checkbox$`)).OnElements("input")
	p.AllowAttrs("checked", "disabled").Matching(regexp.MustCompile(`^$`)).OnElements("input")
	return p
}
