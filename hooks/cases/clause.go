package cases

import (
	"regexp"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"kinward/hooks/clinic"
	"kinward/hooks/markdown"
)

// clause is the rule behind a case, as it is posted now.
type clause struct {
	Policy string `json:"policy"`
	Title  string `json:"title"` // the policy's
	ID     string `json:"id"`
	Words  string `json:"words"` // plain text; empty where the policy has no such clause any more
	Link   string `json:"link"`
}

// posted is the text in force of one policy in one language.
type posted struct {
	Slug     string `db:"slug"`
	Status   string `db:"status"`
	Number   int    `db:"number"`
	Language string `db:"language"`
	Title    string `db:"title"`
	HTML     string `db:"html"`
}

// postedPolicies reads every policy's text in force, all languages.
func postedPolicies(app core.App) ([]posted, error) {
	var out []posted
	err := app.DB().NewQuery(`SELECT p.slug, p.status, v.number, v.language, v.title, v.html FROM policies p JOIN policy_versions v ON v.policy = p.id
		WHERE v.number = (SELECT MAX(n.number) FROM policy_versions n WHERE n.policy = p.id)
		ORDER BY p.position, p.slug, v.language`).All(&out)
	return out, err
}

// latest is the number of a policy's version in force, 0 where there is none.
func latest(app core.App, slug string) (int, error) {
	var number int
	err := app.DB().NewQuery(`SELECT COALESCE(MAX(v.number), 0) FROM policies p JOIN policy_versions v ON v.policy = p.id WHERE p.slug = {:slug}`).
		Bind(dbx.Params{"slug": slug}).Row(&number)
	return number, err
}

// clauseIn finds a clause in the language wished, else in any.
func clauseIn(policies []posted, slug, id, language string) clause {
	out := clause{Policy: slug, ID: id, Link: "/policies/" + slug + "#" + markdown.ClausePrefix + id}
	found := posted{}
	for _, p := range policies {
		if p.Slug == slug && (found.Slug == "" || p.Language == language) {
			found = p
		}
	}
	out.Title = found.Title
	out.Words = clauseWords(found.HTML)[id]
	return out
}

// clauseWords reads the plain words of every clause of a stored text.
func clauseWords(stored string) map[string]string {
	out := map[string]string{}
	for _, c := range clausesOf(stored) {
		out[c.ID] = c.Words
	}
	return out
}

// pick is one clause to choose in the editor.
type pick struct {
	ID    string `json:"id"`
	Words string `json:"words"`
}

var spaces = regexp.MustCompile(`\s+`)

// clausesOf lists the clauses of a stored text in order. The HTML is our own renderer's: an element with a clause's id ends
// with its own tag, and a list inside it belongs to it.
func clausesOf(stored string) []pick {
	var out []pick
	var tag string
	depth := 0
	tokens := html.NewTokenizer(strings.NewReader(stored))
	for {
		switch kind := tokens.Next(); kind {
		case html.ErrorToken:
			return out
		case html.StartTagToken:
			t := tokens.Token()
			if depth > 0 && t.Data == tag {
				depth++
			}
			if id := clauseID(t); id != "" && depth == 0 {
				out = append(out, pick{ID: id})
				tag, depth = t.Data, 1
			}
			if depth > 0 && t.DataAtom != atom.A && t.DataAtom != atom.Strong && t.DataAtom != atom.Em && t.DataAtom != atom.Code {
				out[len(out)-1].Words += " "
			}
		case html.EndTagToken:
			if depth > 0 && tokens.Token().Data == tag {
				if depth--; depth == 0 {
					last := &out[len(out)-1]
					last.Words = strings.TrimSpace(spaces.ReplaceAllString(last.Words, " "))
				}
			}
		case html.TextToken:
			if depth > 0 {
				out[len(out)-1].Words += string(tokens.Text())
			}
		}
	}
}

func clauseID(t html.Token) string {
	for _, a := range t.Attr {
		if id, is := strings.CutPrefix(a.Val, markdown.ClausePrefix); is && a.Key == "id" {
			return id
		}
	}
	return ""
}

// hasClause returns a fault unless the policy in force has the clause.
func hasClause(app core.App, c Case) error {
	policies, err := postedPolicies(app)
	if err != nil {
		return err
	}
	if clauseIn(policies, c.Policy, c.Clause, clinic.DefaultLanguage).Words == "" {
		return clinic.Faults(NoClause.At("clause").With("policy", c.Policy).With("clause", c.Clause))
	}
	return nil
}
