package policy

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/markdown"
)

// Edition is the next version of a policy: one number, in every language that it is posted in.
type Edition struct {
	Class    string // Typo, Clarification or Material; a policy's first is Material
	Author   string // a member's id; empty for the house itself and for an operator
	Operator string // a superuser's id, where one published it at the dashboard
	// Due is the date from which writing waits for an acknowledgement; for a material version only. Zero: at once.
	Due   time.Time
	Texts []Words
	// Yearly says whether it is asked again each year; nil leaves that as it is.
	Yearly *bool
}

// Words are an edition's text in one language. Summary, Body, Strip and what a check says may hold placeholders; Reason is
// shown in the history.
type Words struct {
	Language, Title, Summary, Body, Reason string
	Checks                                 []Check
	Strip                                  map[string]string
	Asked                                  string // Once or Yearly; empty where nobody noted it
}

// Publish posts the next version of a policy, with the practice's values filled in, in one transaction, and returns its
// number. The text of each language gets its HTML and its hash at the record event.
func Publish(app core.App, house *access.House, slug string, edition Edition) (int, error) {
	if len(edition.Texts) == 0 {
		return 0, NothingToSay
	}
	number := 0
	err := app.RunInTransaction(func(tx core.App) error {
		policy, err := tx.FindFirstRecordByData(clinic.Policies, "slug", slug)
		if err != nil {
			return clinic.NotFound
		}
		practice, err := house.PracticeRecord(tx)
		if err != nil {
			return clinic.SetUpFirst
		}
		latest, err := latestNumber(tx, policy.Id)
		if err != nil {
			return err
		}
		number = latest + 1
		published, err := following(tx, house.Now(), policy.Id)
		if err != nil {
			return err
		}
		yearly := policy.GetBool("yearly")
		if edition.Yearly != nil {
			yearly = *edition.Yearly
		}
		for _, words := range edition.Texts {
			words.Asked = howOften(yearly)
			if err := write(tx, house, policy.Id, number, edition, words, practiceOf(practice), published); err != nil {
				return err
			}
		}
		sums, err := sumsOf(tx, policy.Id, number)
		if err != nil {
			return err
		}
		by := access.Actor{Member: edition.Author, Operator: edition.Operator}.Audited()
		return house.Audit(tx, by, "policy.publish", "policies/"+policy.Id, said(slug, number, edition.Class)+sums)
	})
	return number, err
}

// How often a policy is asked of those whom it concerns.
const (
	Once   = "once"
	Yearly = "yearly"
)

func howOften(yearly bool) string {
	if yearly {
		return Yearly
	}
	return Once
}

func write(tx core.App, house *access.House, policy string, number int, edition Edition, words Words, practice Practice, published time.Time) error {
	collection, err := tx.FindCollectionByNameOrId(clinic.PolicyVersions)
	if err != nil {
		return err
	}
	record := core.NewRecord(collection)
	record.Load(map[string]any{
		"policy": policy, "number": number, "language": words.Language, "title": words.Title, "class": edition.Class, "asked": words.Asked,
		"reason": words.Reason, "author": edition.Author, "published": published, "source": words.Body, "source_summary": words.Summary,
		"markdown": practice.Fill(words.Body, words.Language), "summary": practice.FillPlain(words.Summary, words.Language),
		"source_checks": append([]Check{}, words.Checks...), "source_strip": maps.Collect(maps.All(words.Strip)), "operator": edition.Operator != "",
		"checks": practice.fillChecks(words.Checks, words.Language), "strip": practice.fillStrip(words.Strip, words.Language),
	})
	if !edition.Due.IsZero() {
		record.Set("due", edition.Due)
	}
	return house.Save(tx, record)
}

// sumsOf writes the hashes of a version for the audit record, whose chain then holds them too: "; en 0123…, es 4567…".
func sumsOf(tx core.App, policy string, number int) (string, error) {
	var rows []struct {
		Language string `db:"language"`
		SHA256   string `db:"sha256"`
	}
	err := tx.DB().NewQuery("SELECT language, sha256 FROM policy_versions WHERE policy = {:policy} AND number = {:number} ORDER BY language").
		Bind(dbx.Params{"policy": policy, "number": number}).All(&rows)
	var sums []string
	for _, row := range rows {
		sums = append(sums, row.Language+" "+row.SHA256)
	}
	return "; " + strings.Join(sums, ", "), err
}

