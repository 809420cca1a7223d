package cases

import (
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/mails"
	"kinward/hooks/messages"
)

// The kinds of letters that this package writes. Neither says what was asked, or about what.
const (
	letterAsked    = "case_question"
	letterAnswered = "case_answer"
)

// ask takes a question about a case to those who lead the caller's communities.
func ask(e *access.Event) error {
	var form struct {
		Question string `json:"question"`
	}
	if err := e.Bind(&form); err != nil {
		return err
	}
	r, err := own(e, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	return e.Once(func(tx core.App) (int, any, error) {
		if err := askAbout(e, tx, r, form.Question); err != nil {
			return 0, nil, err
		}
		return http.StatusCreated, asked{Words: strings.TrimSpace(form.Question)}, nil
	})
}

func checkQuestion(words, field string) error {
	switch {
	case strings.TrimSpace(words) == "":
		return clinic.Faults(clinic.Required.At(field))
	case utf8.RuneCountInString(words) > maxQuestion:
		return clinic.Faults(clinic.TooLong.At(field).With("max", maxQuestion))
	}
	return nil
}

func askAbout(e *access.Event, tx core.App, r row, words string) error {
	if err := checkQuestion(words, "question"); err != nil {
		return err
	}
	collection, err := tx.FindCollectionByNameOrId(clinic.CaseQuestions)
	if err != nil {
		return err
	}
	record := core.NewRecord(collection)
	record.Load(map[string]any{"member": e.Viewer.ID, "example": r.ID, "words": strings.TrimSpace(words)})
	if err := e.House.Save(tx, record); err != nil {
		return err
	}
	to, err := askedOf(tx, e.Viewer.ID)
	if err != nil {
		return err
	}
	for _, someone := range to {
		if err := write(e, tx, someone, letterAsked, record.Id, "/manage/cases/questions"); err != nil {
			return err
		}
	}
	return nil
}

// recipient is whom a letter goes to.
type recipient struct {
	ID       string `db:"id"`
	Email    string `db:"email"`
	Language string `db:"language"`
	Status   string `db:"status"`
}

// askedOf finds who answers a member's question: the lead providers of their communities, else the practice's admins.
func askedOf(app core.App, member string) ([]recipient, error) {
	var out []recipient
	err := app.DB().NewQuery(`SELECT DISTINCT u.id, u.email, u.language, u.status FROM memberships mine
		JOIN communities c ON c.id = mine.community AND c.status = 'open'
		JOIN memberships m ON m.community = c.id AND m.lead = TRUE
		JOIN users u ON u.id = m.member AND u.role = 'provider' AND u.status = 'active'
		WHERE mine.member = {:member} AND u.id != {:member} ORDER BY u.id LIMIT 20`).Bind(dbx.Params{"member": member}).All(&out)
	if err != nil || len(out) > 0 {
		return out, err
	}
	err = app.DB().NewQuery(`SELECT u.id, u.email, u.language, u.status FROM users u
		WHERE u.status = 'active' AND u.id != {:member} AND EXISTS (SELECT 1 FROM json_each(u.rights) r WHERE r.value = 'admin')
		ORDER BY u.id LIMIT 20`).Bind(dbx.Params{"member": member}).All(&out)
	return out, err
}

func write(e *access.Event, tx core.App, to recipient, kind, question, path string) error {
	say := func(part string) string {
		return messages.Say(to.Language, "cases.letter."+kind+"."+part, map[string]any{"practice": e.House.Practice().InMail()})
	}
	_, err := mails.Queue(tx, mails.Letter{
		To: to.Email, Language: to.Language, Kind: kind, About: clinic.CaseQuestions + "/" + question,
		Subject: say("subject"), Heading: say("heading"), Paragraphs: []string{say("text")},
		Action: &mails.Action{Label: say("action"), Link: e.House.PublicURL() + path},
	})
	return err
}

// questionsOf gives a member's newest question about each case, by case.
func questionsOf(e *access.Event, member string) (map[string]*asked, error) {
	var found []struct {
		Example, Words, Answer, Name, Status string
	}
	err := e.App.DB().NewQuery(`SELECT q.example, q.words, q.answer, COALESCE(u.name, '') AS name, COALESCE(u.status, '') AS status
		FROM case_questions q LEFT JOIN users u ON u.id = q.answered_by
		WHERE q.member = {:member} ORDER BY q.created, q.id`).Bind(dbx.Params{"member": member}).All(&found)
	out := map[string]*asked{}
	for _, q := range found {
		by := q.Name
		if q.Status == clinic.Removed {
			by = messages.Say(e.Language(), "person.left", nil)
		}
		out[q.Example] = &asked{q.Words, q.Answer, by}
	}
	return out, err
}

// entry is one question as who answers it sees it.
type entry struct {
	ID       string        `json:"id"`
	Case     string        `json:"case"` // its slug
	Title    string        `json:"title"`
	Words    string        `json:"words"`
	By       access.Person `json:"by"`
	At       string        `json:"at"`
	Answer   string        `json:"answer"`
	Answered *time.Time    `json:"answered"`
}

// mayAnswer is the condition for who sees a question q: admins and editors each, a lead provider those of their communities'
// members; nobody their own.
const mayAnswer = ` q.member != {:viewer} AND ({:all} OR EXISTS (SELECT 1 FROM memberships l JOIN memberships m ON m.community = l.community
	WHERE l.member = {:viewer} AND l.lead = TRUE AND m.member = q.member)) `

func answerer(e *access.Event) dbx.Params {
	return dbx.Params{"viewer": e.Viewer.ID, "all": e.Viewer.Has(clinic.PolicyEditor)}
}

// questions lists what members asked: the open ones first, the oldest of them on top, then the newest answered ones.
func questions(e *access.Event) error {
	var found []struct {
		ID, Words, Answer, Answered, Created, Example, Slug string
		Member, Name, Role, Title, Status                   string
	}
	err := e.App.DB().NewQuery(`SELECT q.id, q.words, q.answer, q.answered, q.created, q.example, c.slug,
			u.id AS member, u.name, u.role, u.title, u.status
		FROM case_questions q JOIN users u ON u.id = q.member JOIN cases c ON c.id = q.example WHERE` + mayAnswer +
		`ORDER BY q.answered != '', CASE WHEN q.answered = '' THEN q.created END, q.created DESC, q.id LIMIT 200`).Bind(answerer(e)).All(&found)
	if err != nil {
		return err
	}
	out := page[entry]{Items: []entry{}}
	for _, q := range found {
		title, err := titleOf(e, q.Slug)
		if err != nil {
			return err
		}
		item := entry{ID: q.ID, Case: q.Slug, Title: title, Words: q.Words, Answer: q.Answer, At: access.Moment(q.Created),
			By: access.NewPerson(e.Language(), q.Member, q.Name, q.Role, q.Title, q.Status)}
		if at := access.ParseDate(q.Answered); !at.IsZero() {
			item.Answered = &at
		}
		out.Items = append(out.Items, item)
	}
	return e.Write(http.StatusOK, out)
}

// countOpen tells how many questions wait for the viewer's answer, for the menu.
func countOpen(e *access.Event) error {
	var open int
	err := e.App.DB().NewQuery("SELECT COUNT(*) FROM case_questions q WHERE q.answered = '' AND" + mayAnswer).Bind(answerer(e)).Row(&open)
	if err != nil {
		return err
	}
	return e.Write(http.StatusOK, map[string]int{"open": open})
}

func titleOf(e *access.Event, slug string) (string, error) {
	r, err := bySlug(e.App, slug)
	if err != nil {
		return "", err
	}
	c, err := r.parse()
	if err != nil {
		return "", err
	}
	practice := e.House.Practice()
	text, language := c.in(e.Language(), practice.Language)
	return filler(practice, language).plain(text.Title), nil
}

// reply answers a question; who asked reads it beside the case, and is told by a letter that says only that.
func reply(e *access.Event) error {
	var form struct {
		Answer string `json:"answer"`
	}
	if err := e.Bind(&form); err != nil {
		return err
	}
	if err := checkQuestion(form.Answer, "answer"); err != nil {
		return err
	}
	params := answerer(e)
	params["id"] = e.Request.PathValue("id")
	var to recipient
	err := e.App.DB().NewQuery(`SELECT u.id, u.email, u.language, u.status FROM case_questions q JOIN users u ON u.id = q.member
		WHERE q.id = {:id} AND` + mayAnswer).Bind(params).One(&to)
	if err != nil {
		return access.Missing(err)
	}
	return e.Once(func(tx core.App) (int, any, error) {
		record, err := tx.FindRecordById(clinic.CaseQuestions, e.Request.PathValue("id"))
		if err != nil {
			return 0, nil, access.Missing(err)
		}
		record.Load(map[string]any{"answer": strings.TrimSpace(form.Answer), "answered": e.House.Now(), "answered_by": e.Viewer.ID})
		if err := e.House.Save(tx, record); err != nil {
			return 0, nil, err
		}
		if to.Status == clinic.Active {
			err = write(e, tx, to, letterAnswered, record.Id, "/cases")
		}
		return http.StatusOK, map[string]any{"id": record.Id, "answer": record.GetString("answer")}, err
	})
}
