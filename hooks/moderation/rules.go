package moderation

import (
	"html"
	"net/http"
	"regexp"

	"kinward/hooks/access"

	"github.com/pocketbase/dbx"
)

// A rule is a clause of a posted policy: what a person at the desk can name as the ground of a decision.
type rule struct {
	Clause string `json:"clause"`
	Words  string `json:"words"`
}

type ruled struct {
	Policy  string `json:"policy"`
	Title   string `json:"title"`
	Clauses []rule `json:"clauses"`
}

var (
	clauseInHTML = regexp.MustCompile(`(?s)<(p|li|h[3-6]) id="clause-([a-z0-9-]+)">(.*?)</(?:p|li|h[3-6])>`)
	tagInHTML    = regexp.MustCompile(`<[^>]*>`)
)

// rules lists the clauses of the posted policies in the viewer's language, each with its first words.
func (d *desk) rules(e *access.Event) error {
	var rows []struct {
		Slug  string `db:"slug"`
		Title string `db:"title"`
		HTML  string `db:"html"`
	}
	// Of each policy's latest number the text in the caller's language, else in English.
	err := e.App.DB().NewQuery(`SELECT p.slug, v.title, v.html, MIN(CASE v.language WHEN {:wish} THEN 0 WHEN 'en' THEN 1 ELSE 2 END)
		FROM policies p JOIN policy_versions v ON v.policy = p.id
		WHERE p.status = 'posted' AND v.number = (SELECT MAX(number) FROM policy_versions WHERE policy = p.id)
		GROUP BY p.id ORDER BY p.position, p.slug LIMIT 100`).Bind(dbx.Params{"wish": e.Language()}).All(&rows)
	if err != nil {
		return err
	}
	items := make([]ruled, len(rows))
	for i, row := range rows {
		items[i] = ruled{row.Slug, row.Title, []rule{}}
		for _, found := range clauseInHTML.FindAllStringSubmatch(row.HTML, -1) {
			words := html.UnescapeString(tagInHTML.ReplaceAllString(found[3], ""))
			items[i].Clauses = append(items[i].Clauses, rule{found[2], excerpt(words, 90)})
		}
	}
	return e.Write(http.StatusOK, map[string]any{"items": items, "next": ""})
}
