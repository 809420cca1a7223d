package policy_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
	"kinward/hooks/policy"
)

// acquainted adds members who have acknowledged every first version, below the record events.
func acquainted(t testing.TB, c *hookstest.Clinic, n int) {
	t.Helper()
	crowd(t, c, n)
	must(t, run(c, `INSERT INTO acknowledgements (id, member, policy, number, sha256, language, role, method, witness, note, created)
		SELECT printf('k%014d', u.rowid * 100 + v.rowid), u.id, v.policy, v.number, v.sha256, v.language, u.role, 'self', '', '', u.created
		FROM users u JOIN policy_versions v ON v.number = 1 AND v.language = 'en' WHERE u.id LIKE 'crowd%'`))
}

// publishes makes a material version of the privacy policy.
func publishes(t testing.TB, c *hookstest.Clinic, editor *hookstest.Client) {
	t.Helper()
	if r := draftAndPublish(t, editor, policy.Material, object{"due": c.House.Now().Add(time.Hour)}); r.Status != http.StatusCreated {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
}

// TestPublishingCostsNoStatementPerMember: what a publication asks of the database does not grow with whom it concerns, and each of
// the letters after it costs the one statement that stores it.
func TestPublishingCostsNoStatementPerMember(t *testing.T) {
	statements := func(members int) (publishing, writing, letters int) {
		c := hookstest.New(t)
		acquainted(t, c, members)
		editor := c.Staff("policies")
		counted := 0
		for _, builder := range []dbx.Builder{c.App.ConcurrentDB(), c.App.NonconcurrentDB()} {
			db := builder.(*dbx.DB)
			db.QueryLogFunc = func(context.Context, time.Duration, string, *sql.Rows, error) { counted++ }
			db.ExecLogFunc = func(context.Context, time.Duration, string, sql.Result, error) { counted++ }
		}
		publishes(t, c, editor)
		publishing, counted = counted, 0
		must(t, policy.WriteAll(c.App, c.House))
		writing = counted
		letters, _ = once(t, c)
		return publishing, writing, letters
	}
	const batches, perBatch = 3, 20
	few, writingFew, lettersFew := statements(5)
	many, writingMany, lettersMany := statements(5 + batches*policy.MailingBatch)
	if few == 0 || many != few {
		t.Errorf("%d statements to publish for a few, %d for many", few, many)
	}
	more := lettersMany - lettersFew
	if more != batches*policy.MailingBatch || writingMany-writingFew > more+batches*perBatch {
		t.Errorf("%d statements for %d more letters", writingMany-writingFew, more)
	}
	t.Logf("%d statements a publication, %d for %d letters, %d for %d", few, writingFew, lettersFew, writingMany, lettersMany)
}

// BenchmarkPublish measures a material version in a practice of nobody else and in one of 2,000 members: the request, what the editor
// is told before it, and the letters after it. Run it on the disk that matters:
// TMPDIR=/var/tmp go test ./hooks/policy -run '^$' -bench Publish -benchtime 10x
func BenchmarkPublish(b *testing.B) {
	for _, members := range []int{0, 2000} {
		c := hookstest.New(b)
		acquainted(b, c, members)
		editor := c.Staff("policies")
		b.Run(fmt.Sprintf("request/%d", members), func(b *testing.B) {
			for b.Loop() {
				publishes(b, c, editor)
			}
		})
		must(b, run(c, "UPDATE policy_mailings SET done = 'measured elsewhere'"))
		b.Run(fmt.Sprintf("consequences/%d", members), func(b *testing.B) {
			e := open(b, editor, "privacy")
			r := editor.Put("/manage/policies/privacy/draft", object{"revision": e.Revision, "texts": textsOf(e, sentence("More.", "Más."))})
			ask := object{"revision": hookstest.Into[struct{ Revision int }](r).Revision, "class": policy.Material, "due": c.House.Now().Add(time.Hour)}
			for b.Loop() {
				if r := editor.Post("/manage/policies/privacy/consequences", ask); r.Status != http.StatusOK {
					b.Fatalf("%d %s", r.Status, r.Body)
				}
			}
		})
		b.Run(fmt.Sprintf("report/%d", members), func(b *testing.B) {
			for b.Loop() {
				if r := editor.Get("/manage/policies/privacy/acknowledgements"); r.Status != http.StatusOK {
					b.Fatalf("%d %s", r.Status, r.Body)
				}
			}
		})
		b.Run(fmt.Sprintf("letters/%d", members), func(b *testing.B) {
			// Others who want to write wait from the first letter of a batch to the end of its transaction.
			var begun time.Time
			var held, longest time.Duration
			first := c.App.OnRecordCreate(clinic.Letters).BindFunc(func(e *core.RecordEvent) error {
				if begun.IsZero() {
					begun = time.Now()
				}
				return e.Next()
			})
			stored := c.App.OnRecordAfterUpdateSuccess(clinic.PolicyMailings).BindFunc(func(e *core.RecordEvent) error {
				if !begun.IsZero() {
					held += time.Since(begun)
					longest = max(longest, time.Since(begun))
				}
				begun = time.Time{}
				return e.Next()
			})
			defer c.App.OnRecordCreate(clinic.Letters).Unbind(first)
			defer c.App.OnRecordAfterUpdateSuccess(clinic.PolicyMailings).Unbind(stored)
			for b.Loop() {
				b.StopTimer()
				publishes(b, c, editor)
				b.StartTimer()
				must(b, policy.WriteAll(c.App, c.House))
			}
			b.ReportMetric(float64(held.Milliseconds())/float64(b.N), "ms-held/op")
			b.ReportMetric(float64(longest.Milliseconds()), "ms-held-longest")
		})
	}
}
