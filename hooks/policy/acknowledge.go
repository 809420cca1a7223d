package policy

import (
	"net/http"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// How a member acknowledged or granted: on the page; on paper, witnessed by who works here; or somebody noted it on their behalf, and
// says how they came to know.
const (
	BySelf   = "self"
	OnPaper  = "paper"
	OnBehalf = "on_behalf"
)

// acknowledging is the form of POST /policies/{slug}/acknowledge: the version and the hash of the text that was read.
type acknowledging struct {
	Version int    `json:"version"`
	SHA256  string `json:"sha256"`
}

// acknowledge records that the caller accepts the current text. Saying it again changes nothing and answers the same.
func acknowledge(e *access.Event) error {
	var form acknowledging
	if err := e.Bind(&form); err != nil {
		return err
	}
	slug := e.Request.PathValue("slug")
	texts, err := current(e.App, slug)
	if err != nil {
		return err
	}
	if len(texts) == 0 {
		return clinic.NotFound
	}
	if texts[0].Kind == KindAuthorization {
		return GrantedElsewhere
	}
	text, err := named(texts, form.SHA256, form.Version, e.Language())
	if err != nil {
		return err
	}
	if err := accept(e, text); err != nil {
		return err
	}
	after, err := e.House.Member(e.Viewer.ID)
	if err != nil || after == nil {
		return err
	}
	return e.Write(http.StatusOK, map[string]any{
		"slug": slug, "version": text.Number, "sha256": text.SHA256, "language": text.Language, "owes": after.Owing(e.House.Now()),
	})
}

// named finds the current text with this hash. A hash that is none of theirs, or another version's number, means that the
// reader saw an older text: they read again.
func named(texts []edition, sha256 string, version int, language string) (edition, error) {
	matching := slices.DeleteFunc(slices.Clone(texts), func(v edition) bool { return v.SHA256 != sha256 })
	if len(matching) == 0 {
		return edition{}, VersionChanged.With("slug", texts[0].Slug).With("version", texts[0].Number)
	}
	if version == 0 {
		return edition{}, clinic.Faults(clinic.Required.At("version"))
	}
	if version != matching[0].Number {
		return edition{}, VersionChanged.With("slug", texts[0].Slug).With("version", texts[0].Number)
	}
	return choose(matching, language, ""), nil
}

func accept(e *access.Event, text edition) error {
	return e.App.RunInTransaction(func(tx core.App) error {
		var done bool
		err := tx.DB().NewQuery(`SELECT EXISTS (SELECT 1 FROM acknowledgements a JOIN policies p ON p.id = a.policy
			WHERE a.member = {:member} AND a.policy = {:policy} AND a.number = {:number} AND a.role = {:role}
				AND a.stint = (SELECT u.stint FROM users u WHERE u.id = {:member}) AND (NOT p.yearly OR a.created > {:since}))`).
			Bind(dbx.Params{"member": e.Viewer.ID, "policy": text.Policy, "number": text.Number, "role": string(e.Viewer.Role),
				"since": access.Date(e.House.Now().AddDate(-1, 0, 0))}).Row(&done)
		if err != nil || done {
			return err
		}
		collection, err := tx.FindCollectionByNameOrId(clinic.Acknowledgements)
		if err != nil {
			return err
		}
		record := core.NewRecord(collection)
		record.Load(map[string]any{
			"member": e.Viewer.ID, "policy": text.Policy, "number": text.Number, "sha256": text.SHA256, "language": text.Language,
		})
		return e.House.Save(tx, record)
	})
}
