package cases_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"kinward/hooks/cases"
	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

func TestThePracticeWritesItsOwn(t *testing.T) {
	c := practice(t)
	editor := c.Staff("policies")
	form := own(t, c)
	r := editor.Post("/manage/cases", form)
	if r.Status != http.StatusCreated {
		t.Fatalf("creating: %d %s", r.Status, r.Body)
	}
	if r := editor.Post("/manage/cases", form); r.Code() != "slug:case_slug_taken" {
		t.Errorf("creating it twice: %d %s", r.Status, r.Body)
	}
	if found := listed(t, c.NewToCases(clinic.Staff)); found[len(found)-1].Slug != "our-own" {
		t.Errorf("staff do not see it: %+v", found)
	}
	form["number"], form["status"] = 1, "posted"
	form["texts"].(fields)["es"] = fields{"title": "Nuestro", "situation": "Suena.", "choices": []fields{
		{"id": "a", "text": "Dejarlo", "leads_to": "Sigue."}, {"id": "b", "text": "Contestar", "leads_to": "Bien.", "good": true}}}
	if r := editor.Put("/manage/cases/our-own", form); r.Status != http.StatusOK {
		t.Fatalf("changing: %d %s", r.Status, r.Body)
	}
	if r := editor.Put("/manage/cases/our-own", form); r.Code() != "case_changed_meanwhile" || !strings.Contains(string(r.Body), "Nuestro") {
		t.Errorf("changing what someone else changed: %d %s", r.Status, r.Body)
	}
	form["number"], form["status"] = 2, "withdrawn"
	if r := editor.Put("/manage/cases/our-own", form); r.Status != http.StatusOK {
		t.Fatalf("withdrawing: %d %s", r.Status, r.Body)
	}
	for _, one := range listed(t, c.NewToCases(clinic.Staff)) {
		if one.Slug == "our-own" {
			t.Error("a withdrawn case is still shown")
		}
	}
	view := hookstest.Into[struct {
		Number int
		Status string
	}](editor.Get("/manage/cases/our-own"))
	if view.Number != 3 || view.Status != "withdrawn" {
		t.Errorf("the case is now %+v", view)
	}
}

func TestWhatIsWrongWithACaseIsSaidAtItsField(t *testing.T) {
	c := practice(t)
	editor := c.Staff("policies")
	for name, change := range map[string]func(fields){
		"slug:invalid":                             func(f fields) { f["slug"] = "Not A Slug" },
		"roles:required":                           func(f fields) { f["roles"] = []string{} },
		"roles:invalid":                            func(f fields) { f["roles"] = []string{"operator"} },
		"clause:case_clause_unknown":               func(f fields) { f["clause"] = "no-such-clause" },
		"texts:case_without_a_text":                func(f fields) { f["texts"] = fields{} },
		"texts.en.title:required":                  func(f fields) { f["texts"].(fields)["en"].(fields)["title"] = " " },
		"texts.en.choices:case_choices":            func(f fields) { f["texts"].(fields)["en"].(fields)["choices"] = []fields{} },
		"texts.en.situation:too_long":              func(f fields) { f["texts"].(fields)["en"].(fields)["situation"] = strings.Repeat("x", 9000) },
		"texts.en.choices:case_without_a_good_way": func(f fields) { f["texts"].(fields)["en"].(fields)["choices"].([]fields)[1]["good"] = false },
	} {
		form := own(t, c)
		change(form)
		if r := editor.Post("/manage/cases", form); r.Code() != name {
			t.Errorf("%s: %d %s", name, r.Status, r.Body)
		}
	}
	form := own(t, c)
	form["slug"] = "new"
	if r := editor.Post("/manage/cases", form); r.Code() != "slug:invalid" {
		t.Errorf("the name of the page that writes: %d %s", r.Status, r.Body)
	}
}

func TestShippedCasesNeverGoOverThePracticesOwn(t *testing.T) {
	c := practice(t)
	shipped := fstest.MapFS{"cases/en/zz-first.md": {Data: []byte(strings.ReplaceAll(file("zz-first", "en", "patient", "x", 9), "Somebody", "Nobody"))}}
	if err := cases.PostShipped(c.App, c.House, shipped); err != nil {
		t.Fatal(err)
	}
	if found := listed(t, c.NewToCases(clinic.Staff)); found[0].Slug != "zz-first" || !strings.Contains(found[0].Situation, "Somebody") {
		t.Errorf("a case that was there is now %+v", found[0])
	}
}

