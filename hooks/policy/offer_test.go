package policy_test

import (
	"net/http"
	"strings"
	"testing"

	"kinward/hooks/hookstest"
	"kinward/hooks/policy"
)

func TestABetterShippedTextIsOfferedAndNeverApplied(t *testing.T) {
	c := hookstest.New(t)
	editor := c.Staff("policies")
	if e := open(t, editor, "privacy"); e.Offer != nil {
		t.Fatal("what is posted is offered")
	}
	// As if version 1 had come from an older release, in other words than those shipped now.
	olderRelease(t, c, "source = replace(source, 'name', 'first name')")
	e := open(t, editor, "privacy")
	if len(e.Offer) != 2 || strings.Contains(e.Offer["en"].Body, "first name") || len(e.Offer["en"].Diff) < 2 || e.Current.Number != 1 {
		t.Fatalf("offer %+v", e.Offer)
	}
	if r := editor.Post("/manage/policies/privacy/offer", object{"take": true, "revision": 0}); r.Status != 200 {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	e = open(t, editor, "privacy")
	if e.Offer != nil || e.Draft == nil || strings.Contains(e.Draft.Texts["en"].Body, "first name") || !strings.Contains(e.Current.Texts["en"].Source, "first name") {
		t.Errorf("taken: %+v", e)
	}
	if r := editor.Post("/manage/policies/privacy/offer", object{"take": false}); r.Code() != "policy_no_offer" {
		t.Errorf("%d %s", r.Status, r.Body)
	}
	if r := editor.Post("/manage/policies/testimonials/offer", object{"take": false}); r.Status != 200 && r.Code() != "policy_no_offer" {
		t.Errorf("%d %s", r.Status, r.Body)
	}
	if e := open(t, editor, "testimonials"); e.Offer != nil || e.Draft != nil {
		t.Errorf("set aside: %+v", e)
	}
}

// olderRelease makes version 1 of the privacy policy look as if an older release had brought it, in other words than those shipped now.
func olderRelease(t *testing.T, c *hookstest.Clinic, change string) {
	t.Helper()
	must(t, run(c, "DROP TRIGGER IF EXISTS policy_versions_never_change"))
	must(t, run(c, "UPDATE policy_versions SET "+change+" WHERE policy = (SELECT id FROM policies WHERE slug = 'privacy')"))
}

func TestAnOfferIsNotTakenOverADraft(t *testing.T) {
	c := hookstest.New(t)
	editor := c.Staff("policies")
	olderRelease(t, c, "source = replace(source, 'name', 'first name')")
	revision := draftOf(t, editor, "Half done.")
	take := func(revision int) *hookstest.Response {
		return editor.Post("/manage/policies/privacy/offer", object{"take": true, "revision": revision})
	}
	if r := take(revision); r.Status != http.StatusConflict || r.Code() != policy.DraftOpen.Code {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	e := open(t, editor, "privacy")
	if e.Draft == nil || e.Revision != revision || !strings.Contains(e.Draft.Texts["en"].Body, "Half done.") || e.Offer == nil {
		t.Fatalf("after it was refused: %+v", e)
	}
	// A draft that says what is posted has nothing to lose but how often it is asked, and keeps that.
	r := editor.Put("/manage/policies/privacy/draft", object{"revision": revision, "yearly": true, "texts": textsOf(e, func(_, body string) string { return body })})
	if r.Status != http.StatusOK {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	if r := take(revision); r.Code() != "draft_changed_meanwhile" {
		t.Errorf("an old page took it: %d %s", r.Status, r.Body)
	}
	if r := take(hookstest.Into[struct{ Revision int }](r).Revision); r.Status != http.StatusOK {
		t.Fatalf("over a draft without words of its own: %d %s", r.Status, r.Body)
	}
	if e := open(t, editor, "privacy"); e.Offer != nil || e.Draft == nil || !e.Draft.Yearly || strings.Contains(e.Draft.Texts["en"].Body, "first name") {
		t.Errorf("taken: %+v", e)
	}
}

func TestAnOfferIsTakenAfterTheDraftIsThrownAway(t *testing.T) {
	c := hookstest.New(t)
	editor := c.Staff("policies")
	olderRelease(t, c, "source = replace(source, 'name', 'first name')")
	draftOf(t, editor, "Half done.")
	if r := editor.Post("/manage/policies/privacy/offer", object{"take": false}); r.Status != http.StatusOK {
		t.Errorf("set aside beside a draft: %d %s", r.Status, r.Body)
	}
	must(t, run(c, "UPDATE policies SET offers = NULL"))
	if r := editor.Delete("/manage/policies/privacy/draft"); r.Status != http.StatusNoContent {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	if r := editor.Post("/manage/policies/privacy/offer", object{"take": true, "revision": open(t, editor, "privacy").Revision}); r.Status != http.StatusOK {
		t.Errorf("%d %s", r.Status, r.Body)
	}
}

// All that would be taken is shown before: the title, the summary, the checks and the lines while writing too.
func TestAnOfferShowsAllThatWouldChange(t *testing.T) {
	c := hookstest.New(t)
	editor := c.Staff("policies")
	olderRelease(t, c, `title = 'Old', source_summary = 'Old.', source_strip = '{"staff":"Old."}', source_checks = '[]'`)
	privacy := open(t, editor, "privacy")
	for _, language := range []string{"en", "es"} {
		o := privacy.Offer[language]
		if len(o.TitleDiff) < 2 || len(o.SummaryDiff) < 2 || len(o.Diff) != 1 || len(o.Rules.Strip) == 0 || o.ChecksKept || o.Rules.Strip[0].Was != "Old." {
			t.Errorf("%s: %+v", language, o)
		}
	}
}

// A practice that changed its checks keeps them where the release's are those that it had.
func TestAnOfferKeepsTheChecksOfThePractice(t *testing.T) {
	c := hookstest.New(t)
	editor := c.Staff("policies")
	slug := "/manage/policies/community-guidelines"
	e := open(t, editor, "community-guidelines")
	own := map[string][]policy.Check{}
	for language, checks := range e.Current.Checks {
		own[language] = checks[1:]
	}
	r := editor.Put(slug+"/draft", object{"revision": e.Revision, "checks": own})
	form := object{"revision": hookstest.Into[struct{ Revision int }](r).Revision, "class": policy.Typo, "reason": reasons}
	if r := editor.Post(slug+"/publish", form); r.Status != http.StatusCreated {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	must(t, run(c, "DROP TRIGGER policy_versions_never_change"))
	must(t, run(c, "UPDATE policy_versions SET source_summary = 'Old.' WHERE policy = (SELECT id FROM policies WHERE slug = 'community-guidelines')"))
	e = open(t, editor, "community-guidelines")
	if o := e.Offer["en"]; len(o.SummaryDiff) < 2 || len(o.Rules.Checks) != 0 || !o.ChecksKept {
		t.Fatalf("%+v", e.Offer)
	}
	if r := editor.Post(slug+"/offer", object{"take": true, "revision": e.Revision}); r.Status != http.StatusOK {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	if got := open(t, editor, "community-guidelines"); len(got.Draft.Checks["en"]) != len(own["en"]) {
		t.Errorf("%d checks, and the practice has %d", len(got.Draft.Checks["en"]), len(own["en"]))
	}
}
