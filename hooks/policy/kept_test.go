package policy_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
	"kinward/hooks/policy"
)

// Every door that PocketBase has to a record, and the record's own ways, tried on everything that is written once.
func TestNoDoorChangesWhatIsKeptForever(t *testing.T) {
	c := hookstest.New(t)
	editor, patient := c.Staff("policies"), c.Patient()
	draftAndPublish(t, editor, policy.Material, object{"due": c.House.Now().Add(time.Hour)})
	d := read(t, c, "/policies/privacy")
	if r := patient.Post("/policies/privacy/refuse", object{"version": 2, "sha256": d.SHA256, "outcome": "read_only"}); r.Status != 200 {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	c.Withdraw("privacy")
	settings := c.App.Settings()
	settings.Batch.Enabled = true
	must(t, c.App.Save(settings))
	operator := c.Operator()
	for _, collection := range []string{clinic.PolicyVersions, clinic.PolicyEvents, clinic.Acknowledgements, clinic.PolicyRefusals, clinic.Authorizations} {
		record := find(t, c, collection, "")
		path := "/api/collections/" + collection + "/records"
		forged := object{"member": patient.ID, "policy": record.GetString("policy"), "number": 1, "sha256": d.SHA256, "language": "en", "role": "patient",
			"method": "self", "action": "granted", "outcome": "read_only", "title": "x", "markdown": "x", "source": "x", "class": "typo", "seq": 9, "at": c.House.Now(), "reason": object{"en": "x"}}
		batch := func(method, url string, body object) object {
			return object{"requests": []object{{"method": method, "url": url, "body": body}}}
		}
		changed := "sha256"
		if record.Collection().Fields.GetByName(changed) == nil {
			changed = "reason"
		}
		before := dump(t, c, collection)
		for name, try := range map[string]func() *hookstest.Response{
			"create": func() *hookstest.Response { return operator.Post(path, forged) },
			"update": func() *hookstest.Response {
				return operator.Patch(path+"/"+record.Id, object{changed: strings.Repeat("0", 64)})
			},
			"delete":       func() *hookstest.Response { return operator.Delete(path + "/" + record.Id) },
			"batch create": func() *hookstest.Response { return operator.Post("/api/batch", batch("POST", path, forged)) },
			"batch update": func() *hookstest.Response {
				return operator.Post("/api/batch", batch("PATCH", path+"/"+record.Id, object{changed: "de"}))
			},
			"batch delete": func() *hookstest.Response {
				return operator.Post("/api/batch", batch("DELETE", path+"/"+record.Id, nil))
			},
			"batch upsert": func() *hookstest.Response {
				forged := object{"id": record.Id, changed: strings.Repeat("0", 64)}
				return operator.Post("/api/batch", batch("PUT", path, forged))
			},
			"truncate": func() *hookstest.Response { return operator.Delete("/api/collections/" + collection + "/truncate") },
			"import": func() *hookstest.Response {
				return operator.Put("/api/collections/import", object{"collections": []object{}, "deleteMissing": true})
			},
			"collection":   func() *hookstest.Response { return operator.Delete("/api/collections/" + collection) },
			"by a patient": func() *hookstest.Response { return patient.Patch(path+"/"+record.Id, object{changed: "de"}) },
		} {
			if r := try(); r.Status < 400 || r.Status >= 500 {
				t.Errorf("%s of %s: %d %s", name, collection, r.Status, r.Body)
			}
		}
		for _, statement := range []string{
			"UPDATE " + collection + " SET " + changed + " = 'x'", "DELETE FROM " + collection, "INSERT OR REPLACE INTO " + collection + " SELECT * FROM " + collection,
			"REPLACE INTO " + collection + " (rowid, id) SELECT rowid, 'x' || id FROM " + collection, "UPDATE OR REPLACE " + collection + " SET id = 'x'",
		} {
			if run(c, statement) == nil {
				t.Errorf("%s went through", statement)
			}
		}
		for name, try := range map[string]func() error{
			"by the house": func() error { record.Set(changed, "de"); return c.House.Save(c.App, record) },
			"deleted":      func() error { return c.House.Delete(c.App, record) },
			"unvalidated":  func() error { record.Set(changed, "de"); return c.App.SaveNoValidate(record) },
		} {
			if try() == nil {
				t.Errorf("%s: %s went through", collection, name)
			}
		}
		if after := dump(t, c, collection); after != before {
			t.Errorf("%s is not as it was", collection)
		}
	}
}

// dump is a whole table as one text.
func dump(t *testing.T, c *hookstest.Clinic, table string) string {
	t.Helper()
	rows := []dbx.NullStringMap{}
	must(t, c.App.DB().NewQuery("SELECT * FROM "+table+" ORDER BY 1, 2").All(&rows))
	text, err := json.Marshal(rows)
	must(t, err)
	return string(text)
}

func TestAClarificationIsToldAndNotAsked(t *testing.T) {
	c := hookstest.New(t)
	editor, patient := c.Staff("policies"), c.Patient()
	if r := draftAndPublish(t, editor, policy.Clarification, nil); r.Status != http.StatusCreated {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	type item struct {
		Slug, Reason string
		Number       int
	}
	news := func(m *hookstest.Client) []item { return hookstest.Into[list[item]](m.Get("/me/news")).Items }
	if got := news(patient); len(got) != 1 || got[0] != (item{"privacy", "A test.", 2}) {
		t.Errorf("news %+v", got)
	}
	// To everyone whom it concerns but its author: the founder and the patient.
	must(t, policy.WriteAll(c.App, c.House))
	if n := count(t, c, "letters WHERE kind = 'policy_clarified'"); n != 2 {
		t.Errorf("%d letters", n)
	}
	if got := news(c.Patient()); len(got) != 0 {
		t.Errorf("who came later is told %+v", got)
	}
	if got := blocking(t, c, patient, clinic.BlocksWrite); got != nil {
		t.Errorf("a clarification asks for %v", got)
	}
	if r := patient.Post("/me/news/privacy", object{"number": 9}); r.Code() != "number:invalid" {
		t.Errorf("%d %s", r.Status, r.Body)
	}
	if r := patient.Post("/me/news/privacy", object{"number": 2}); r.Status != http.StatusNoContent || len(news(patient)) != 0 {
		t.Errorf("read, and still told: %d", r.Status)
	}
	draftAndPublish(t, editor, policy.Typo, nil)
	must(t, policy.WriteAll(c.App, c.House))
	if n := count(t, c, "letters WHERE kind LIKE 'policy_%'"); n != 2 || len(news(patient)) != 0 {
		t.Errorf("a typo was told: %d letters", n)
	}
}

func TestAskedForEveryYear(t *testing.T) {
	c := hookstest.New(t)
	editor, patient := c.Staff("policies"), c.Patient()
	e := open(t, editor, "privacy")
	r := editor.Put("/manage/policies/privacy/draft", object{"revision": 0, "yearly": true, "texts": textsOf(e, sentence("Yearly.", "Cada año."))})
	revision := hookstest.Into[struct{ Revision int }](r).Revision
	if r := editor.Post("/manage/policies/privacy/publish", object{"revision": revision, "class": "typo", "reason": reasons}); r.Status != http.StatusCreated {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	owing := func() []clinic.Owed {
		v, err := c.House.Member(patient.ID)
		must(t, err)
		return v.Owing(c.House.Now())
	}
	c.Pass(364 * 24 * time.Hour)
	if got := owing(); len(got) != 0 {
		t.Errorf("before a year is over: %+v", got)
	}
	c.Pass(3 * 24 * time.Hour)
	if got := owing(); len(got) != 1 || got[0].Slug != "privacy" || blocking(t, c, patient, clinic.BlocksWrite) != nil {
		t.Errorf("after a year: %+v", got)
	}
	c.Pass(15 * 24 * time.Hour)
	if got := blocking(t, c, patient, clinic.BlocksWrite); !slices.Equal(got, []string{"privacy"}) {
		t.Errorf("two weeks later: %v", got)
	}
	patient = c.SignedIn(patient.ID)
	accept(t, patient, read(t, c, "/policies/privacy"))
	if got := owing(); len(got) != 0 || count(t, c, "acknowledgements WHERE member = '"+patient.ID+"' AND number = 2") != 1 {
		t.Errorf("after accepting: %+v", got)
	}
	before := count(t, c, "acknowledgements")
	accept(t, patient, read(t, c, "/policies/privacy"))
	if count(t, c, "acknowledgements") != before {
		t.Error("accepted twice within a year")
	}
	c.Pass(380 * 24 * time.Hour)
	patient = c.SignedIn(patient.ID)
	accept(t, patient, read(t, c, "/policies/privacy"))
	if count(t, c, "acknowledgements") != before+1 {
		t.Error("the same version was not accepted again a year later")
	}
}

func TestTheClockMayGoBackALittle(t *testing.T) {
	c := hookstest.New(t)
	editor := c.Staff("policies")
	first := draftAndPublish(t, editor, policy.Typo, nil)
	c.Pass(-5 * time.Minute)
	if r := draftAndPublish(t, editor, policy.Typo, nil); r.Status != http.StatusCreated || first.Status != http.StatusCreated {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	items := hookstest.Into[list[struct{ Published, Until *time.Time }]](c.Guest().Get("/policies/privacy/versions")).Items
	if len(items) != 3 || items[0].Published.Before(*items[1].Published) || items[0].Until != nil || !items[1].Until.Equal(*items[0].Published) {
		t.Errorf("%+v", items)
	}
	c.Pass(-3 * time.Hour)
	if r := draftAndPublish(t, c.SignedIn(editor.ID), policy.Typo, nil); r.Code() != "clock_is_behind" {
		t.Errorf("%d %s", r.Status, r.Body)
	}
	if open(t, editor, "privacy").Draft == nil {
		t.Error("the draft was lost")
	}
	if found := verified(t, c); len(found.Mismatches) != 0 {
		t.Errorf("%+v", found.Mismatches)
	}
}

func TestWhatAnEditorWroteOutlivesThem(t *testing.T) {
	c := hookstest.New(t)
	editor := c.Staff("policies")
	draftAndPublish(t, editor, policy.Typo, nil)
	draftOf(t, editor, "Half done.")
	if r := c.Founder().Post("/members/"+editor.ID+"/remove", object{"reason": "Left the practice."}); r.Status != 200 {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	other := c.Staff("policies")
	e := open(t, other, "privacy")
	if e.Draft == nil || !strings.Contains(e.Draft.Texts["en"].Body, "Half done.") || e.Draft.Author.ID != "" || e.Draft.Author.Name == "" {
		t.Errorf("the draft: %+v", e.Draft)
	}
	if r := other.Put("/manage/policies/privacy/draft", object{"revision": 0, "texts": object{}}); r.Code() != "draft_changed_meanwhile" {
		t.Errorf("%d %s", r.Status, r.Body)
	}
	if r := c.Guest().Get("/policies/privacy/versions/2"); r.Status != 200 {
		t.Errorf("the version: %d", r.Status)
	}
	if r := other.Get("/policies/privacy/versions"); r.Status != 200 || !strings.Contains(string(r.Body), `"state":"left"`) {
		t.Errorf("the history: %d %s", r.Status, r.Body)
	}
	if r := other.Post("/manage/policies/privacy/publish", object{"revision": e.Revision, "class": "typo", "reason": reasons}); r.Status != http.StatusCreated {
		t.Errorf("publishing it: %d %s", r.Status, r.Body)
	}
}

func TestAHistoryShowsWhatChanged(t *testing.T) {
	c := hookstest.New(t)
	draftAndPublish(t, c.Staff("policies"), policy.Typo, nil)
	type compared struct {
		Against, Version int
		Diff             []struct{ Op, Text string }
	}
	got := hookstest.Into[compared](c.Guest().Get("/policies/privacy/versions/2?against=1"))
	if got.Against != 1 || got.Version != 2 || !slices.ContainsFunc(got.Diff, func(d struct{ Op, Text string }) bool {
		return d.Op == "insert" && strings.Contains(d.Text, "One more line")
	}) {
		t.Errorf("%+v", got)
	}
	if r := c.Guest().Get("/policies/privacy/versions/2?against=7"); r.Status != http.StatusNotFound {
		t.Errorf("against a version that is not there: %d", r.Status)
	}
	if plain := hookstest.Into[compared](c.Guest().Get("/policies/privacy/versions/2")); plain.Diff != nil {
		t.Error("a diff that nobody asked for")
	}
}

func TestConsequencesAreToldBefore(t *testing.T) {
	c := hookstest.New(t)
	editor, lead, patient := c.Staff("policies"), c.Provider(), c.Patient()
	community := c.Community(clinic.KindCondition, []*hookstest.Client{lead}, patient)
	if r := patient.Post("/communities/"+community+"/posts", object{"kind": "discussion", "title": "Tea", "body": "I drink marshmallow tea at night."}); r.Status != http.StatusCreated {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	e := open(t, editor, "privacy")
	check := []object{{"clause": "what-you-write", "detector": "word", "whose": []string{"patient"}, "action": "hold", "say": "A test.", "words": []string{"marshmallow"}}}
	r := editor.Put("/manage/policies/privacy/draft", object{"revision": 0, "checks": object{"en": check, "es": check},
		"texts": textsOf(e, func(_, body string) string {
			return strings.Replace(body, "{#what-you-write}", "x {#what-you-write}", 1)
		})})
	revision := hookstest.Into[struct{ Revision int }](r).Revision
	ask := func(m *hookstest.Client, class string) (out struct {
		Asked, Told, Held, Tried int
		Met                      struct{ Ask int }
		Asks                     []struct {
			Role  string
			Count int
		}
		Holds []struct{ Post, Excerpt, Community, Clause string }
	}) {
		r := m.Post("/manage/policies/privacy/consequences", object{"class": class, "revision": revision})
		if r.Status != 200 {
			t.Errorf("%d %s", r.Status, r.Body)
		}
		out = hookstest.Into[struct {
			Asked, Told, Held, Tried int
			Met                      struct{ Ask int }
			Asks                     []struct {
				Role  string
				Count int
			}
			Holds []struct{ Post, Excerpt, Community, Clause string }
		}](r)
		return out
	}
	if got := ask(editor, policy.Typo); got.Asked != 0 || got.Told != 0 || got.Tried != 1 || got.Met.Ask+got.Held != 1 {
		t.Errorf("a typo: %+v", got)
	}
	if got := ask(editor, policy.Clarification); got.Asked != 0 || got.Told != 4 {
		t.Errorf("a clarification: %+v", got)
	}
	got := ask(editor, policy.Material)
	if got.Asked != 4 || len(got.Asks) != 3 || got.Holds[0].Clause != "what-you-write" || got.Holds[0].Excerpt != "" || got.Holds[0].Community != "" {
		t.Errorf("material, for an editor who is not in the community: %+v", got)
	}
	c.Join(community, editor, false)
	if got := ask(c.SignedIn(editor.ID), policy.Material); !strings.Contains(got.Holds[0].Excerpt, "marshmallow") {
		t.Errorf("for one who is: %+v", got)
	}
	if count(t, c, "policy_versions WHERE number > 1")+count(t, c, "policy_mailings") != 0 {
		t.Error("looking at the consequences had some")
	}
}

// Names of members count too: those that the writer may know today. So do the title, and not the practice's own telephone.
func TestConsequencesKnowNames(t *testing.T) {
	c := hookstest.New(t)
	editor, lead, patient, stranger := c.Staff("policies"), c.Provider(), c.Patient(), c.Patient()
	for who, name := range map[*hookstest.Client]string{lead: "Thandeka Mokoena", stranger: "Bartholomew Quist"} {
		record := find(t, c, clinic.Users, "id = '"+who.ID+"'")
		record.Set("name", name)
		must(t, c.House.Save(c.App, record))
	}
	room := c.Community(clinic.KindCondition, []*hookstest.Client{lead}, patient, editor)
	posts := []object{{"title": "Thandeka", "body": "She is kind."}, {"body": "Bartholomew lives next door."}, {"body": "Call them at 555-0100."}}
	for _, post := range posts {
		post["confirm"] = []string{}
		r := patient.Post("/communities/"+room+"/posts", post)
		if r.Status == http.StatusConflict {
			var ids []string
			for _, f := range hookstest.Into[struct {
				Data struct {
					Error struct {
						Params struct{ Findings []struct{ ID string } }
					}
				}
			}](r).Data.Error.Params.Findings {
				ids = append(ids, f.ID)
			}
			post["confirm"] = ids
			r = patient.Post("/communities/"+room+"/posts", post)
		}
		if r.Status != http.StatusCreated && r.Status != http.StatusAccepted {
			t.Fatalf("%d %s", r.Status, r.Body)
		}
	}
	must(t, run(c, "UPDATE posts SET status = 'shown'"))
	rules := []object{}
	for _, detector := range []string{"member_name", "phone"} {
		rules = append(rules, object{"clause": "what-you-write", "detector": detector, "whose": []string{"patient"}, "action": "ask", "say": "A test."})
	}
	r := editor.Put("/manage/policies/privacy/draft", object{"revision": 0, "checks": object{"en": rules, "es": rules}})
	revision := hookstest.Into[struct{ Revision int }](r).Revision
	got := hookstest.Into[struct {
		Held, Tried int
		Met         struct{ Ask int }
		Holds       []struct{ Excerpt string }
	}](c.SignedIn(editor.ID).Post("/manage/policies/privacy/consequences", object{"class": "typo", "revision": revision}))
	if got.Tried != 3 || got.Held != 0 || got.Met.Ask != 1 || len(got.Holds) != 1 || got.Holds[0].Excerpt != "Thandeka" {
		t.Errorf("%+v", got)
	}
}