func TestAPublishedTextNeverChanges(t *testing.T) {
	c := practice(t)
	record, err := c.App.FindFirstRecordByFilter(clinic.CaseVersions, "number = 1")
	if err != nil {
		t.Fatal(err)
	}
	record.Set("number", 9)
	if err := c.House.Save(c.App, record); err == nil {
		t.Error("the house changed a text")
	}
	if _, err := c.App.DB().NewQuery("UPDATE case_versions SET number = 9").Execute(); err == nil {
		t.Error("SQL changed a text")
	}
	if _, err := c.App.DB().NewQuery("DELETE FROM case_versions").Execute(); err == nil {
		t.Error("SQL deleted a text")
	}
}

func TestAQuestionGoesToTheLeadAndComesBack(t *testing.T) {
	c := practice(t)
	lead, other, patient := c.Provider(), c.Provider(), c.Patient()
	c.Community(clinic.KindCondition, []*hookstest.Client{lead}, patient)
	c.Community(clinic.KindCondition, []*hookstest.Client{other})
	relay := c.Mail()
	if r := patient.Post("/cases/zz-third/questions", fields{"question": ""}); r.Code() != "question:required" {
		t.Errorf("an empty question: %d %s", r.Status, r.Body)
	}
	const secret = "May I write about my lupus?"
	r := patient.Post("/cases/zz-third/answers", fields{"choice": "a", "question": secret})
	if r.Status != http.StatusOK {
		t.Fatalf("asking: %d %s", r.Status, r.Body)
	}
	letter := relay.To(t, lead.Email)
	if strings.Contains(letter.Text, "lupus") || strings.Contains(letter.Subject, "zz-third") || !strings.Contains(letter.Text, "/manage/cases/questions") {
		t.Errorf("the letter says %s: %s", letter.Subject, letter.Text)
	}
	type asked struct{ ID, Words, Answer string }
	read := func(who *hookstest.Client) []asked {
		return hookstest.Into[struct{ Items []asked }](who.Get("/cases/questions")).Items
	}
	open := func(who *hookstest.Client) int {
		return hookstest.Into[struct{ Open int }](who.Get("/cases/questions/open")).Open
	}
	if open(lead) != 1 || open(other) != 0 {
		t.Errorf("the menus count %d and %d", open(lead), open(other))
	}
	if found := read(other); len(found) != 0 {
		t.Errorf("a lead of another community sees %v", found)
	}
	found := read(lead)
	if len(found) != 1 || found[0].Words != secret {
		t.Fatalf("the lead sees %v", found)
	}
	if r := other.Post("/cases/questions/"+found[0].ID+"/answer", fields{"answer": "x"}); r.Status != http.StatusNotFound {
		t.Errorf("another lead answers: %d %s", r.Status, r.Body)
	}
	if r := lead.Post("/cases/questions/"+found[0].ID+"/answer", fields{"answer": "Yes, that is what the room is for."}); r.Status != http.StatusOK {
		t.Fatalf("answering: %d %s", r.Status, r.Body)
	}
	if open(lead) != 0 {
		t.Errorf("answered, and %d wait", open(lead))
	}
	if q := listed(t, patient)[0].Question; q == nil || q.Answer == "" || q.By == "" {
		t.Errorf("the patient reads %+v", q)
	}
	if letter := relay.To(t, patient.Email); strings.Contains(letter.Text, "room is for") {
		t.Errorf("the answer's letter says %s", letter.Text)
	}
}

func TestAnOperatorWritesACaseAtTheDashboard(t *testing.T) {
	c := practice(t)
	operator := c.Operator()
	form := own(t, c)
	r := operator.Post("/manage/cases", form)
	if r.Status != http.StatusCreated {
		t.Fatalf("creating: %d %s", r.Status, r.Body)
	}
	if found := listed(t, c.NewToCases(clinic.Staff)); found[len(found)-1].Slug != "our-own" {
		t.Errorf("staff do not see it: %+v", found)
	}
	form["number"], form["status"] = 1, "withdrawn"
	if r := operator.Put("/manage/cases/our-own", form); r.Status != http.StatusOK {
		t.Fatalf("withdrawing: %d %s", r.Status, r.Body)
	}
	seen := operator.Post("/manage/cases/look", fields{"language": "en", "situation": "It **rings**.", "choices": []fields{}})
	if seen.Status != http.StatusOK || !strings.Contains(string(seen.Body), "strong") {
		t.Errorf("looking: %d %s", seen.Status, seen.Body)
	}
	type line struct{ Action, Actor string }
	var lines []line
	if err := c.App.DB().NewQuery("SELECT action, actor FROM audit_entries WHERE action LIKE 'case.%' ORDER BY seq").All(&lines); err != nil {
		t.Fatal(err)
	}
	if self := "_superusers/" + operator.ID; !slices.Equal(lines, []line{{"case.create", self}, {"case.change", self}}) {
		t.Errorf("the record says %+v", lines)
	}
}
