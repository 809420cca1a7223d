package policy

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// mostTried is how many recent posts and comments a draft's checks are tried on.
const mostTried = 500

// mostExamples is how many of what would have been held are shown; the rest are counted.
const mostExamples = 50

// asking is how many members of a role will be asked.
type asking struct {
	Role  clinic.Role `json:"role" db:"role"`
	Count int         `json:"count" db:"count"`
}

// wouldHold is a recent text that the draft's checks would not have let through as it is.
type wouldHold struct {
	Post      string      `json:"post"`
	Comment   string      `json:"comment,omitempty"`
	Community string      `json:"community,omitempty"` // its name, and the excerpt, only for who is in it
	Role      clinic.Role `json:"author_role"`
	Clause    string      `json:"clause"`
	Action    string      `json:"action"`
	Excerpt   string      `json:"excerpt,omitempty"`
}

// consequences says before publishing whom a draft will ask or tell, what its checks would have stopped, and which example cases
// it makes due again. It changes nothing.
func (d desk) consequences(e *access.Event) error {
	var form struct {
		Class    string     `json:"class"`
		Due      *time.Time `json:"due"`
		Revision int        `json:"revision"`
	}
	if err := e.Bind(&form); err != nil {
		return err
	}
	if !slices.Contains(Classes, form.Class) {
		return clinic.Faults(clinic.Invalid.At("class"))
	}
	policy, err := managed(e.App, e.Request.PathValue("slug"))
	if err != nil {
		return err
	}
	saved, err := draftOf(e.App, policy.Id)
	if err != nil {
		return err
	}
	if !saved.Open {
		return NoDraft
	}
	if err := saved.expect(e, form.Revision); err != nil {
		return err
	}
	roles, all, err := concernedBy(e.App, policy)
	if err != nil {
		return err
	}
	out := map[string]any{"asks": []asking{}, "asked": 0, "told": 0, "from": form.Due, "holds": []wouldHold{}, "held": 0, "tried": 0, "cases_due": []caseDue{}}
	switch form.Class {
	case Material:
		out["asks"], out["asked"], out["told"] = roles, all, all
	case Clarification:
		out["told"] = all
	}
	if err := d.tried(e, saved, out); err != nil {
		return err
	}
	if form.Class == Material {
		if out["cases_due"], err = casesDue(e, policy, saved); err != nil {
			return err
		}
	}
	return e.Write(http.StatusOK, out)
}

func concernedBy(app core.App, policy *core.Record) ([]asking, int, error) {
	var rows []asking
	err := app.DB().NewQuery("SELECT role, COUNT(*) AS count FROM users WHERE status = 'active' GROUP BY role").All(&rows)
	out, all := []asking{}, 0
	for _, row := range rows {
		if clinic.Concerns(policy.GetString("audience"), row.Role) {
			out = append(out, row)
			all += row.Count
		}
	}
	return out, all, err
}

// triedRow is one recent text.
type triedRow struct {
	Post      string      `db:"post"`
	Comment   string      `db:"comment"`
	Community string      `db:"community"`
	Name      string      `db:"name"`
	Kind      string      `db:"kind"`
	Role      clinic.Role `db:"role"`
	Body      string      `db:"body"`
}

const recentTexts = `SELECT t.post, t.comment, t.community, c.name, c.kind, u.role, t.body FROM (
		SELECT id AS post, '' AS comment, community, author, title || char(10) || body AS body, created FROM posts WHERE status = 'shown'
		UNION ALL
		SELECT m.post, m.id, p.community, m.author, m.body, m.created FROM comments m JOIN posts p ON p.id = m.post WHERE m.status = 'shown'
		ORDER BY created DESC LIMIT {:most}
	) t JOIN communities c ON c.id = t.community JOIN users u ON u.id = t.author`

