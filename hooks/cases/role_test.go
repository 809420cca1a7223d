package cases_test

import (
	"net/http"
	"testing"
	"time"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

// accepts has a member accept every policy that they owe.
func accepts(t *testing.T, who *hookstest.Client) {
	t.Helper()
	for _, o := range hookstest.Into[struct{ Owes []clinic.Owed }](who.Get("/me")).Owes {
		if o.Kind != clinic.OwedPolicy {
			continue
		}
		text := hookstest.Into[struct{ SHA256 string }](who.Get("/policies/" + o.Slug))
		if r := who.Post("/policies/"+o.Slug+"/acknowledge", fields{"version": o.Version, "sha256": text.SHA256}); r.Status != http.StatusOK {
			t.Fatalf("accepting %s: %d %s", o.Slug, r.Status, r.Body)
		}
	}
}

// first has somebody who has written nothing in this role go through their cases, which all of them stand before the first post.
func first(t *testing.T, who *hookstest.Client, feed string, cases int) {
	t.Helper()
	left := owed(who)
	if len(left) != cases {
		t.Fatalf("they owe %+v", left)
	}
	for _, o := range left {
		if o.Due != nil || o.Blocks != clinic.BlocksWrite {
			t.Errorf("%s is owed %+v", o.Slug, o)
		}
		if r := who.Post(feed, words); r.Code() != "policy_acknowledgement_required" {
			t.Errorf("a post before %s: %d %s", o.Slug, r.Status, r.Body)
		}
		who.Post("/cases/"+o.ID+"/answers", fields{"choice": "b"})
	}
	if r := who.Post(feed, words); r.Status != http.StatusCreated {
		t.Errorf("a post after the cases: %d %s", r.Status, r.Body)
	}
}

func TestAProviderGoesThroughTheirCasesBeforeTheFirstPost(t *testing.T) {
	c := practice(t)
	provider := c.NewToCases(clinic.Provider)
	room := c.Community(clinic.KindPractice, []*hookstest.Client{provider})
	first(t, provider, "/communities/"+room+"/posts", 1)
}

// What they wrote as a patient, shown, commented or held until they worked here, is no first post of who works here.
func TestPostsOfAPatientGiveNoTimeToWhoWorksHere(t *testing.T) {
	for role, cases := range map[clinic.Role]int{clinic.Staff: 2, clinic.Provider: 1} {
		c := practice(t)
		c.HoldWord("zzheld")
		lead, member := c.Provider(), c.NewToCases(clinic.Patient)
		room := c.Community(clinic.KindPractice, []*hookstest.Client{lead}, member)
		feed := "/communities/" + room + "/posts"
		post := hookstest.Into[struct{ ID string }](member.Post(feed, words)).ID
		for path, text := range map[string]string{"/posts/" + post + "/comments": "And another one.", feed: "Still waiting, zzheld."} {
			if r := member.Post(path, fields{"body": text}); r.Status >= 300 {
				t.Fatalf("a patient writes: %d %s", r.Status, r.Body)
			}
		}
		if r := member.Post("/posts/"+post+"/comments", fields{"body": "This one as well, zzheld."}); r.Status != http.StatusAccepted {
			t.Fatalf("a patient writes: %d %s", r.Status, r.Body)
		}
		c.Pass(time.Minute)
		c.Become(member, role)
		accepts(t, member)
		c.Pass(time.Minute)
		lead = c.SignedIn(lead.ID)
		holds := hookstest.Into[struct{ Items []struct{ ID string } }](lead.Get("/desk")).Items
		for _, hold := range holds {
			if r := lead.Post("/desk/"+hold.ID+"/publish", fields{"reason": "Good to read."}); r.Status >= 300 {
				t.Fatalf("publishing what was held: %d %s", r.Status, r.Body)
			}
		}
		if len(holds) != 2 {
			t.Fatalf("%d were held", len(holds))
		}
		first(t, member, feed, cases)
		add := own(t, c)
		if r := c.Staff("policies").Post("/manage/cases", add); r.Status != http.StatusCreated {
			t.Fatalf("adding a case: %d %s", r.Status, r.Body)
		}
		if left := owed(member); len(left) != 1 || left[0].Due == nil {
			t.Errorf("as a %s who wrote they owe %+v", role, left)
		}
	}
}
