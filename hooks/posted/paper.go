package posted

import (
	"embed"
	"html/template"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/messages"
	"kinward/hooks/site"
)

//go:embed *.html
var files embed.FS

// languageNames is each language's name in itself: what a person looks for who reads no other.
var languageNames = map[string]string{"en": "English", "es": "Español"}

// say is bound anew for each page's language.
var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"say": func(string, ...any) string { return "" }, "stamp": func(text) string { return "" },
	"tongue": func(code string) string { return languageNames[code] },
}).ParseFS(files, "*.html"))

// paper is what every page in one language says: the practice, and the policies in force.
type paper struct {
	Language  string
	Practice  access.Practice
	Tel       template.URL
	Policies  []text
	Public    []text // those that the foot of every page names
	Languages []tongue
	templates *template.Template
}

// tongue is one language to switch to.
type tongue struct {
	Code, Name string
	Now        bool
}

var notDigits = regexp.MustCompile(`[^0-9+]`)

func (w *wall) paper(language string, practice access.Practice) (*paper, error) {
	policies, err := inForce(w.app, language, practice.Language)
	if err != nil {
		return nil, err
	}
	own, err := templates.Clone()
	if err != nil {
		return nil, err
	}
	p := &paper{Language: language, Practice: practice.In(language), Policies: policies}
	p.templates = own.Funcs(template.FuncMap{"say": p.say, "stamp": p.stamp})
	if digits := notDigits.ReplaceAllString(practice.Phone, ""); digits != "" {
		p.Tel = template.URL("tel:" + digits) // digits and plus signs alone
	}
	for _, t := range policies {
		if t.Audience != clinic.AudienceStaff {
			p.Public = append(p.Public, t)
		}
	}
	for _, code := range clinic.Languages {
		p.Languages = append(p.Languages, tongue{code, languageNames[code], code == language})
	}
	return p, nil
}

// say is a sentence of the catalogue; pairs are names and values of its parameters.
func (p *paper) say(key string, pairs ...any) string {
	params := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		params[pairs[i].(string)] = pairs[i+1]
	}
	return messages.Say(p.Language, key, params)
}

func (p *paper) stamp(t text) string { return stamp(t, p.Language) }

// brief is how many characters a summary has at most that a poster sets in its largest type.
const brief = 150

// Brief reports whether the summary is so short.
func (a about) Brief() bool { return utf8.RuneCountInString(a.Text.Summary) <= brief }

// about is one policy's page.
type about struct {
	*paper
	Text    text
	HTML    template.HTML
	Old     bool
	Out     bool // withdrawn
	Gone    *gap // since when, and why
	History []spell
	Square  template.HTML
	Link    string
}

func (p *paper) execute(name string, data any) (string, error) {
	var out strings.Builder
	err := p.templates.ExecuteTemplate(&out, name, data)
	return out.String(), err
}

func (p *paper) content(name, title string, data any) (*site.Content, error) {
	html, err := p.execute(name, data)
	return &site.Content{Language: p.Language, Title: p.say("page.title", "title", title, "practice", p.Practice.Name), HTML: html}, err
}

// other is any page of the house that needs its script: it says what to do without.
func (p *paper) other() (*site.Content, error) {
	html, err := p.execute("noscript.html", p)
	return &site.Content{Language: p.Language, NoScript: html}, err
}

func (p *paper) list() (*site.Content, error) {
	return p.content("list.html", p.say("policy.list.title"), p)
}

func (p *paper) missing() (*site.Content, error) {
	c, err := p.content("missing.html", p.say("page.not_found.title"), p)
	c.Status = http.StatusNotFound
	return c, err
}

// find reads one policy's texts of a number, or of the newest where it is empty, in the page's language.
func (p *paper) find(app core.App, slug, number string) (*text, error) {
	condition, params := "WHERE p.slug = {:slug} AND v.number = (SELECT MAX(n.number) FROM policy_versions n WHERE n.policy = p.id)", dbx.Params{"slug": slug}
	if number != "" {
		n, err := strconv.Atoi(number)
		if err != nil {
			return nil, nil // no such version
		}
		condition, params["number"] = "WHERE p.slug = {:slug} AND v.number = {:number}", n
	}
	found, err := read(app, condition+" ORDER BY v.language", params)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	t := choose(found, p.Language, p.Practice.Language)
	return &t, nil
}

func (p *paper) policy(app core.App, slug, number string) (*site.Content, error) {
	t, err := p.find(app, slug, number)
	if err != nil {
		return nil, err
	}
	if t == nil {
		return p.missing()
	}
	times, err := access.Withdrawals(app, t.Policy)
	if err != nil {
		return nil, err
	}
	return p.content("policy.html", t.Title, about{
		paper: p, Text: *t, HTML: template.HTML(t.HTML), Old: t.Number != t.Latest, Out: t.Status != "posted", Gone: p.gone(times),
	})
}