// tried holds the draft's checks against what was written lately. Who is not in a community reads nothing of it here either.
func (d desk) tried(e *access.Event, saved draft, out map[string]any) error {
	if d.Find == nil {
		return nil
	}
	var rows []triedRow
	if err := e.App.DB().NewQuery(recentTexts).Bind(params{"most": mostTried}).WithContext(e.Request.Context()).All(&rows); err != nil {
		return err
	}
	held, examples := 0, []wouldHold{}
	for _, row := range rows {
		check, excerpt, found := d.first(row, saved.rules(e.House.Practice().Language))
		if !found {
			continue
		}
		if held++; len(examples) >= mostExamples {
			continue
		}
		example := wouldHold{Post: row.Post, Comment: row.Comment, Role: row.Role, Clause: check.Clause, Action: check.Action}
		if e.Viewer != nil && e.Viewer.In(row.Community) {
			example.Community, example.Excerpt = row.Name, excerpt
		}
		examples = append(examples, example)
	}
	out["holds"], out["held"], out["tried"] = examples, held, len(rows)
	return nil
}

// rules are the draft's checks: the languages have the same ones, so those of any will do, and the practice's own words of both.
func (d draft) rules(language string) []Check {
	out := slices.Clone(d.Checks[language])
	for _, other := range clinic.Languages {
		if other == language {
			continue
		}
		if len(out) == 0 {
			out = slices.Clone(d.Checks[other])
			continue
		}
		for i := range min(len(out), len(d.Checks[other])) {
			out[i].Words = slices.Concat(out[i].Words, d.Checks[other][i].Words)
		}
	}
	return out
}

// first finds the weightiest check that a text would have met, of those that do more than say something.
func (d desk) first(row triedRow, checks []Check) (met Check, excerpt string, found bool) {
	for _, action := range []string{Stop, Hold, Call, Ask} {
		for _, c := range checks {
			if c.Action != action || !slices.Contains(c.Whose, row.Role) || len(c.Where) > 0 && !slices.Contains(c.Where, row.Kind) {
				continue
			}
			if places := d.Find(row.Body, row.Role, c.Detector, c.Words); len(places) > 0 {
				return c, around(row.Body, places[0]), true
			}
		}
	}
	return Check{}, "", false
}

const excerptRunes = 40

// around is a found place with a little of what stands before and after it.
func around(text string, place [2]int) string {
	runes := []rune(text)
	start, end := max(0, place[0]-excerptRunes), min(len(runes), place[1]+excerptRunes)
	if start > end {
		return ""
	}
	return strings.Join(strings.Fields(string(runes[start:end])), " ")
}

// caseDue is one example case that a draft makes due again.
type caseDue struct {
	Slug   string `json:"slug" db:"slug"`
	Title  string `json:"title" db:"title"`
	Clause string `json:"clause" db:"clause"`
}

// casesDue lists the example cases whose clause reads otherwise in the draft than in the posted text.
func casesDue(e *access.Event, policy *core.Record, saved draft) ([]caseDue, error) {
	texts, err := newest(e.App, policy.GetString("slug"))
	if err != nil {
		return nil, err
	}
	var all []caseDue
	err = e.App.DB().NewQuery(`SELECT c.slug, c.clause, COALESCE(json_extract(v.texts, '$.' || {:language} || '.title'), json_extract(v.texts, '$.en.title'), c.slug) AS title
		FROM cases c JOIN case_versions v ON v.example = c.id
		WHERE c.policy = {:slug} AND c.status = 'posted' AND v.number = (SELECT MAX(n.number) FROM case_versions n WHERE n.example = c.id)
		ORDER BY c.position, c.slug`).Bind(params{"slug": policy.GetString("slug"), "language": e.Language()}).All(&all)
	out := []caseDue{}
	for _, one := range all {
		changed := func(v edition) bool {
			return clauseWords(v.Source, one.Clause) != clauseWords(saved.Texts[v.Language].Body, one.Clause)
		}
		if slices.ContainsFunc(texts, changed) {
			out = append(out, one)
		}
	}
	return out, err
}

// clauseWords are the words of the line that a clause's id ends, without its number.
func clauseWords(body, clause string) string {
	for line := range strings.Lines(body) {
		line = strings.TrimRight(line, "\r\n")
		if found := clauseMark.FindStringSubmatch(line); found != nil && found[1] == clause {
			return strings.TrimSpace(itemNumber.ReplaceAllString(line, ""))
		}
	}
	return ""
}
