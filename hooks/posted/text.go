package posted

import (
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// text is one published text: one number in one language, with what its policy says of it.
type text struct {
	Policy    string `db:"policy"`
	Slug      string `db:"slug"`
	Audience  string `db:"audience"`
	Status    string `db:"status"`
	Number    int    `db:"number"`
	Latest    int    `db:"latest"`
	Language  string `db:"language"`
	Title     string `db:"title"`
	Summary   string `db:"summary"`
	HTML      string `db:"html"`
	SHA256    string `db:"sha256"`
	Class     string `db:"class"`
	Reason    string `db:"reason"`
	Published string `db:"published"`
}

const texts = `SELECT v.policy, p.slug, p.audience, p.status, v.number, v.language, v.title, v.summary, v.html, v.sha256, v.class, v.reason, v.published,
		(SELECT MAX(n.number) FROM policy_versions n WHERE n.policy = p.id) AS latest
	FROM policies p JOIN policy_versions v ON v.policy = p.id `

func read(app core.App, condition string, params dbx.Params) ([]text, error) {
	var out []text
	err := app.DB().NewQuery(texts + condition).Bind(params).All(&out)
	return out, err
}

// inForce reads every posted policy's newest version, one language each.
func inForce(app core.App, language, practice string) ([]text, error) {
	all, err := read(app, `WHERE p.status = 'posted' AND v.number = (SELECT MAX(n.number) FROM policy_versions n WHERE n.policy = p.id)
		ORDER BY p.position, p.slug, v.language`, nil)
	return each(all, language, practice), err
}

// each keeps one language of every version, in the order in which they came: the wished one, else the practice's, else
// English, else any.
func each(all []text, wish, practice string) []text {
	var out []text
	for from := 0; from < len(all); {
		to := from + 1
		for to < len(all) && all[to].Slug == all[from].Slug && all[to].Number == all[from].Number {
			to++
		}
		out = append(out, choose(all[from:to], wish, practice))
		from = to
	}
	return out
}

func choose(languages []text, wish, practice string) text {
	for _, language := range []string{wish, practice, clinic.DefaultLanguage} {
		if i := slices.IndexFunc(languages, func(t text) bool { return t.Language == language }); i >= 0 {
			return languages[i]
		}
	}
	return languages[0]
}

// ShortHash is how much of a text's SHA-256 stands on paper: enough to compare by eye.
const shortHash = 12

// Short is the beginning of the text's SHA-256.
func (t text) Short() string { return t.SHA256[:min(shortHash, len(t.SHA256))] }

// day is when the text was published, where the practice is.
func (t text) day() time.Time { return access.ParseDate(t.Published).Local() }
