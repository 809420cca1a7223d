package policy

import (
	"errors"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// edition is one published text of a policy: one number in one language, with what its policy says of it.
type edition struct {
	Policy   string `db:"policy"`
	Slug     string `db:"slug"`
	Audience string `db:"audience"`
	Status   string `db:"status"`
	Kind     string `db:"kind"`
	hand
	Number        int    `db:"number"`
	Latest        int    `db:"latest"`
	Language      string `db:"language"`
	Title         string `db:"title"`
	Summary       string `db:"summary"`
	Markdown      string `db:"markdown"`
	HTML          string `db:"html"`
	SHA256        string `db:"sha256"`
	Class         string `db:"class"`
	Reason        string `db:"reason"`
	Published     string `db:"published"`
	Due           string `db:"due"`
	Source        string `db:"source"`
	SourceSummary string `db:"source_summary"`
	Checks        string `db:"checks"` // JSON, as Words has them; filled in
	Strip         string `db:"strip"`
	SourceChecks  string `db:"source_checks"`
	SourceStrip   string `db:"source_strip"`
	Asked         string `db:"asked"`
}

// words are what this version was published from.
func (v edition) words() (Words, error) {
	w := Words{Language: v.Language, Title: v.Title, Summary: v.SourceSummary, Body: v.Source, Reason: v.Reason, Asked: v.Asked}
	return w, errors.Join(unmarshal(v.SourceChecks, &w.Checks), unmarshal(v.SourceStrip, &w.Strip))
}

// rules are this version's checks and strip as they were published, filled in, and how often it is asked.
func (v edition) rules() (Words, error) {
	w := Words{Asked: v.Asked}
	return w, errors.Join(unmarshal(v.Checks, &w.Checks), unmarshal(v.Strip, &w.Strip))
}

const (
	// brief leaves out the text itself, which a history does not show.
	brief = `SELECT v.policy, p.slug, p.audience, p.status, p.kind, v.author, v.operator, v.number, v.language, v.title, v.summary, v.sha256, v.class, v.reason,
		v.published, v.due, (SELECT MAX(n.number) FROM policy_versions n WHERE n.policy = p.id) AS latest
		FROM policies p JOIN policy_versions v ON v.policy = p.id `
	whole = `SELECT v.policy, p.slug, p.audience, p.status, p.kind, v.author, v.operator, v.number, v.language, v.title, v.summary, v.sha256, v.class, v.reason,
		v.published, v.due, v.asked, v.markdown, v.html, v.source, v.source_summary,
		COALESCE(v.checks, '[]') AS checks, COALESCE(v.strip, '{}') AS strip, COALESCE(v.source_checks, '[]') AS source_checks,
		COALESCE(v.source_strip, '{}') AS source_strip,
		(SELECT MAX(n.number) FROM policy_versions n WHERE n.policy = p.id) AS latest
		FROM policies p JOIN policy_versions v ON v.policy = p.id `
	atLatest = ` v.number = (SELECT MAX(n.number) FROM policy_versions n WHERE n.policy = p.id) `
)

// query reads editions; the statement is one of the constants above and a condition without anything a caller sent.
func query(app core.App, statement string, params dbx.Params) ([]edition, error) {
	var out []edition
	err := app.DB().NewQuery(statement).Bind(params).All(&out)
	return out, err
}

// current gives every language's text of a posted policy's newest version, by slug.
func current(app core.App, slug string) ([]edition, error) {
	return query(app, whole+"WHERE p.slug = {:slug} AND p.status = 'posted' AND"+atLatest, dbx.Params{"slug": slug})
}

// choose picks the text to read: in the wished language, else in the practice's, else in English, else in any.
func choose(texts []edition, wish, practice string) edition {
	for _, language := range []string{wish, practice, clinic.DefaultLanguage} {
		if i := slices.IndexFunc(texts, func(v edition) bool { return v.Language == language }); i >= 0 {
			return texts[i]
		}
	}
	return texts[0]
}

// grouped puts the languages of one version together, keeping the order in which versions came.
func grouped(texts []edition) [][]edition {
	var out [][]edition
	for _, v := range texts {
		if last := len(out) - 1; last >= 0 && out[last][0].Policy == v.Policy && out[last][0].Number == v.Number {
			out[last] = append(out[last], v)
			continue
		}
		out = append(out, []edition{v})
	}
	return out
}

// at writes a stored date as RFC 3339, and an empty one as null.
func at(stored string) *time.Time {
	if t := access.ParseDate(stored); !t.IsZero() {
		return &t
	}
	return nil
}

// practiceOf reads what policies say of the practice from its record.
func practiceOf(r *core.Record) Practice {
	return Practice{
		Name: r.GetString("name"), Phone: r.GetString("phone"), Hours: r.GetString("hours"), HoursOther: r.GetString("hours_other"),
		Emergency: r.GetString("emergency"), EmergencyOther: r.GetString("emergency_other"),
		CrisisLine: r.GetString("crisis_line"), Language: r.GetString("language"),
	}
}

// posted makes a policy without a version yet.
func posted(app core.App, t Text) (*core.Record, error) {
	collection, err := app.FindCollectionByNameOrId(clinic.Policies)
	if err != nil {
		return nil, err
	}
	record := core.NewRecord(collection)
	record.Load(map[string]any{"slug": t.Slug, "audience": t.Audience, "position": t.Position, "status": Posted, "kind": t.Kind})
	return record, app.Save(record)
}
