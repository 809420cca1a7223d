package search

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/markdown"
)

const (
	perPage = 20
	// deadline is how long a search may take: one that was given up must not go on and stall the others.
	deadline = 5 * time.Second
	// A person may look for something this often; within this long.
	mostSearches, searchesDrain = 60, time.Minute
)

type form struct {
	Q         string `json:"q"`
	Community string `json:"community"`
	Kind      string `json:"kind"` // of a post, "comment", or "policy"
	Mine      bool   `json:"mine"`
	Before    string `json:"before"`
}

// hit is one post or comment that was found.
type hit struct {
	ID        string        `json:"id"`
	Kind      string        `json:"kind"` // a post's kind, or "comment"
	Post      string        `json:"post"`
	Community string        `json:"community"`
	Title     string        `json:"title"` // of the post, a comment's too
	Excerpt   string        `json:"excerpt_html"`
	Author    access.Person `json:"author"`
	Created   string        `json:"created"`
}

// answer is a page of hits, the newest first. Instead names, of each word that stands nowhere, those that were looked for in
// its place.
type answer struct {
	Items   []hit     `json:"items"`
	Next    *string   `json:"next"`
	Instead []instead `json:"instead"`
	// Policies are posted texts that have the words; on the first page, of a search for everything or for policies alone.
	Policies []policyHit `json:"policies"`
}

type instead struct {
	Typed string   `json:"typed"`
	Found []string `json:"found"`
}

// find answers {q, community, kind, mine, before}. It is a POST, so that no word of it reaches a log or a history.
func (s *searcher) find(e *access.Event) error {
	var f form
	if err := e.Bind(&f); err != nil {
		return err
	}
	words, err := Ask(f.Q)
	if err != nil {
		return err
	}
	if err := e.House.Try("search by "+e.Viewer.ID, mostSearches, searchesDrain); err != nil {
		return err
	}
	from, err := readCursor(e.House, f.Before)
	if err != nil {
		return err
	}
	narrowed, err := f.narrow(e.Viewer)
	if err != nil {
		return err
	}
	if narrowed.without, err = e.Viewer.Blocked(s.app); err != nil {
		return err
	}
	policies := []policyHit{}
	if f.asksPolicies() {
		if policies, err = s.papers.find(s.app, e.Language(), words); err != nil {
			return err
		}
	}
	forgiven := func() ([]policyHit, error) {
		if len(policies) > 0 || !f.asksPolicies() {
			return policies, nil
		}
		return s.papers.forgive(s.app, e.Language(), words)
	}
	if len(narrowed.communities) == 0 || f.Kind == policyKind {
		if policies, err = forgiven(); err != nil {
			return err
		}
		return e.Write(http.StatusOK, answer{Items: []hit{}, Instead: []instead{}, Policies: policies})
	}
	ctx, cancel := context.WithTimeout(e.Request.Context(), deadline)
	defer cancel()
	groups := each(words)
	rows, err := s.page(ctx, groups, narrowed, from)
	if err != nil {
		return err
	}
	other := []instead{}
	if len(rows) == 0 && f.Before == "" {
		if rows, groups, other, err = s.forgive(ctx, words, narrowed); err != nil {
			return err
		}
		if policies, err = forgiven(); err != nil {
			return err
		}
		rows = rows[:min(len(rows), perPage)] // a next page would ask for the words as they were typed
	}
	out, err := show(e, rows, slices.Concat(groups...), other)
	if err != nil {
		return err
	}
	out.Policies = policies
	return e.Write(http.StatusOK, out)
}

// policyKind asks for posted policies and nothing else.
const policyKind = "policy"

// asksPolicies: a policy is nobody's own, and belongs to no community.
func (f form) asksPolicies() bool {
	return f.Before == "" && f.Community == "" && !f.Mine && (f.Kind == "" || f.Kind == policyKind)
}

// narrowed is what else a search asks for.
type narrowed struct {
	viewer      *access.Viewer
	communities []string // at least one; ids
	kind        string   // of a post, or "comment"; empty: any
	author      string   // an id; empty: anyone
	without     []string // authors; ids
}

// narrow says where a search looks: in the communities of the viewer, and in no other, whatever they ask for.
func (f form) narrow(v *access.Viewer) (narrowed, error) {
	n := narrowed{viewer: v}
	for id := range v.Communities {
		if f.Community == "" || f.Community == id {
			n.communities = append(n.communities, id)
		}
	}
	slices.Sort(n.communities)
	if f.Kind != "" && strings.ContainsFunc(f.Kind, func(r rune) bool { return r < 'a' || r > 'z' }) {
		return n, clinic.Faults(clinic.Invalid.At("kind"))
	}
	n.kind = f.Kind
	if f.Mine {
		n.author = v.ID
	}
	return n, nil
}

