package policy_test

import (
	"encoding/csv"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
	"kinward/hooks/policy"
)

// told is what a report says of one member: their state, and the version and hash that they said it of.
type told struct {
	State   string
	Version int
	SHA256  string
}

type report struct {
	Number, Concerned, Done, Refused int
	Items                            []struct {
		Member struct{ ID string }
		State  string
		Number int
		SHA256 string
	}
}

func reportOf(t *testing.T, editor *hookstest.Client, slug, query string) (report, map[string]told) {
	t.Helper()
	r := editor.Get("/manage/policies/" + slug + "/acknowledgements" + query)
	if r.Status != http.StatusOK {
		t.Fatalf("%s%s: %d %s", slug, query, r.Status, r.Body)
	}
	out, byID := hookstest.Into[report](r), map[string]told{}
	for _, item := range out.Items {
		byID[item.Member.ID] = told{item.State, item.Number, item.SHA256}
	}
	return out, byID
}

// The report of each version says x of y, who is missing, and the same as CSV: of the current one, and of an older one as what people said
// of that one.
func TestTheReportOfEachVersion(t *testing.T) {
	c := hookstest.New(t)
	editor, founder := c.Staff("policies"), c.Founder()
	both, refusing, old, never := c.Patient(), c.Patient(), c.Patient(), c.Owing(clinic.Patient)
	gone := c.Patient()
	first := read(t, c, "/policies/privacy")
	if r := draftAndPublish(t, editor, policy.Material, object{"due": c.House.Now().Add(48 * time.Hour)}); r.Status != http.StatusCreated {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	second := read(t, c, "/policies/privacy")
	later := c.Owing(clinic.Caregiver)
	accept(t, both, second)
	accept(t, later, second)
	if r := refusing.Post("/policies/privacy/refuse", object{"version": 2, "sha256": second.SHA256, "outcome": policy.ReadOnly}); r.Status != http.StatusOK {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	if r := founder.Post("/members/"+gone.ID+"/suspend", object{"reason": "The phone was stolen."}); r.Status >= 300 {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	one, two := told{"done", 1, first.SHA256}, told{"done", 2, second.SHA256}
	for number, want := range map[int]map[string]told{
		1: {editor.ID: one, founder.ID: one, both.ID: one, refusing.ID: one, old.ID: one, later.ID: two, never.ID: {State: "missing"}},
		2: {both.ID: two, later.ID: two, refusing.ID: {"refused", 2, second.SHA256},
			old.ID: {State: "missing"}, never.ID: {State: "missing"}, editor.ID: {State: "missing"}, founder.ID: {State: "missing"}},
	} {
		query := fmt.Sprintf("?number=%d", number)
		sum, got := reportOf(t, editor, "privacy", query)
		if !maps.Equal(got, want) {
			t.Errorf("version %d: %v\nwant %v", number, got, want)
		}
		states := map[string]int{}
		for _, state := range []string{"done", "missing", "refused"} {
			among, some := reportOf(t, editor, "privacy", query+"&state="+state)
			states[state] = len(some)
			for id, said := range some {
				if want[id] != said || said.State != state {
					t.Errorf("version %d, %s: %s %v", number, state, id, said)
				}
			}
			if among.Concerned != sum.Concerned || among.Done != sum.Done || among.Refused != sum.Refused {
				t.Errorf("version %d, %s: %+v, all: %+v", number, state, among, sum)
			}
		}
		if sum.Number != number || sum.Concerned != len(want) || sum.Done != states["done"] || sum.Refused != states["refused"] ||
			states["done"]+states["missing"]+states["refused"] != len(want) {
			t.Errorf("version %d: %d of %d, %d refused; %v", number, sum.Done, sum.Concerned, sum.Refused, states)
		}
		if lines := asCSV(t, editor, "privacy", number); !maps.Equal(lines, want) {
			t.Errorf("version %d as CSV: %v\nwant %v", number, lines, want)
		}
	}
	if newest, _ := reportOf(t, editor, "privacy", ""); newest.Number != 2 {
		t.Errorf("without a number it is of version %d", newest.Number)
	}
	for _, query := range []string{"?number=0", "?number=3", "?number=x", "?state=perhaps"} {
		for _, door := range []string{"acknowledgements", "acknowledgements.csv"} {
			if r := editor.Get("/manage/policies/privacy/" + door + query); r.Status != http.StatusBadRequest && !strings.HasPrefix(query, "?state") {
				t.Errorf("%s%s: %d", door, query, r.Status)
			}
		}
	}
	// A clarification asks nobody: who accepted the version before it accepted it.
	if r := draftAndPublish(t, editor, policy.Clarification, nil); r.Status != http.StatusCreated {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	if sum, got := reportOf(t, editor, "privacy", ""); sum.Number != 3 || sum.Done != 2 || got[both.ID] != two || got[old.ID].State != "missing" {
		t.Errorf("after a clarification: %+v", sum)
	}
}

// asCSV reads the export of a version's report, by member.
func asCSV(t *testing.T, editor *hookstest.Client, slug string, number int) map[string]told {
	t.Helper()
	r := editor.Get(fmt.Sprintf("/manage/policies/%s/acknowledgements.csv?number=%d", slug, number))
	if r.Status != http.StatusOK || !strings.Contains(r.Header.Get("Content-Disposition"), fmt.Sprintf(`"%s-version-%d.csv"`, slug, number)) {
		t.Fatalf("%d %v", r.Status, r.Header)
	}
	lines, err := csv.NewReader(strings.NewReader(string(r.Body))).ReadAll()
	must(t, err)
	at := func(name string) int { return slices.Index(lines[0], name) }
	out := map[string]told{}
	for _, line := range lines[1:] {
		one := told{State: line[at("state")], SHA256: line[at("sha256")]}
		if line[at("version")] != "" {
			_, err := fmt.Sscan(line[at("version")], &one.Version)
			must(t, err)
		}
		if _, twice := out[line[at("member")]]; twice || (one.State == "missing") != (line[at("at")] == "") {
			t.Errorf("%q", line)
		}
		out[line[at("member")]] = one
	}
	return out
}

// An authorization has one word that counts, the last one: of an older version as well.
func TestTheReportOfAnAuthorization(t *testing.T) {
	c := hookstest.New(t)
	editor, again, once, none := c.Staff("policies"), c.Patient(), c.Patient(), c.Ungranted(clinic.Patient)
	text := func() string { return hookstest.Into[granting](again.Get("/authorizations/sharing")).SHA256 }
	first := text()
	e := open(t, editor, "sharing")
	r := editor.Put("/manage/policies/sharing/draft", object{"revision": e.Revision, "texts": textsOf(e, sentence("One more line.", "Una línea más."))})
	revision := hookstest.Into[struct{ Revision int }](r).Revision
	r = editor.Post("/manage/policies/sharing/publish", object{"revision": revision, "class": policy.Material, "reason": reasons, "due": c.House.Now().Add(48 * time.Hour)})
	if r.Status != http.StatusCreated {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	if r := again.Post("/authorizations/sharing", object{"sha256": text()}); r.Status != http.StatusOK {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	missing, two := told{State: "missing"}, told{"done", 2, text()}
	for number, want := range map[int]map[string]told{
		1: {again.ID: two, once.ID: {"done", 1, first}, none.ID: missing},
		2: {again.ID: two, once.ID: missing, none.ID: missing},
	} {
		sum, got := reportOf(t, editor, "sharing", fmt.Sprintf("?number=%d", number))
		if !maps.Equal(got, want) || !maps.Equal(asCSV(t, editor, "sharing", number), want) || sum.Concerned != 3 || sum.Done != 3-number {
			t.Errorf("version %d: %+v\n%v\nwant %v", number, sum, got, want)
		}
	}
}
