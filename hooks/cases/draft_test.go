package cases_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

type caseDraft struct {
	Revision int
	Draft    *struct {
		Number, Revision int
		Author           struct{ ID, Name string }
		Updated, Policy  string
		Texts            map[string]struct{ Title string }
	}
}

func draftAt(t *testing.T, who *hookstest.Client, path string) caseDraft {
	t.Helper()
	r := who.Get("/manage/cases/" + path)
	if r.Status != http.StatusOK {
		t.Fatalf("%s: %d %s", path, r.Status, r.Body)
	}
	return hookstest.Into[caseDraft](r)
}

func titled(title string, more fields) fields {
	form := fields{"policy": "staff-social-media", "status": "posted", "texts": fields{"en": fields{"title": title}}}
	maps.Copy(form, more)
	return form
}

func saved(t *testing.T, r *hookstest.Response) int {
	t.Helper()
	if r.Status != http.StatusOK {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	return hookstest.Into[struct{ Revision int }](r).Revision
}

// changedBy reads the refusal of words that somebody else was before.
func changedBy(t *testing.T, r *hookstest.Response) (params struct {
	Revision, Number int
	Name             string
	Open             bool
	Draft            struct {
		Texts map[string]struct{ Title string }
	}
}) {
	t.Helper()
	if r.Status != http.StatusConflict || r.Code() != "case_draft_changed" {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	type fault = struct {
		Data map[string]struct {
			Params struct {
				Revision, Number int
				Name             string
				Open             bool
				Draft            struct {
					Texts map[string]struct{ Title string }
				}
			}
		}
	}
	return hookstest.Into[fault](r).Data["error"].Params
}

// TestACasesDraftIsKeptHoweverUnfinished: for all who edit, until the case is saved; and what was written is not what members read.
func TestACasesDraftIsKeptHoweverUnfinished(t *testing.T) {
	c := practice(t)
	one, two := c.Staff("policies"), c.Provider("policies")
	if d := draftAt(t, one, "zz-first/draft"); d.Draft != nil || d.Revision != 0 {
		t.Errorf("before: %+v", d)
	}
	revision := saved(t, one.Put("/manage/cases/zz-first/draft", titled("Half a ti", fields{"number": 1})))
	d := draftAt(t, two, "zz-first/draft")
	if d.Draft == nil || d.Revision != revision || d.Draft.Author.ID != one.ID || d.Draft.Number != 1 || d.Draft.Texts["en"].Title != "Half a ti" || d.Draft.Updated == "" {
		t.Fatalf("%+v", d)
	}
	for _, row := range hookstest.Into[struct {
		Items []struct {
			Slug    string
			Drafted bool
		}
	}](two.Get("/manage/cases")).Items {
		if row.Drafted != (row.Slug == "zz-first") {
			t.Errorf("in the list: %+v", row)
		}
	}
	if r := one.Get("/manage/cases/zz-first"); strings.Contains(string(r.Body), "Half a ti") {
		t.Error("the case says what is only a draft")
	}
	form := own(t, c)
	maps.Copy(form, fields{"slug": "zz-first", "number": 1, "status": "posted"})
	if r := two.Put("/manage/cases/zz-first", form); r.Status != http.StatusOK {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	if d := draftAt(t, one, "zz-first/draft"); d.Draft == nil {
		t.Error("a program that knew of no draft threw one away")
	}
	maps.Copy(form, fields{"number": 2, "revision": revision})
	if r := two.Put("/manage/cases/zz-first", form); r.Status != http.StatusOK {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	if d := draftAt(t, one, "zz-first/draft"); d.Draft != nil || d.Revision <= revision {
		t.Errorf("after saving: %+v", d)
	}
	now := changedBy(t, one.Put("/manage/cases/zz-first/draft", titled("From before", fields{"number": 1, "revision": revision})))
	if now.Open || now.Revision <= revision {
		t.Errorf("a page from before saving is told %+v", now)
	}
}

func TestTwoEditorsOfACaseLoseNothing(t *testing.T) {
	c := practice(t)
	one, two := c.Staff("policies"), c.Provider("policies")
	at := "/manage/cases/zz-first/draft"
	saved(t, one.Put(at, titled("First", nil)))
	now := changedBy(t, two.Put(at, titled("Second", nil)))
	if !now.Open || now.Name == "" || now.Draft.Texts["en"].Title != "First" {
		t.Fatalf("%+v", now)
	}
	revision := saved(t, two.Put(at, titled("Both", fields{"revision": now.Revision})))
	form := own(t, c)
	maps.Copy(form, fields{"slug": "zz-first", "number": 1, "status": "posted", "revision": now.Revision})
	changedBy(t, one.Put("/manage/cases/zz-first", form))
	if view := hookstest.Into[struct{ Number int }](one.Get("/manage/cases/zz-first")); view.Number != 1 {
		t.Errorf("it was saved over the other's draft: %+v", view)
	}
	changedBy(t, one.Delete(at+"?revision=1"))
	if r := one.Delete(at + "?revision=" + "2"); r.Status != http.StatusNoContent || revision != 2 {
		t.Errorf("throwing it away: %d %s (%d)", r.Status, r.Body, revision)
	}
	if d := draftAt(t, two, "zz-first/draft"); d.Draft != nil || d.Revision != 3 {
		t.Errorf("after throwing it away: %+v", d)
	}
}

// TestANewCasesDraftIsItsWritersOwn: two may write something new on the same policy at the same time, an operator among them.
func TestANewCasesDraftIsItsWritersOwn(t *testing.T) {
	c := practice(t)
	one, two, operator := c.Staff("policies"), c.Provider("policies"), c.Operator()
	at, where := "/manage/cases/new/draft", "new/draft?policy=staff-social-media"
	for name, who := range map[string]*hookstest.Client{"One's": one, "Two's": two, "The operator's": operator} {
		saved(t, who.Put(at, titled(name, nil)))
	}
	for name, who := range map[string]*hookstest.Client{"One's": one, "Two's": two, "The operator's": operator} {
		if d := draftAt(t, who, where); d.Draft == nil || d.Draft.Texts["en"].Title != name {
			t.Errorf("%s: %+v", name, d)
		}
	}
	if d := draftAt(t, one, "new/draft?policy=privacy"); d.Draft != nil {
		t.Errorf("of another policy: %+v", d)
	}
	changedBy(t, one.Put(at, titled("In another window", nil)))
	form := own(t, c)
	form["revision"] = 1
	if r := one.Post("/manage/cases", form); r.Status != http.StatusCreated {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	if d := draftAt(t, one, where); d.Draft != nil {
		t.Errorf("after posting: %+v", d)
	}
	if d := draftAt(t, two, where); d.Draft == nil {
		t.Error("posting threw another's draft away")
	}
	if r := two.Delete(at + "?policy=staff-social-media"); r.Status != http.StatusNoContent || draftAt(t, two, where).Draft != nil {
		t.Errorf("throwing it away: %d %s", r.Status, r.Body)
	}
}

func TestWhatIsNoDraftOfACase(t *testing.T) {
	c := practice(t)
	editor := c.Staff("policies")
	for name, r := range map[string]*hookstest.Response{
		"policy:invalid": editor.Put("/manage/cases/new/draft", titled("x", fields{"policy": "no-such"})),
		"texts:too_long": editor.Put("/manage/cases/zz-first/draft", titled(strings.Repeat("x", 150_001), nil)),
	} {
		if r.Code() != name {
			t.Errorf("%s: %d %s", name, r.Status, r.Body)
		}
	}
	saved(t, editor.Put("/manage/cases/zz-first/draft", titled(strings.Repeat("<", 149_000), nil)))
	if r := editor.Put("/manage/cases/nowhere/draft", titled("x", nil)); r.Status != http.StatusNotFound {
		t.Errorf("a draft of nothing: %d %s", r.Status, r.Body)
	}
	for _, who := range []*hookstest.Client{c.Patient(), c.Staff(), c.Provider()} {
		for _, r := range []*hookstest.Response{who.Get("/manage/cases/zz-first/draft"), who.Put("/manage/cases/zz-first/draft", titled("x", nil)), who.Delete("/manage/cases/zz-first/draft")} {
			if r.Status != http.StatusForbidden {
				t.Errorf("who edits no policies: %d %s", r.Status, r.Body)
			}
		}
	}
}

func TestTenEditorsOfACaseSaveOnce(t *testing.T) {
	c := practice(t)
	editor := c.Staff("policies")
	answers := make(chan int, 10)
	for range 10 {
		go func() { answers <- editor.Put("/manage/cases/zz-first/draft", titled("x", nil)).Status }()
	}
	var got []int
	for range 10 {
		got = append(got, <-answers)
	}
	slices.Sort(got)
	if got[0] != http.StatusOK || got[1] != http.StatusConflict || got[9] != http.StatusConflict {
		t.Errorf("%v", got)
	}
	if n, err := c.App.CountRecords(clinic.CaseDrafts); err != nil || n != 1 {
		t.Errorf("%d drafts, %v", n, err)
	}
}
