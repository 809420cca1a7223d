package practice

import (
	"net/http"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/types"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

type postedPolicy struct {
	Slug     string `json:"slug" db:"slug"`
	Title    string `json:"title" db:"title"`
	Version  int    `json:"version" db:"number"`
	Audience string `json:"audience" db:"audience"`
	// Strip is what it says while one writes: to staff, to patients. From the posted text.
	Strip types.JSONMap[string] `json:"strip" db:"strip"`
}

type practiceAnswer struct {
	Name       string         `json:"name"`
	Phone      string         `json:"phone"`
	Address    string         `json:"address"`
	Hours      string         `json:"hours"`
	Emergency  string         `json:"emergency"`
	CrisisLine string         `json:"crisis_line"`
	Accent     string         `json:"accent"`
	Language   string         `json:"language"`
	Languages  []string       `json:"languages"`
	SetUp      bool           `json:"set_up"`
	Version    string         `json:"version"`
	Policies   []postedPolicy `json:"policies"`
}

// view tells anyone what the practice says of itself and which policies are posted, titles in the caller's language.
func (d desk) view(e *access.Event) error {
	p := e.House.Practice().In(e.Language())
	policies := []postedPolicy{}
	// Of each policy's latest number the title in the caller's language, else in the practice's, else in English.
	err := e.App.DB().NewQuery(`SELECT p.slug, v.number, p.audience, v.title, COALESCE(v.strip, '{}') AS strip, MIN(CASE v.language WHEN {:wish} THEN 0 WHEN {:own} THEN 1 ELSE 2 END)
		FROM policies p JOIN policy_versions v ON v.policy = p.id
		WHERE p.status = 'posted' AND v.number = (SELECT MAX(number) FROM policy_versions WHERE policy = p.id)
		GROUP BY p.id ORDER BY p.position, p.slug LIMIT 100`).
		Bind(dbx.Params{"wish": e.Language(), "own": p.Language}).All(&policies)
	if err != nil {
		return err
	}
	return e.Write(http.StatusOK, practiceAnswer{
		Name: p.Name, Phone: p.Phone, Address: p.Address, Hours: p.Hours, Emergency: p.Emergency, CrisisLine: p.CrisisLine, Accent: p.Accent,
		Language: p.Language, Languages: slices.Clone(clinic.Languages), SetUp: p.SetUp, Version: d.version, Policies: policies,
	})
}
