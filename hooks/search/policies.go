package search

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
	"kinward/hooks/markdown"
)

// mostPolicies is how many posted policies are shown above what members wrote: there are few of them, and they are public.
const mostPolicies = 3

// policyHit is one posted policy that was found.
type policyHit struct {
	Slug    string `json:"slug"`
	Title   string `json:"title"`
	Excerpt string `json:"excerpt_html"`
}

// papers are the posted policies as they are searched, by language. They are read when somebody searches, after one was changed: a
// generation keeps what was read before a change from being stored after it.
type papers struct {
	mu         sync.RWMutex
	generation uint64
	known      map[string][]paper
}

// paper is one posted text: its words, folded, in order of the alphabet.
type paper struct {
	slug, title, text string
	words             []string
}

func (p *papers) watch(app core.App) {
	drop := func(e *core.RecordEvent) error {
		p.mu.Lock()
		p.generation++
		p.known = nil
		p.mu.Unlock()
		return e.Next()
	}
	of := []string{clinic.Policies, clinic.PolicyVersions}
	app.OnRecordAfterCreateSuccess(of...).BindFunc(drop)
	app.OnRecordAfterUpdateSuccess(of...).BindFunc(drop)
	app.OnRecordAfterDeleteSuccess(of...).BindFunc(drop)
}

// find gives the policies that have every word, or the beginning of it.
func (p *papers) find(app core.App, language string, words []string) ([]policyHit, error) {
	known, err := p.in(app, language)
	return hits(known, words, func(one paper, w string) []string {
		if one.has(w) {
			return []string{w}
		}
		return nil
	}), err
}

// forgive gives those with words that the words asked for may have been meant for. It looks at every word there is: it is for what
// was not found otherwise.
func (p *papers) forgive(app core.App, language string, words []string) ([]policyHit, error) {
	known, err := p.in(app, language)
	return hits(known, words, paper.like), err
}

// hits are the papers in which something is found for each word, by what is found.
func hits(known []paper, words []string, in func(paper, string) []string) []policyHit {
	out := []policyHit{}
	for _, one := range known {
		var found []string
		for _, w := range words {
			of := in(one, w)
			if len(of) == 0 {
				found = nil
				break
			}
			found = append(found, of...)
		}
		if len(found) > 0 && len(out) < mostPolicies {
			out = append(out, policyHit{one.slug, one.title, Excerpt(one.text, found)})
		}
	}
	return out
}

// like gives a word as it stands in a paper, or else those that it may have been meant for. A short word is near too many.
func (p paper) like(word string) []string {
	if p.has(word) {
		return []string{word}
	}
	var out []string
	if utf8.RuneCountInString(word) >= 4 {
		for _, other := range p.words {
			if utf8.RuneCountInString(other) >= 4 && near(word, other) {
				out = append(out, other)
			}
		}
	}
	return out
}

// has reports whether a word stands in a paper; the beginning of one is enough, but of a single letter.
func (p paper) has(word string) bool {
	at, exactly := slices.BinarySearch(p.words, word)
	return exactly || utf8.RuneCountInString(word) > 1 && at < len(p.words) && strings.HasPrefix(p.words[at], word)
}

func (p *papers) in(app core.App, language string) ([]paper, error) {
	p.mu.RLock()
	known, generation := p.known, p.generation
	p.mu.RUnlock()
	if texts, ok := known[language]; ok {
		return texts, nil
	}
	texts, err := readPapers(app, language)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.generation == generation {
		if p.known == nil {
			p.known = map[string][]paper{}
		}
		next := map[string][]paper{language: texts} // what others are reading is never changed
		for other, of := range p.known {
			next[other] = of
		}
		next[language] = texts
		p.known = next
	}
	return texts, nil
}

// readPapers reads the newest version of every posted policy, in the language where there is one.
func readPapers(app core.App, language string) ([]paper, error) {
	var rows []struct {
		Slug     string `db:"slug"`
		Title    string `db:"title"`
		HTML     string `db:"html"`
		Language string `db:"language"`
	}
	err := app.DB().NewQuery(`SELECT p.slug, v.title, v.html, v.language FROM policies p
		JOIN policy_versions v ON v.policy = p.id AND v.number = (SELECT MAX(n.number) FROM policy_versions n WHERE n.policy = p.id)
		WHERE p.status = 'posted' AND p.kind = 'policy' ORDER BY p.position, p.slug, v.language = {:language} DESC, v.language`).
		Bind(dbx.Params{"language": language}).All(&rows)
	var out []paper
	for _, row := range rows {
		if len(out) > 0 && out[len(out)-1].slug == row.Slug {
			continue // the same text in another language
		}
		text := markdown.Words(row.HTML)
		words := Words(row.Title + " " + text)
		slices.Sort(words)
		out = append(out, paper{row.Slug, row.Title, text, words})
	}
	return out, err
}