// row is a hit as the database gives it.
type row struct {
	Row int64 `db:"row"`
	access.Piece
	Kind    string `db:"kind"`
	Title   string `db:"title"`
	HTML    string `db:"html"`
	Created string `db:"created"`

	longer bool // its words only begin like those that were asked for
}

// spot is where a page of hits begins.
type spot struct {
	longer bool // among the hits whose words only begin like those asked for
	row    int64
}

// hits gives one hit more than a page has: first those with the very words, then those whose words begin with them; of each
// the newest first. To find all words with a beginning, the index merges what it holds of each of them before it gives the
// first hit; it is spared that for as long as there are hits with the word itself, and so for every frequent word.
func (s *searcher) hits(ctx context.Context, groups [][]string, n narrowed, from spot) ([]row, error) {
	var rows []row
	var err error
	if !from.longer {
		rows, err = s.exactly(ctx, groups, n, from.row)
		if err != nil || len(rows) > perPage {
			return rows, err
		}
		from.row = afterEverything
	}
	more, err := s.rows(ctx, expression(groups, n, onlyLonger), from.row)
	for i := range more {
		more[i].longer = true
	}
	rows = append(rows, more...)
	return rows[:min(len(rows), perPage+1)], err
}

const (
	// hitsQuery walks the index from the newest row down and stops when a page is full: what it costs grows with how rare the words
	// are together, and not with how much was written.
	hitsQuery = shownOf + `(SELECT rowid AS row FROM search_words WHERE search_words MATCH {:asked} AND rowid < {:before} ORDER BY rowid DESC LIMIT 21)` + dressed
	// latestQuery does so among the latest rows that have the words, wherever they stand, and leaves out what stands in other communities: a
	// row's number tells most of them without a look at it. To ask the index for communities as well costs it as much again for each:
	// a tenth of all that was ever written stands in one.
	latestQuery = shownOf + `(SELECT s.row FROM ` + latest + ` CROSS JOIN search_places s ON s.row = l.row
		WHERE l.row % 4096 IN (SELECT number % 4096 FROM search_communities WHERE community IN (SELECT value FROM json_each({:communities})))
			AND s.community IN (SELECT value FROM json_each({:communities})) LIMIT 21)` + dressed
	// latest are those rows, the newest first; mostLatest is how many they are.
	latest     = `(SELECT rowid AS row FROM search_words WHERE search_words MATCH {:asked} AND rowid < {:before} ORDER BY rowid DESC LIMIT 1000) l`
	mostLatest = 1000

	shownOf = `SELECT s.row, s.piece AS id, s.post, s.community, CASE WHEN s.piece = s.post THEN p.kind ELSE 'comment' END AS kind, p.title,
		COALESCE(c.html, p.html) AS html, COALESCE(c.status, p.status) AS status, COALESCE(c.unseen, p.unseen) AS unseen,
		` + access.AboveColumns + `,
		COALESCE(c.created, p.created) AS created, COALESCE(c.author, p.author) AS author FROM `
	dressed = ` w CROSS JOIN search_places s ON s.row = w.row CROSS JOIN posts p ON p.id = s.post
		LEFT JOIN comments c ON c.id = s.piece AND s.piece != s.post
	ORDER BY s.row DESC`
)

func (s *searcher) rows(ctx context.Context, asked string, before int64) ([]row, error) {
	var rows []row
	err := s.app.ConcurrentDB().NewQuery(hitsQuery).Bind(dbx.Params{"asked": asked, "before": before}).WithContext(ctx).All(&rows)
	return rows, err
}

// exactly gives the hits that have the very words. Most are among the latest rows with these words, or these are all there are.
func (s *searcher) exactly(ctx context.Context, groups [][]string, n narrowed, before int64) ([]row, error) {
	if n.kind == "" && n.author == "" {
		communities, err := json.Marshal(n.communities)
		if err != nil {
			return nil, err
		}
		params := dbx.Params{"asked": said(groups, n.without, exact), "before": before, "communities": string(communities)}
		var rows []row
		if err := s.app.ConcurrentDB().NewQuery(latestQuery).Bind(params).WithContext(ctx).All(&rows); err != nil || len(rows) > perPage {
			return rows, err
		}
		var all int
		count := s.app.ConcurrentDB().NewQuery("SELECT count(*) FROM " + latest).Bind(dbx.Params{"asked": params["asked"], "before": before})
		if err := count.WithContext(ctx).Row(&all); err != nil || all < mostLatest {
			return rows, err
		}
	}
	return s.rows(ctx, expression(groups, n, exact), before)
}

