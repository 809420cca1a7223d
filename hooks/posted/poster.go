package posted

import (
	"html/template"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/site"
	"kinward/hooks/square"
)

// poster is one policy for the wall: a first sheet with its summary in large type and a square that leads to it, then the
// whole text.
func (p *paper) poster(app core.App, url, slug string) (*site.Content, error) {
	t, err := p.find(app, slug, "")
	if err != nil {
		return nil, err
	}
	if t == nil || t.Status != "posted" {
		return p.missing()
	}
	return p.sheet("poster.html", about{paper: p, Text: *t, HTML: template.HTML(t.HTML)}, url, "/policies/"+slug)
}

// posterOfAll is one sheet with every policy that concerns those who come in.
func (p *paper) posterOfAll(url string) (*site.Content, error) {
	return p.sheet("posters.html", about{paper: p}, url, "/policies")
}

func (p *paper) sheet(name string, a about, url, path string) (*site.Content, error) {
	svg, err := square.SVG(url + path)
	if err != nil {
		return nil, err
	}
	a.Square, a.Link = template.HTML(svg), url+path
	document, err := p.execute(name, a)
	return &site.Content{Language: p.Language, Document: document}, err
}
