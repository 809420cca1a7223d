package mails

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// blocksOf reads an HTML letter as paragraphs and the first thing it asks to do. Nothing of its markup is kept.
func blocksOf(page string) (paragraphs []string, action *Action) {
	r := &blockReader{}
	tokens := html.NewTokenizer(strings.NewReader(page))
	for {
		switch tokens.Next() {
		case html.ErrorToken: // the end; a letter in broken HTML still has its text
			if r.link != nil {
				r.endLink()
			}
			r.flush()
			return r.paragraphs, r.action
		case html.TextToken:
			r.text(string(tokens.Text()))
		case html.StartTagToken, html.SelfClosingTagToken:
			r.start(tokens.Token())
		case html.EndTagToken:
			r.end(tokens.Token())
		}
	}
}

type blockReader struct {
	paragraphs []string
	action     *Action
	now        strings.Builder
	link       *Action // being read
	unseen     int     // depth inside style, script or head
}

func (r *blockReader) text(text string) {
	switch {
	case r.unseen > 0:
	case r.link != nil:
		r.link.Label += text
	default:
		r.now.WriteString(text)
	}
}

func (r *blockReader) start(t html.Token) {
	switch t.DataAtom {
	case atom.Style, atom.Script, atom.Head, atom.Title:
		r.unseen++
	case atom.A:
		for _, a := range t.Attr {
			if a.Key == "href" && strings.HasPrefix(a.Val, "http") {
				r.link = &Action{Link: a.Val}
			}
		}
	case atom.Br:
		r.now.WriteByte(' ')
	default:
		if opensBlock(t.DataAtom) {
			r.flush()
		}
	}
}

func (r *blockReader) end(t html.Token) {
	switch {
	case t.DataAtom == atom.Style || t.DataAtom == atom.Script || t.DataAtom == atom.Head || t.DataAtom == atom.Title:
		r.unseen = max(0, r.unseen-1)
	case t.DataAtom == atom.A && r.link != nil:
		r.endLink()
	case opensBlock(t.DataAtom):
		r.flush()
	}
}

// endLink makes the first link the letter's action; any other is written out in its paragraph.
func (r *blockReader) endLink() {
	link := r.link
	r.link = nil
	link.Label = strings.TrimSpace(link.Label)
	if link.Label == "" {
		link.Label = link.Link
	}
	if r.action == nil && (Letter{Subject: "-", Heading: "-", Kind: "-", Action: link}).complete() == nil {
		r.action = link
		return
	}
	r.now.WriteString(link.Label + " (" + link.Link + ")")
}

func (r *blockReader) flush() {
	if text := strings.Join(strings.Fields(r.now.String()), " "); text != "" {
		r.paragraphs = append(r.paragraphs, text)
	}
	r.now.Reset()
}

func opensBlock(a atom.Atom) bool {
	switch a {
	case atom.P, atom.Div, atom.H1, atom.H2, atom.H3, atom.H4, atom.Li, atom.Ul, atom.Ol, atom.Td, atom.Tr, atom.Table, atom.Blockquote, atom.Hr:
		return true
	}
	return false
}
