package moderation

import (
	"encoding/json"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// sentenceOf is a check as a published version carries it, as far as its sentence is told again.
type sentenceOf struct {
	Clause string `json:"clause"`
	Say    string `json:"say"`
}

// posted is a version of a policy in one language.
type posted struct {
	Slug     string `db:"slug"`
	Number   int    `db:"number"`
	Language string `db:"language"`
	Title    string `db:"title"`
	Checks   string `db:"checks"`
	says     []sentenceOf
}

type versionOf struct {
	Policy  string `json:"policy"`
	Version int    `json:"version"`
}

// reword tells the findings of some holds in a reader's language. They were stored in their author's; the version of the policy that
// they were found by has the same check, at the same place, in every language it was posted in. What is not found there stays.
func reword(app core.App, language string, rows []row) error {
	all := make([][]map[string]any, len(rows))
	wanted := []versionOf{}
	seen := map[versionOf]bool{}
	for i := range rows {
		if json.Unmarshal([]byte(rows[i].Findings), &all[i]) != nil {
			continue
		}
		for _, f := range all[i] {
			if v := versionIn(f); v.Version > 0 && !seen[v] {
				seen[v] = true
				wanted = append(wanted, v)
			}
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	texts, err := wordings(app, wanted)
	if err != nil {
		return err
	}
	for i := range rows {
		for _, f := range all[i] {
			retell(f, texts[versionIn(f)], language)
		}
		if changed, err := json.Marshal(all[i]); err == nil && len(all[i]) > 0 {
			rows[i].Findings = string(changed)
		}
	}
	return nil
}

func versionIn(f map[string]any) versionOf {
	policy, _ := f["policy"].(string)
	version, _ := f["version"].(float64) // as encoding/json reads any number
	return versionOf{policy, int(version)}
}

// wordings reads the texts of some versions, one query for all.
func wordings(app core.App, wanted []versionOf) (map[versionOf][]posted, error) {
	list, _ := json.Marshal(wanted) // strings and numbers always marshal
	var rows []posted
	err := app.DB().NewQuery(`SELECT p.slug, v.number, v.language, v.title, COALESCE(v.checks, '[]') AS checks FROM json_each({:wanted}) w
		JOIN policies p ON p.slug = json_extract(w.value, '$.policy')
		JOIN policy_versions v ON v.policy = p.id AND v.number = json_extract(w.value, '$.version')`).Bind(dbx.Params{"wanted": string(list)}).All(&rows)
	out := map[versionOf][]posted{}
	for _, r := range rows {
		if json.Unmarshal([]byte(r.Checks), &r.says) != nil {
			continue // the record event of versions lets no other in
		}
		of := versionOf{r.Slug, r.Number}
		out[of] = append(out[of], r)
	}
	return out, err
}

// retell puts into a finding what its check says in a language, if the version was posted in it.
func retell(f map[string]any, texts []posted, language string) {
	for _, from := range texts {
		for n, one := range from.says {
			if one.Clause != f["clause"] || one.Say != f["say"] {
				continue
			}
			for _, to := range texts {
				if to.Language == language && n < len(to.says) {
					f["say"], f["policy_title"] = to.says[n].Say, to.Title
					return
				}
			}
		}
	}
}