// show dresses rows that the viewer may see.
func show(e *access.Event, rows []row, asked []string, other []instead) (answer, error) {
	out := answer{Items: []hit{}, Instead: other}
	if len(rows) > perPage {
		rows = rows[:perPage]
		last := rows[perPage-1]
		next := spot{last.longer, last.Row}.cursor(e.House)
		out.Next = &next
	}
	of := map[string]access.Face{}
	for _, r := range rows {
		of[r.Author] = access.Face{}
	}
	if err := e.House.Faces(of); err != nil {
		return out, err
	}
	for _, r := range rows {
		out.Items = append(out.Items, hit{ID: r.ID, Kind: r.Kind, Post: r.Post, Community: r.Community, Title: r.Title,
			Excerpt: Excerpt(markdown.Words(r.HTML), asked), Created: r.Created,
			Author: of[r.Author].Person(r.Author, e.Language())})
	}
	return out, nil
}

// forgive looks for what was probably meant by words that stand nowhere the viewer may read.
func (s *searcher) forgive(ctx context.Context, words []string, n narrowed) ([]row, [][]string, []instead, error) {
	groups, other := each(words), []instead{}
	for i, w := range words {
		if len(words) > 1 { // alone, it is known to stand nowhere
			alone, err := s.page(ctx, [][]string{{w}}, n, spot{row: afterEverything})
			if err != nil {
				return nil, nil, nil, err
			}
			if len(alone) > 0 {
				continue
			}
		}
		meant, err := s.similar(ctx, w, n)
		if err != nil {
			return nil, nil, nil, err
		}
		if len(meant) == 0 {
			return nil, groups, []instead{}, nil
		}
		groups[i] = meant
		other = append(other, instead{w, meant})
	}
	if len(other) == 0 {
		return nil, groups, other, nil
	}
	rows, err := s.rows(ctx, expression(groups, n, beginning), afterEverything)
	if rows = n.only(rows); len(rows) == 0 {
		other = []instead{} // a word of which nothing is shown is not named
	}
	return rows, groups, other, err
}

const (
	// oneErrorQuery gives the words that were written and are one error away from what was typed.
	oneErrorQuery = `SELECT word FROM search_vocabulary WHERE word IN (SELECT value FROM json_each({:asked}))`
	// alikeQuery gives those that share most with it. To rank them costs twenty times as much.
	alikeQuery = `SELECT word FROM search_trigrams WHERE search_trigrams MATCH {:asked} ORDER BY rank LIMIT 60`
)

// similar lists up to five words near to one that was typed which stand where the viewer may read: one error away, or else two.
func (s *searcher) similar(ctx context.Context, typed string, n narrowed) ([]string, error) {
	runes := []rune(typed)
	if len(runes) < 4 {
		return nil, nil // too short to tell an error from another word
	}
	errors, err := json.Marshal(errorsOf(runes))
	if err != nil {
		return nil, err
	}
	fresh := s.vocabulary.waiting(typed)
	found, err := s.readable(ctx, oneErrorQuery, string(errors), typed, fresh, n)
	if len(found) > 0 || err != nil {
		return found, err
	}
	var parts []string
	for i := 0; i+3 <= len(runes); i++ {
		parts = append(parts, string(runes[i:i+3]))
	}
	return s.readable(ctx, alikeQuery, strings.Join(quoted(parts, ""), " OR "), typed, fresh, n)
}

// readable gives of the words of a query, and of some that are not stored yet, those near to what was typed that stand where the
// viewer may read.
func (s *searcher) readable(ctx context.Context, query, asked, typed string, fresh []string, n narrowed) ([]string, error) {
	var found, out []string
	if err := s.app.ConcurrentDB().NewQuery(query).WithContext(ctx).Bind(dbx.Params{"asked": asked}).Column(&found); err != nil {
		return nil, err
	}
	for _, w := range append(found, fresh...) {
		if len(out) == 5 {
			break
		}
		if !near(typed, w) || slices.Contains(out, w) {
			continue
		}
		rows, err := s.exactly(ctx, [][]string{{w}}, n, afterEverything)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(rows, n.seen) {
			out = append(out, w)
		}
	}
	return out, nil
}

const afterEverything = int64(1) << 62

// Rows are counted over all communities: how far two of them lie apart would tell how much was written elsewhere.
func (s spot) cursor(house *access.House) string {
	return house.SealCursor("search", [2]any{s.longer, s.row})
}

func readCursor(house *access.House, cursor string) (spot, error) {
	from := spot{row: afterEverything}
	if cursor == "" {
		return from, nil
	}
	err := house.OpenCursor("search", cursor, &[2]any{&from.longer, &from.row})
	return from, err
}
