package policy

import (
	"encoding/json"
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

// mostExamples is how many of what would have been met are shown; the rest are counted.
const mostExamples = 50

// asking is how many members of a role will be asked.
type asking struct {
	Role  clinic.Role `json:"role" db:"role"`
	Count int         `json:"count" db:"count"`
}

// wouldMeet is a recent text that the draft's checks would not have let through as it is.
type wouldMeet struct {
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
	out := map[string]any{"asks": []asking{}, "asked": 0, "told": 0, "from": form.Due, "holds": []wouldMeet{}, "held": 0, "met": whatHappens{}, "tried": 0, "cases_due": []caseDue{}}
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

// Written is what a member wrote in a community.
type Written struct {
	Said              []clinic.Said
	Role              clinic.Role
	Author, Community string
	Kind              string // of the community
}

// Met is a place where words meet a check: which words, and from and to in code points of them.
type Met struct {
	Clause, Action string
	Text           string
	Start, End     int
}

// triedRow is one recent post or comment.
type triedRow struct {
	Post      string      `db:"post"`
	Comment   string      `db:"comment"`
	Community string      `db:"community"`
	Name      string      `db:"name"`
	Kind      string      `db:"kind"`
	Role      clinic.Role `db:"role"`
	Author    string      `db:"author"`
	Title     string      `db:"title"`
	Body      string      `db:"body"`
	Poll      string      `db:"poll"`
	Carries   bool        `db:"carries"` // files
}

const recentTexts = `SELECT t.post, t.comment, t.community, c.name, c.kind, u.role, t.author, t.title, t.body, t.poll, t.files != '' AS carries FROM (
		SELECT id AS post, '' AS comment, community, author, title, body, poll, files, created FROM posts WHERE status = 'shown'
		UNION ALL
		SELECT m.post, m.id, p.community, m.author, '', m.body, '', m.files, m.created FROM comments m JOIN posts p ON p.id = m.post WHERE m.status = 'shown'
		ORDER BY created DESC LIMIT {:most}
	) t JOIN communities c ON c.id = t.community JOIN users u ON u.id = t.author`

// atOnce is of how many texts the files are read together: what is said in them may be long.
const atOnce = 50

const recentFiles = `SELECT f.post, f.comment, f.id, f.kind, f.name, f.alt, f.transcript, f.captions FROM json_each({:pieces}) i
	CROSS JOIN files f ON f.post = json_extract(i.value, '$[0]') AND f.comment = json_extract(i.value, '$[1]')
	WHERE f.current = TRUE AND f.status = 'ready' ORDER BY f.created, f.id`

// tried holds the draft's checks against what was written lately. Who is not in a community reads nothing of it here either.
func (d desk) tried(e *access.Event, saved draft, out map[string]any) error {
	if d.Meet == nil {
		return nil
	}
	meets, err := d.Meet(e.App, saved.Checks)
	if err != nil {
		return err
	}
	var rows []triedRow
	if err := e.App.DB().NewQuery(recentTexts).Bind(params{"most": mostTried}).WithContext(e.Request.Context()).All(&rows); err != nil {
		return err
	}
	happens, examples := whatHappens{}, []wouldMeet{}
	for some := range slices.Chunk(rows, atOnce) {
		files, err := filesOf(e, some)
		if err != nil {
			return err
		}
		for _, row := range some {
			met, err := meets(row.written(files[[2]string{row.Post, row.Comment}]))
			if err != nil {
				return err
			}
			if one, found := happens.count(met); found && len(examples) < mostExamples {
				examples = append(examples, row.example(e, one))
			}
		}
	}
	out["holds"], out["held"], out["met"], out["tried"] = examples, happens.Hold, happens, len(rows)
	return nil
}

// whatHappens counts texts by what would have happened to them.
type whatHappens struct {
	Stop int `json:"stop"`
	Hold int `json:"hold"`
	Call int `json:"call"`
	Ask  int `json:"ask"`
}

// count takes one text by what weighs most of what it meets; what is only said keeps nobody up, and is not counted.
func (w *whatHappens) count(met []Met) (Met, bool) {
	for _, one := range []struct {
		action string
		n      *int
	}{{Stop, &w.Stop}, {Hold, &w.Hold}, {Call, &w.Call}, {Ask, &w.Ask}} {
		if i := slices.IndexFunc(met, func(m Met) bool { return m.Action == one.action }); i >= 0 {
			*one.n++
			return met[i], true
		}
	}
	return Met{}, false
}

// filesOf reads what the files of some texts say, by post and comment, in one query.
func filesOf(e *access.Event, some []triedRow) (map[[2]string]clinic.Beside, error) {
	var pieces [][2]string
	for _, row := range some {
		if row.Carries {
			pieces = append(pieces, [2]string{row.Post, row.Comment})
		}
	}
	out := map[[2]string]clinic.Beside{}
	if len(pieces) == 0 {
		return out, nil
	}
	list, _ := json.Marshal(pieces) // strings always marshal
	var files []struct {
		clinic.FileSaid
		Post    string `db:"post"`
		Comment string `db:"comment"`
	}
	err := e.App.DB().NewQuery(recentFiles).Bind(params{"pieces": string(list)}).WithContext(e.Request.Context()).All(&files)
	for _, f := range files {
		at := [2]string{f.Post, f.Comment}
		out[at] = append(out[at], f.FileSaid)
	}
	return out, err
}

func (r triedRow) written(files clinic.Beside) Written {
	return Written{Said: clinic.WordsOf(r.Title, r.Body, clinic.ChoicesIn(r.Poll), files), Role: r.Role, Author: r.Author, Community: r.Community, Kind: r.Kind}
}

func (r triedRow) example(e *access.Event, met Met) wouldMeet {
	example := wouldMeet{Post: r.Post, Comment: r.Comment, Role: r.Role, Clause: met.Clause, Action: met.Action}
	if e.Viewer != nil && e.Viewer.In(r.Community) {
		example.Community, example.Excerpt = r.Name, around(met.Text, [2]int{met.Start, met.End})
	}
	return example
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
