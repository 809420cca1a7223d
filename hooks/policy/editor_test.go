package policy_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"kinward/hooks/hookstest"
	"kinward/hooks/policy"
)

type object = map[string]any

// edited is what GET /manage/policies/{slug} answers, as far as these tests look.
type edited struct {
	Slug, Kind, Status string
	Revision           int
	Yearly             bool
	Current            *struct {
		Number int
		Class  string
		Texts  map[string]struct{ Title, Summary, Source, Markdown, SHA256 string }
		Checks map[string][]policy.Check
		Strip  map[string]map[string]string
	}
	Draft *struct {
		Revision, Base int
		Yearly         bool
		Checks         map[string][]policy.Check
		Texts          map[string]struct{ Title, Summary, Body string }
		Author         struct{ ID, Name string }
	}
	Offer map[string]struct {
		Body        string
		Diff        []struct{ Op, Text string }
		TitleDiff   []struct{ Op, Text string } `json:"title_diff"`
		SummaryDiff []struct{ Op, Text string } `json:"summary_diff"`
		Rules       struct {
			Checks []struct{ Op, Clause string }
			Strip  []struct{ Was, Now string }
		}
		ChecksKept bool `json:"checks_kept"`
	}
	Placeholders map[string]string
}

func open(t testing.TB, m *hookstest.Client, slug string) edited {
	t.Helper()
	r := m.Get("/manage/policies/" + slug)
	if r.Status != http.StatusOK {
		t.Fatalf("opening %s: %d %s", slug, r.Status, r.Body)
	}
	return hookstest.Into[edited](r)
}

// textsOf gives the posted texts as a draft has them, each changed by a function.
func textsOf(e edited, change func(language, body string) string) object {
	out := object{}
	for language, t := range e.Current.Texts {
		out[language] = object{"title": t.Title, "summary": t.Summary, "body": change(language, t.Source)}
	}
	return out
}

func sentence(en, es string) func(language, body string) string {
	return func(language, body string) string {
		if language == "es" {
			return body + "\n\n" + es
		}
		return body + "\n\n" + en
	}
}

var reasons = object{"en": "A test.", "es": "Una prueba."}

// draftAndPublish changes the privacy policy through the doors and returns the answer.
func draftAndPublish(t testing.TB, m *hookstest.Client, class string, form object) *hookstest.Response {
	t.Helper()
	e := open(t, m, "privacy")
	r := m.Put("/manage/policies/privacy/draft", object{"revision": e.Revision, "texts": textsOf(e, sentence("One more line.", "Una línea más."))})
	if r.Status != http.StatusOK {
		t.Fatalf("saving: %d %s", r.Status, r.Body)
	}
	body := object{"revision": hookstest.Into[struct{ Revision int }](r).Revision, "class": class, "reason": reasons}
	for name, value := range form {
		body[name] = value
	}
	return m.Post("/manage/policies/privacy/publish", body)
}

func TestFromDraftToVersion(t *testing.T) {
	c := hookstest.New(t)
	editor := c.Staff("policies")
	before := open(t, editor, "privacy")
	if before.Current.Number != 1 || before.Draft != nil || before.Placeholders["phone"] != "555-0100" || !strings.Contains(before.Current.Texts["en"].Source, "{{") {
		t.Fatalf("opened %+v", before)
	}
	r := draftAndPublish(t, editor, policy.Clarification, nil)
	answer := hookstest.Into[struct {
		Number int
		SHA256 map[string]string
	}](r)
	if r.Status != http.StatusCreated || answer.Number != 2 || len(answer.SHA256) != 2 {
		t.Fatalf("publishing: %d %s", r.Status, r.Body)
	}
	d := read(t, c, "/policies/privacy?language=es")
	if d.Version != 2 || d.SHA256 != answer.SHA256["es"] || !strings.Contains(d.Markdown, "Una línea más.") || strings.Contains(d.Markdown, "{{") || d.Reason != "Una prueba." {
		t.Errorf("read %+v", d)
	}
	if after := open(t, editor, "privacy"); after.Draft != nil || after.Revision <= before.Revision {
		t.Errorf("after publishing the draft is %+v at %d", after.Draft, after.Revision)
	}
	if n := count(t, c, "policy_versions WHERE number = 2 AND author = '"+editor.ID+"'"); n != 2 {
		t.Errorf("%d texts name their author", n)
	}
}

