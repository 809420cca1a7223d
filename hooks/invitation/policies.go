package invitation

import (
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// posted is the current text of a policy that the newcomer reads before they come in.
type posted struct {
	Slug     string `db:"slug" json:"slug"`
	Version  int    `db:"number" json:"version"`
	SHA256   string `db:"sha256" json:"sha256"`
	Title    string `db:"title" json:"title"`
	Summary  string `db:"summary" json:"summary"`
	HTML     string `db:"html" json:"html"`
	Language string `db:"language" json:"language"`
	Policy   string `db:"policy" json:"-"`
	Audience string `db:"audience" json:"-"`
}

const currentPolicies = ` FROM policies p JOIN policy_versions v ON v.policy = p.id WHERE p.status = 'posted' AND p.kind != 'authorization'
	AND v.number = (SELECT MAX(n.number) FROM policy_versions n WHERE n.policy = p.id) `

// policiesFor gives the current text of every posted policy that concerns a role, in the first of the languages it is in.
func policiesFor(app core.App, role clinic.Role, languages ...string) ([]posted, error) {
	var texts []posted
	err := app.DB().NewQuery("SELECT p.slug, p.audience, v.policy, v.number, v.sha256, v.title, v.summary, v.html, v.language" +
		currentPolicies + "ORDER BY p.position, p.slug, v.language").All(&texts)
	if err != nil {
		return nil, err
	}
	out := []posted{}
	for start := 0; start < len(texts); {
		end := start + 1
		for end < len(texts) && texts[end].Slug == texts[start].Slug {
			end++
		}
		if clinic.Concerns(texts[start].Audience, role) {
			out = append(out, inLanguage(texts[start:end], languages))
		}
		start = end
	}
	return out, nil
}

func inLanguage(texts []posted, languages []string) posted {
	for _, language := range append(languages, clinic.DefaultLanguage) {
		if at := slices.IndexFunc(texts, func(p posted) bool { return p.Language == language }); at >= 0 {
			return texts[at]
		}
	}
	return texts[0]
}

// acceptance names a text that the newcomer read and accepts.
type acceptance struct {
	Slug    string `json:"slug"`
	Version int    `json:"version"`
	SHA256  string `json:"sha256"`
}

// accepted is an acceptance whose text is a current one.
type accepted struct{ Policy, SHA256 string }

// check finds the current text of each acceptance. One that names another text, as after a new version, is VersionChanged:
// nothing may be made before every one was checked.
func check(app core.App, role clinic.Role, list []acceptance) ([]accepted, error) {
	var out []accepted
	for _, a := range list {
		var texts []posted
		err := app.DB().NewQuery("SELECT p.audience, v.policy, v.number, v.sha256" + currentPolicies + "AND p.slug = {:slug}").
			Bind(dbx.Params{"slug": a.Slug}).All(&texts)
		if err != nil {
			return nil, err
		}
		read := slices.IndexFunc(texts, func(p posted) bool { return p.Version == a.Version && p.SHA256 == a.SHA256 })
		if read < 0 {
			changed := VersionChanged.With("slug", a.Slug)
			if len(texts) > 0 {
				changed = changed.With("version", texts[0].Version)
			}
			return nil, changed
		}
		one := accepted{texts[read].Policy, a.SHA256}
		if clinic.Concerns(texts[read].Audience, role) && !slices.Contains(out, one) {
			out = append(out, one)
		}
	}
	return out, nil
}

// acknowledge records what was accepted as the member's own act.
func acknowledge(house *access.House, tx core.App, member string, list []accepted) error {
	collection, err := tx.FindCachedCollectionByNameOrId(clinic.Acknowledgements)
	if err != nil {
		return err
	}
	for _, a := range list {
		record := core.NewRecord(collection)
		record.Load(map[string]any{"member": member, "policy": a.Policy, "sha256": a.SHA256})
		if err := house.Save(tx, record); err != nil {
			return err
		}
	}
	return nil
}
