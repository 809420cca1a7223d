package policy

import (
	"net/http"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// How a member acknowledged.
const BySelf = "self"

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
		"slug": slug, "version": text.Number, "sha256": text.SHA256, "language": text.Language, "owes": after.Owes,
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
		err := tx.DB().NewQuery(`SELECT EXISTS (SELECT 1 FROM acknowledgements
			WHERE member = {:member} AND policy = {:policy} AND number = {:number})`).
			Bind(dbx.Params{"member": e.Viewer.ID, "policy": text.Policy, "number": text.Number}).Row(&done)
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

// witness is bound to the creation of an acknowledgement, whichever action makes it: it refuses one that names no current text,
// and writes down the number, the language, the role of that day, and how.
func witness(e *core.RecordEvent) error {
	r := e.Record
	policy, err := e.App.FindRecordById(clinic.Policies, r.GetString("policy"))
	if err != nil {
		return refuse(e.App, clinic.NotFound)
	}
	member, err := e.App.FindRecordById(clinic.Users, r.GetString("member"))
	if err != nil {
		return refuse(e.App, clinic.NotFound)
	}
	texts, err := current(e.App, policy.GetString("slug"))
	if err != nil {
		return err
	}
	if len(texts) == 0 {
		return refuse(e.App, clinic.NotFound)
	}
	number := r.GetInt("number")
	if number == 0 {
		number = texts[0].Number
	}
	text, err := named(texts, r.GetString("sha256"), number, r.GetString("language"))
	if err != nil {
		return refuse(e.App, err)
	}
	r.Set("number", text.Number)
	r.Set("language", text.Language)
	r.Set("role", member.GetString("role"))
	if r.GetString("method") == "" {
		r.Set("method", BySelf)
	}
	return e.Next()
}
