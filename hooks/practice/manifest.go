package practice

import (
	"net/http"

	"kinward/hooks/access"
)

// icon is one drawing of the installed page. They are the house's own, and tell nothing of whose practice it is or what for.
type icon struct {
	Src     string `json:"src"`
	Sizes   string `json:"sizes"`
	Type    string `json:"type"`
	Purpose string `json:"purpose"`
}

// manifest is what a phone needs to put the page among its programs (W3C, Web Application Manifest).
type manifest struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	ShortName  string `json:"short_name"`
	Language   string `json:"lang"`
	StartURL   string `json:"start_url"`
	Scope      string `json:"scope"`
	Display    string `json:"display"`
	Background string `json:"background_color"`
	Theme      string `json:"theme_color"`
	Icons      []icon `json:"icons"`
}

// paper is the page's ground by day: --paper in tokens.css.
const paper = "#fbf8f3"

// manifest names the installed page as letters name the practice: on a phone others see it, too.
func (d desk) manifest(e *access.Event) error {
	p := e.House.Practice()
	name := p.InMail()
	if name == "" {
		name = "Kinward"
	}
	e.Response.Header().Set("Content-Type", "application/manifest+json")
	return e.Write(http.StatusOK, manifest{ID: "/", Name: name, ShortName: name, Language: p.Language, StartURL: "/", Scope: "/", Display: "standalone",
		Background: paper, Theme: paper, Icons: []icon{
			{"/icon.svg", "any", "image/svg+xml", "any"},
			{"/icon-192.png", "192x192", "image/png", "any"},
			{"/icon-512.png", "512x512", "image/png", "any"},
			{"/icon-maskable.svg", "any", "image/svg+xml", "maskable"},
			{"/icon-maskable-512.png", "512x512", "image/png", "maskable"},
		}})
}
