package cases

import (
	"net/http"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/markdown"
)

// shown is a case as a member reads it. What each choice leads to comes once they have chosen.
type shown struct {
	ID        string     `json:"id"`
	Slug      string     `json:"slug"`
	Number    int        `json:"number"`
	Language  string     `json:"language"`
	Title     string     `json:"title"`
	Situation string     `json:"situation_html"`
	Choices   []option   `json:"choices"`
	Clause    clause     `json:"clause"`
	Done      bool       `json:"done"`
	Skipped   bool       `json:"skipped"`
	Optional  bool       `json:"optional"`
	Due       *time.Time `json:"due"`
	Question  *asked     `json:"question"`
}

type option struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// asked is a member's own question about a case.
type asked struct {
	Words  string `json:"words"`
	Answer string `json:"answer"`
	By     string `json:"answered_by"`
}

// standing is where a member is with one case.
type standing struct {
	Example string `db:"example"`
	Done    bool   `db:"done"`
	Again   bool   `db:"again"`
}

type page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next"`
}

// mine lists the cases of the caller's role, by position: who works here all of them, patients and caregivers a few.
func mine(e *access.Event) error {
	found, err := forViewer(e.App, e.Viewer)
	if err != nil {
		return err
	}
	policies, err := postedPolicies(e.App)
	if err != nil {
		return err
	}
	been, err := standings(e.App, e.Viewer.ID)
	if err != nil {
		return err
	}
	said, err := questionsOf(e, e.Viewer.ID)
	if err != nil {
		return err
	}
	out := page[shown]{Items: []shown{}}
	for _, r := range found {
		s, err := show(e, r, policies)
		if err != nil {
			return err
		}
		at, began := been[r.ID]
		s.Done, s.Skipped = at.Done && !at.Again, began && !at.Done
		s.Optional = !e.Viewer.Role.Works()
		s.Due = owed(e.Viewer, r.ID)
		s.Question = said[r.ID]
		out.Items = append(out.Items, s)
	}
	return e.Write(http.StatusOK, out)
}

// forViewer lists the posted cases for a member, with their newest texts; one whose policy is withdrawn rests.
func forViewer(app core.App, viewer *access.Viewer) ([]row, error) {
	limit := -1
	if !viewer.Role.Works() {
		limit = ForPatients
	}
	var out []row
	err := app.DB().NewQuery(rows + `AND c.status = 'posted'
		AND EXISTS (SELECT 1 FROM policies p WHERE p.slug = c.policy AND p.status = 'posted')
		AND EXISTS (SELECT 1 FROM json_each(c.roles) r WHERE r.value = {:role})
		ORDER BY c.position, c.slug LIMIT {:limit}`).Bind(dbx.Params{"role": string(viewer.Role), "limit": limit}).All(&out)
	return out, err
}

// standings says how far a member is, by case: a material version that changed its clause since then makes a case due again.
func standings(app core.App, member string) (map[string]standing, error) {
	var all []standing
	err := app.DB().NewQuery(`SELECT a.example, a.done, c.clause_changed > a.clause_version AS again
		FROM case_answers a JOIN cases c ON c.id = a.example WHERE a.member = {:member}`).Bind(dbx.Params{"member": member}).All(&all)
	out := map[string]standing{}
	for _, s := range all {
		out[s.Example] = s
	}
	return out, err
}

// owed is from when on a case that is due keeps its member from writing; nil where nothing is due or it is at once.
func owed(viewer *access.Viewer, id string) *time.Time {
	for _, o := range viewer.Owes {
		if o.Kind == clinic.OwedCase && o.ID == id {
			return o.Due
		}
	}
	return nil
}

func show(e *access.Event, r row, policies []posted) (shown, error) {
	c, err := r.parse()
	if err != nil {
		return shown{}, err
	}
	practice := e.House.Practice()
	text, language := c.in(e.Language(), practice.Language)
	fill := filler(practice, language)
	s := shown{
		ID: r.ID, Slug: r.Slug, Number: r.Number, Language: language, Title: fill.plain(text.Title),
		Situation: markdown.Document(fill.markdown(text.Situation), false), Clause: clauseIn(policies, r.Policy, r.Clause, language),
		Choices: []option{},
	}
	for _, choice := range text.Choices {
		s.Choices = append(s.Choices, option{choice.ID, fill.plain(choice.Text)})
	}
	return s, nil
}
