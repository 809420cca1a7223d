package site

import (
	"bytes"
	"compress/gzip"
	"html"
	"net/http"
	"strings"
	"sync"
)

// Content is what a page says before any script has run, and all that it says where none may. Keep it for as long as what it
// was made from stays the same: it is put together and compressed once.
type Content struct {
	Status   int    // 0: 200
	Language string // of the document
	Title    string // plain text
	// HTML stands where the page's own script will draw, which replaces it. Every value in it is escaped by its maker.
	HTML string
	// NoScript stands in the page where scripts are off; empty where HTML says everything.
	NoScript string
	// Document is a whole document of its own; nothing of the built page is then used.
	Document string

	once sync.Once
	file *file
}

// Pages gives the content of the page that a request asks for, or nil for the page as it was built. It is asked on every
// request for a page, so it answers from memory.
type Pages func(r *http.Request) *Content

// The places in the built index.html that content is put into.
const (
	mount = `<div id="app"></div>`
	title = `<title>Kinward</title>`
	lang  = `<html lang="en">`
	off   = `<noscript>`
	on    = `</noscript>`
)

// served puts the content into the built page, the first time it is asked for.
func (c *Content) served(index []byte) *file {
	c.once.Do(func() {
		body := []byte(c.Document)
		if c.Document == "" {
			body = c.into(index)
		}
		plain, zipped := newForm(body, ""), newForm(zip(body), "gzip")
		c.file = &file{plain: func() *form { return plain }, gzip: func() *form { return zipped }, status: c.Status, common: http.Header{
			"Content-Type": {typeOf(".html")}, "Cache-Control": {"no-cache"}, "Vary": {"Accept-Encoding, Accept-Language"},
		}}
		for key, value := range pageHeaders {
			c.file.common[key] = []string{value}
		}
	})
	return c.file
}

func (c *Content) into(index []byte) []byte {
	page := string(index)
	page = strings.Replace(page, lang, `<html lang="`+html.EscapeString(c.Language)+`">`, 1)
	if c.Title != "" {
		page = strings.Replace(page, title, "<title>"+html.EscapeString(c.Title)+"</title>", 1)
	}
	page = strings.Replace(page, mount, strings.TrimSuffix(mount, "</div>")+c.HTML+"</div>", 1)
	before, rest, found := strings.Cut(page, off)
	if _, after, closed := strings.Cut(rest, on); found && closed {
		page = before + after
		if c.NoScript != "" {
			page = before + off + c.NoScript + on + after
		}
	}
	return []byte(page)
}

func zip(body []byte) []byte {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		panic(err) // the level is a constant of the package
	}
	_, _ = w.Write(body) // a bytes.Buffer refuses nothing
	_ = w.Close()
	return out.Bytes()
}
