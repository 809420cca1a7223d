package policy_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"kinward/hooks/hookstest"
	"kinward/hooks/policy"
)

type ruled struct {
	Rules *struct {
		Checks []struct {
			Op, Clause, Title string
			Fields            []field
		}
		Strip, Asked []field
	}
}

type field struct {
	Name, Was, Now string
	Own            bool
}

// weakened gives the posted checks of a policy with its first one that holds turned to one that only says, and one more.
func weakened(e edited, language string) (checks []policy.Check, held string) {
	checks = slices.Clone(e.Current.Checks[language])
	i := slices.IndexFunc(checks, func(c policy.Check) bool { return c.Action == policy.Hold })
	checks[i].Action, held = policy.Say, checks[i].Clause
	checks[i].Whose = slices.Clone(checks[i].Whose)
	slices.Reverse(checks[i].Whose) // says the same
	more := policy.Check{Clause: held, Detector: "plate", Whose: checks[i].Whose, Where: []string{"programme"}, Action: policy.Stop, Say: "No plates."}
	return append(checks, more), held
}

func TestADraftsLookTellsOfChecksAndOfTheLineWhileWriting(t *testing.T) {
	c := hookstest.New(t)
	editor := c.Staff("policies")
	e := open(t, editor, "staff-social-media")
	text := e.Current.Texts["en"]
	form := object{"language": "en", "title": text.Title, "summary": text.Summary, "body": text.Source, "checks": e.Current.Checks["en"], "strip": e.Current.Strip["en"]}
	if got := hookstest.Into[ruled](editor.Post("/manage/policies/staff-social-media/look", form)); got.Rules == nil || len(got.Rules.Checks)+len(got.Rules.Strip) != 0 {
		t.Fatalf("of what did not change it tells %+v", got.Rules)
	}
	checks, held := weakened(e, "en")
	lines := maps.Clone(e.Current.Strip["en"])
	if lines == nil {
		lines = map[string]string{}
	}
	lines["staff"] = "Speak of nobody."
	form["checks"], form["strip"] = checks, lines
	rules := hookstest.Into[ruled](editor.Post("/manage/policies/staff-social-media/look", form)).Rules
	if len(rules.Checks) != 2 || rules.Checks[0].Op != "changed" || rules.Checks[0].Clause != held || rules.Checks[1].Op != "added" || len(rules.Strip) != 1 {
		t.Fatalf("%+v", rules)
	}
	want := field{"What happens then?", "Hold: A person of the practice looks at it before others see it.", "Say it: The sentence is shown; the writer may go on.", false}
	if got := rules.Checks[0].Fields; !slices.Equal(got, []field{want}) {
		t.Errorf("%+v", got)
	}
	if added := rules.Checks[1]; added.Title != "Licence plates" || len(added.Fields) != 4 || added.Fields[2].Now != "Programme" || added.Fields[3] != (field{"What the writer reads", "", "No plates.", true}) {
		t.Errorf("%+v", added)
	}
	if got := rules.Strip[0]; got != (field{"For providers and staff", e.Current.Strip["en"]["staff"], "Speak of nobody.", true}) {
		t.Errorf("%+v", got)
	}
	form["checks"] = []policy.Check{}
	for _, gone := range hookstest.Into[ruled](editor.Post("/manage/policies/staff-social-media/look", form)).Rules.Checks {
		if gone.Op != "removed" || gone.Title == "" || strings.HasPrefix(gone.Title, "manage.") {
			t.Errorf("%+v", gone)
		}
	}
}