func TestTwoEditorsAtOnceLoseNothing(t *testing.T) {
	c := hookstest.New(t)
	one, two := c.Staff("policies"), c.Provider("policies")
	e := open(t, one, "privacy")
	save := func(m *hookstest.Client, revision int, words string) *hookstest.Response {
		return m.Put("/manage/policies/privacy/draft", object{"revision": revision, "texts": textsOf(e, sentence(words, words))})
	}
	if r := save(one, 0, "First."); r.Status != http.StatusOK {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	r := save(two, 0, "Second.")
	fault := hookstest.Into[struct {
		Data map[string]struct {
			Code   string
			Params struct {
				Revision int
				Author   struct{ ID string }
				Texts    map[string]struct{ Body string }
			}
		}
	}](r).Data["error"]
	if r.Status != http.StatusConflict || fault.Code != "draft_changed_meanwhile" || fault.Params.Author.ID != one.ID || !strings.Contains(fault.Params.Texts["en"].Body, "First.") {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	if r := save(two, fault.Params.Revision, "Both."); r.Status != http.StatusOK {
		t.Errorf("saving after having seen both: %d %s", r.Status, r.Body)
	}
	if r := one.Post("/manage/policies/privacy/publish", object{"revision": fault.Params.Revision, "class": "typo", "reason": reasons}); r.Code() != "draft_changed_meanwhile" {
		t.Errorf("an old draft was published: %d %s", r.Status, r.Body)
	}
	revision := open(t, two, "privacy").Revision
	if r := two.Post("/manage/policies/privacy/publish", object{"revision": revision, "class": "typo", "reason": reasons}); r.Status != http.StatusCreated {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	if r := save(one, revision, "Over what was published."); r.Code() != "draft_changed_meanwhile" {
		t.Errorf("a page from before publishing saved: %d %s", r.Status, r.Body)
	}
	if r := save(one, 0, "Anew."); r.Status != http.StatusOK {
		t.Errorf("a new draft: %d %s", r.Status, r.Body)
	}
}

func TestTenEditorsAtOnceSaveOnce(t *testing.T) {
	c := hookstest.New(t)
	editor := c.Staff("policies")
	e := open(t, editor, "privacy")
	answers := make(chan int, 10)
	for range 10 {
		go func() {
			answers <- editor.Put("/manage/policies/privacy/draft", object{"revision": 0, "texts": textsOf(e, sentence("x", "x"))}).Status
		}()
	}
	var saved, refused int
	for range 10 {
		switch status := <-answers; status {
		case http.StatusOK:
			saved++
		case http.StatusConflict:
			refused++
		default:
			t.Errorf("status %d", status)
		}
	}
	if saved != 1 || refused != 9 {
		t.Errorf("%d saved, %d refused", saved, refused)
	}
}

func TestAnOperatorPublishesWithTheirPassword(t *testing.T) {
	c := hookstest.New(t)
	operator := c.Operator()
	for password, code := range map[string]string{"": "fresh_sign_in_required", "wrong": "password:password_wrong"} {
		if r := draftAndPublish(t, operator, policy.Typo, object{"password": password}); r.Code() != code {
			t.Errorf("with the password %q: %d %s", password, r.Status, r.Body)
		}
	}
	if r := draftAndPublish(t, operator, policy.Typo, object{"password": hookstest.Password}); r.Status != http.StatusCreated {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	if n := count(t, c, "policy_versions WHERE number = 2 AND operator AND author = ''"); n != 2 {
		t.Errorf("%d texts say that the operator published them", n)
	}
	if n := count(t, c, "audit_entries WHERE action = 'policy.publish' AND actor = '_superusers/"+operator.ID+"'"); n != 1 {
		t.Errorf("%d lines in the audit record", n)
	}
}

func TestPublishingAsksForAFreshSignIn(t *testing.T) {
	c := hookstest.New(t)
	editor := c.Staff("policies")
	c.Pass(11 * time.Minute)
	if r := draftAndPublish(t, editor, policy.Typo, nil); r.Code() != "fresh_sign_in_required" {
		t.Errorf("%d %s", r.Status, r.Body)
	}
	if e := open(t, editor, "privacy"); e.Draft == nil {
		t.Error("the draft was lost")
	}
}

func TestWhatPublishingRefuses(t *testing.T) {
	c := hookstest.New(t)
	editor := c.Staff("policies")
	now := c.House.Now()
	for name, try := range map[string]struct {
		class string
		form  object
		code  string
	}{
		"no such class":            {"huge", nil, "class:invalid"},
		"no reason":                {policy.Typo, object{"reason": object{"en": "A test."}}, "reason.es:required"},
		"a long reason":            {policy.Typo, object{"reason": object{"en": strings.Repeat("a", 1001), "es": "x"}}, "reason.en:too_long"},
		"a typo with a date":       {policy.Typo, object{"due": now.Add(time.Hour)}, "due:invalid"},
		"material without a date":  {policy.Material, nil, "due:required"},
		"material, yesterday":      {policy.Material, object{"due": now.Add(-time.Hour)}, "due:invalid"},
		"material, in three years": {policy.Material, object{"due": now.AddDate(3, 0, 0)}, "due:invalid"},
	} {
		if r := draftAndPublish(t, editor, try.class, try.form); r.Code() != try.code {
			t.Errorf("%s: %d %s", name, r.Status, r.Body)
		}
	}
	if n := count(t, c, "policy_versions WHERE number > 1"); n != 0 {
		t.Errorf("%d texts were published", n)
	}
}

func TestADraftMayBeWrongAndIsNotPublished(t *testing.T) {
	c := hookstest.New(t)
	editor := c.Staff("policies")
	for name, try := range map[string]struct{ en, es, code string }{
		"a clause twice":          {"1. A. {#a-a}\n2. B. {#a-a}", "1. A. {#a-a}\n2. B. {#a-a}", "clause_twice"},
		"another policy's clause": {"1. A. {#be-kind}", "1. A. {#be-kind}", "clause_elsewhere"},
		"unknown placeholder":     {"1. Call {{fax}}. {#a-a}", "1. A. {#a-a}", "placeholder_unknown"},
		"other clauses":           {"1. A. {#a-a}", "1. A. {#a-b}", "languages_differ"},
		"no words":                {" ", "1. A. {#a-a}", "no_words"},
	} {
		e := open(t, editor, "privacy")
		r := editor.Put("/manage/policies/privacy/draft", object{"revision": e.Revision, "texts": object{
			"en": object{"title": "Privacy", "body": try.en}, "es": object{"title": "Privacidad", "body": try.es}}})
		if r.Status != http.StatusOK {
			t.Errorf("%s: a draft was not kept: %d %s", name, r.Status, r.Body)
		}
		revision := hookstest.Into[struct{ Revision int }](r).Revision
		r = editor.Post("/manage/policies/privacy/publish", object{"revision": revision, "class": "typo", "reason": reasons})
		fault := hookstest.Into[struct {
			Data map[string]struct {
				Code   string
				Params struct {
					Problems []struct{ Code, Message string }
				}
			}
		}](r).Data["error"]
		if fault.Code != "policy_not_ready" || !slices.ContainsFunc(fault.Params.Problems, func(p struct{ Code, Message string }) bool { return p.Code == try.code }) {
			t.Errorf("%s: %d %s", name, r.Status, r.Body)
		}
	}
}

func TestADocumentOfOneMegabyte(t *testing.T) {
	c := hookstest.New(t)
	editor := c.Staff("policies")
	small := draftOf(t, editor, "Kept.")
	big := strings.Repeat("word ", 200_000)
	for size, want := range map[int]string{len(big): "texts.en.body:too_long", 2 * len(big): "too_large"} {
		r := editor.Put("/manage/policies/privacy/draft", object{"revision": small, "texts": object{"en": object{"title": "Privacy", "body": strings.Repeat(big, size/len(big))}}})
		if r.Code() != want || r.Status >= 500 {
			t.Errorf("%d bytes: %d %.300s", size, r.Status, r.Body)
		}
		if r := editor.Post("/manage/policies/privacy/look", object{"language": "en", "title": "x", "body": big}); r.Status < 400 || r.Status >= 500 {
			t.Errorf("looking at 1 MB: %d", r.Status)
		}
	}
	if e := open(t, editor, "privacy"); e.Draft == nil || !strings.Contains(e.Draft.Texts["en"].Body, "Kept.") {
		t.Error("the draft from before was lost")
	}
}

func draftOf(t *testing.T, m *hookstest.Client, words string) int {
	t.Helper()
	e := open(t, m, "privacy")
	r := m.Put("/manage/policies/privacy/draft", object{"revision": e.Revision, "texts": textsOf(e, sentence(words, words))})
	if r.Status != http.StatusOK {
		t.Fatalf("saving: %d %s", r.Status, r.Body)
	}
	return hookstest.Into[struct{ Revision int }](r).Revision
}