// ClockBehind says that the server's clock stands before the time of what happened to the policy last: what was in force when
// could no longer be told. params.published is that time.
var ClockBehind = &clinic.Fault{Status: http.StatusConflict, Code: "clock_is_behind"}

// clockSlack is how far a clock that is being set right may have gone back; what happens next then has its forerunner's time.
const clockSlack = 10 * time.Minute

// following is the time to publish, withdraw or post again at: now, but never before what happened to the policy last.
func following(app core.App, now time.Time, policy string) (time.Time, error) {
	var stored string
	err := app.DB().NewQuery(`SELECT MAX((SELECT COALESCE(MAX(published), '') FROM policy_versions WHERE policy = {:policy}),
		(SELECT COALESCE(MAX(at), '') FROM policy_events WHERE policy = {:policy}))`).
		Bind(dbx.Params{"policy": policy}).Row(&stored)
	last := access.ParseDate(stored)
	switch {
	case err != nil || !now.Before(last):
		return now, err
	case last.Sub(now) > clockSlack:
		return now, ClockBehind.With("published", last.UTC().Format("2006-01-02 15:04 MST"))
	}
	return last, nil
}

func latestNumber(app core.App, policy string) (int, error) {
	var latest int
	err := app.DB().NewQuery("SELECT COALESCE(MAX(number), 0) FROM policy_versions WHERE policy = {:policy}").
		Bind(dbx.Params{"policy": policy}).Row(&latest)
	return latest, err
}

// seal is bound to the creation of a version, whoever makes it: it checks the text, and writes the HTML and the hash, so that
// neither can be anything but what the Markdown gives.
func seal(e *core.RecordEvent) error {
	r := e.Record
	text := r.GetString("markdown")
	if err := checkVersion(e.App, r, text); err != nil {
		return refuse(e.App, err)
	}
	r.Set("html", markdown.Document(text, true))
	r.Set("sha256", Sum(text))
	return e.Next()
}

func checkVersion(app core.App, r *core.Record, text string) error {
	if language := r.GetString("language"); !slices.Contains(clinic.Languages, language) {
		return NoSuchLanguage.With("language", language)
	}
	if err := checkBody(text); err != nil {
		return err
	}
	if err := checkRules(r, text); err != nil {
		return err
	}
	latest, err := latestNumber(app, r.GetString("policy"))
	if err != nil {
		return err
	}
	policy, err := app.FindRecordById(clinic.Policies, r.GetString("policy"))
	if err != nil {
		return clinic.NotFound
	}
	if policy.GetString("status") == Withdrawn {
		return IsWithdrawn // whoever takes part in it would not be asked, and the next version would seem to be in force
	}
	// The next number, or another language of the newest one.
	if number := r.GetInt("number"); number != latest+1 && (number != latest || number == 0) {
		return OutOfOrder
	}
	if _, err := following(app, r.GetDateTime("published").Time().Add(clockSlack), r.GetString("policy")); err != nil {
		return err
	}
	class := r.GetString("class")
	if r.GetInt("number") == 1 && class != Material {
		return clinic.Faults(clinic.Invalid.At("class"))
	}
	if class != Material && !r.GetDateTime("due").IsZero() {
		return clinic.Faults(clinic.Invalid.At("due"))
	}
	return nil
}

// checkRules holds a version's checks and strip to its own text, whoever wrote them.
func checkRules(r *core.Record, text string) error {
	var checks []Check
	if err := unmarshal(r.GetString("checks"), &checks); err != nil {
		return clinic.Faults(clinic.Invalid.At("checks"))
	}
	var strip map[string]string
	if err := unmarshal(r.GetString("strip"), &strip); err != nil {
		return clinic.Faults(clinic.Invalid.At("strip"))
	}
	if err := ValidateStrip(strip); err != nil {
		return err
	}
	return ValidateChecks(text, checks)
}

// unmarshal reads a stored JSON field; an empty one leaves out as it is.
func unmarshal(stored string, out any) error {
	if stored == "" {
		return nil
	}
	return json.Unmarshal([]byte(stored), out)
}