func TestAWeakerCheckShowsInTheHistoryToEditorsAlone(t *testing.T) {
	c := hookstest.New(t)
	editor := c.Staff("policies")
	e := open(t, editor, "staff-social-media")
	all := object{}
	for language := range e.Current.Texts {
		all[language], _ = weakened(e, language)
	}
	same := textsOf(e, func(_, body string) string { return body })
	r := editor.Put("/manage/policies/staff-social-media/draft", object{"revision": e.Revision, "texts": same, "checks": all, "strip": e.Current.Strip})
	form := object{"revision": hookstest.Into[struct{ Revision int }](r).Revision, "class": "typo", "reason": reasons}
	if r := editor.Post("/manage/policies/staff-social-media/publish", form); r.Status != http.StatusCreated {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	const address = "/policies/staff-social-media/versions/2?against=1&language=es"
	rules := hookstest.Into[ruled](editor.Get(address)).Rules
	if rules == nil || len(rules.Checks) != 2 || len(rules.Strip) != 0 || rules.Checks[0].Title == "" ||
		!strings.HasPrefix(rules.Checks[0].Fields[0].Was, "Retener: ") || !strings.HasPrefix(rules.Checks[0].Fields[0].Now, "Avisar: ") {
		t.Errorf("%+v", rules)
	}
	if got := hookstest.Into[ruled](c.Operator().Get(address)).Rules; got == nil || len(got.Checks) != 2 {
		t.Errorf("an operator is told %+v", got)
	}
	for name, other := range map[string]*hookstest.Client{"a guest": c.Guest(), "a patient": c.Patient(), "staff": c.Staff()} {
		if r := other.Get(address); r.Status != http.StatusOK || strings.Contains(string(r.Body), `"rules"`) || strings.Contains(string(r.Body), "No plates.") {
			t.Errorf("%s: %d %s", name, r.Status, r.Body)
		}
	}
}

func TestAHistoryTellsOfTheTitleAndTheSummary(t *testing.T) {
	c := hookstest.New(t)
	editor := c.Staff("policies")
	e := open(t, editor, "staff-social-media")
	texts := object{}
	for language, text := range e.Current.Texts {
		texts[language] = object{"title": text.Title + " 2", "summary": text.Summary + " Twice.", "body": text.Source}
	}
	r := editor.Put("/manage/policies/staff-social-media/draft", object{"revision": e.Revision, "texts": texts, "checks": e.Current.Checks})
	form := object{"revision": hookstest.Into[struct{ Revision int }](r).Revision, "class": "typo", "reason": reasons}
	if r := editor.Post("/manage/policies/staff-social-media/publish", form); r.Status != http.StatusCreated {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	got := hookstest.Into[struct {
		Diff        []struct{ Op, Text string }
		TitleDiff   []struct{ Op, Text string } `json:"title_diff"`
		SummaryDiff []struct{ Op, Text string } `json:"summary_diff"`
	}](c.Guest().Get("/policies/staff-social-media/versions/2?against=1"))
	came := func(d struct{ Op, Text string }) bool { return d.Op == "insert" }
	if slices.ContainsFunc(got.Diff, came) || !slices.ContainsFunc(got.TitleDiff, came) || !slices.ContainsFunc(got.SummaryDiff, came) {
		t.Errorf("%+v", got)
	}
}

func TestThatItIsAskedYearlyShowsBeforeItIsPublishedAndInTheHistory(t *testing.T) {
	c := hookstest.New(t)
	editor := c.Staff("policies")
	e := open(t, editor, "privacy")
	text := e.Current.Texts["en"]
	form := object{"language": "en", "title": text.Title, "summary": text.Summary, "body": text.Source, "checks": e.Current.Checks["en"], "strip": e.Current.Strip["en"]}
	const look = "/manage/policies/privacy/look"
	want := []field{{"Ask again each year", "No", "Yes", false}}
	for yearly, asked := range map[any][]field{nil: {}, false: {}, true: want} {
		form["yearly"] = yearly
		if got := hookstest.Into[ruled](editor.Post(look, form)).Rules; got == nil || !slices.Equal(got.Asked, asked) || len(got.Checks)+len(got.Strip) != 0 {
			t.Errorf("%v: %+v", yearly, got)
		}
	}
	for version, yearly := range []bool{true, true, false} {
		revision := open(t, editor, "privacy").Revision
		r := editor.Put("/manage/policies/privacy/draft", object{"revision": revision, "yearly": yearly})
		publish := object{"revision": hookstest.Into[struct{ Revision int }](r).Revision, "class": "typo", "reason": reasons}
		if r := editor.Post("/manage/policies/privacy/publish", publish); r.Status != http.StatusCreated {
			t.Fatalf("version %d: %d %s", version+2, r.Status, r.Body)
		}
	}
	back := []field{{"Ask again each year", "Yes", "No", false}}
	for versions, asked := range map[string][]field{"2?against=1": want, "3?against=2": {}, "4?against=3": back, "4?against=1": {}} {
		if got := hookstest.Into[ruled](editor.Get("/policies/privacy/versions/" + versions)).Rules; got == nil || !slices.Equal(got.Asked, asked) {
			t.Errorf("%s: %+v", versions, got)
		}
	}
}
