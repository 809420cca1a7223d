package poll_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

type shown struct {
	ID   string
	Poll struct {
		Choices []struct {
			Label string
			Votes *int
		}
		Ended, Closed            bool
		Counted, Withheld, Voted int
		Results                  string
		Turnout                  *clinic.Turnout
	}
}

type own struct {
	Voted, Closed bool
	CanVote       bool `json:"can_vote"`
	CanEnd        bool `json:"can_end"`
	Turnout       *clinic.Turnout
}

type room struct {
	*hookstest.Clinic
	id     string
	lead   *hookstest.Client
	voters []*hookstest.Client
}

func newRoom(t *testing.T, voters int) *room {
	t.Helper()
	c := hookstest.New(t)
	r := &room{Clinic: c, lead: c.Provider()}
	for range voters {
		r.voters = append(r.voters, c.Patient())
	}
	r.id = c.Community(clinic.KindCondition, []*hookstest.Client{r.lead}, r.voters...)
	return r
}

func (r *room) ask(t *testing.T, by *hookstest.Client, results string, choices ...string) string {
	t.Helper()
	got := by.Post("/communities/"+r.id+"/posts", map[string]any{"kind": "poll", "title": "When shall we meet?", "poll": map[string]any{
		"choices": choices, "ends": r.House.Now().Add(72 * time.Hour).UTC().Format(time.RFC3339), "results": results}})
	if got.Status != http.StatusCreated {
		t.Fatalf("asking: %d %s", got.Status, got.Body)
	}
	return hookstest.Into[shown](got).ID
}

func vote(who *hookstest.Client, poll string, choice int) *hookstest.Response {
	return who.Post("/polls/"+poll+"/vote", map[string]any{"choice": choice})
}

func (r *room) read(poll string) shown { return hookstest.Into[shown](r.lead.Get("/posts/" + poll)) }

func votes(s shown) (out []int) {
	for _, choice := range s.Poll.Choices {
		if choice.Votes != nil {
			out = append(out, *choice.Votes)
		}
	}
	return out
}

func TestOneVoteEachAndResultsFromElevenOn(t *testing.T) {
	r := newRoom(t, 24)
	id := r.ask(t, r.voters[0], "", "Monday", "Tuesday")
	for i, voter := range r.voters[:10] {
		if got := vote(voter, id, i%2); got.Status != http.StatusOK || !hookstest.Into[own](got).Voted {
			t.Fatalf("vote %d: %d %s", i, got.Status, got.Body)
		}
	}
	if s := r.read(id); len(votes(s)) != 0 || s.Poll.Counted != 0 {
		t.Errorf("after ten: %+v", s.Poll)
	}
	if got := vote(r.voters[0], id, 1); got.Code() != "poll_voted_already" {
		t.Errorf("a second vote: %d %s", got.Status, got.Code())
	}
	for _, wrong := range []any{map[string]any{"choice": 2}, map[string]any{"choice": -1}, map[string]any{}} {
		if got := r.voters[20].Post("/polls/"+id+"/vote", wrong); got.Code() != "choice:invalid" {
			t.Errorf("%v: %d %s", wrong, got.Status, got.Code())
		}
	}
	vote(r.voters[10], id, 0)
	if s := r.read(id); fmt.Sprint(votes(s)) != "[6 5]" || s.Poll.Counted != 11 {
		t.Fatalf("after eleven: %+v", s.Poll)
	}
	for i := 11; i < 21; i++ {
		vote(r.voters[i], id, i%2)
		if s := r.read(id); fmt.Sprint(votes(s)) != "[6 5]" {
			t.Errorf("after %d votes: %v", i+1, votes(s))
		}
	}
	mine := hookstest.Into[own](r.voters[22].Get("/polls/" + id))
	if mine.Voted || !mine.CanVote || mine.Turnout.Voted != 21 || mine.Turnout.Members != 25 || mine.Turnout.Missing != 4 || len(mine.Turnout.Groups) != 0 {
		t.Errorf("who is missing: %+v %+v", mine, mine.Turnout)
	}
	vote(r.voters[21], id, 0)
	if s := r.read(id); s.Poll.Counted != 22 || votes(s)[0] != 12 || votes(s)[1] != 10 || s.Poll.Withheld != 0 {
		t.Errorf("after twenty-two: %+v", s.Poll)
	}
	vote(r.voters[22], id, 0)
	r.Pass(73 * time.Hour)
	r.lead, r.voters[23] = r.SignedIn(r.lead.ID), r.SignedIn(r.voters[23].ID)
	if got := vote(r.voters[23], id, 0); got.Code() != "poll_ended" {
		t.Errorf("after its end: %d %s", got.Status, got.Code())
	}
	if end := hookstest.Into[own](r.lead.Get("/polls/" + id)); !end.Closed || end.CanVote {
		t.Errorf("%+v", end)
	}
	s := r.read(id)
	if !s.Poll.Closed || s.Poll.Counted != 22 || s.Poll.Voted != 23 || s.Poll.Turnout == nil || s.Poll.Turnout.Missing != 2 {
		t.Errorf("at its end: %+v", s.Poll)
	}
	var left int
	if err := r.App.DB().NewQuery("SELECT COUNT(*) FROM poll_voters").Row(&left); err != nil || left != 0 {
		t.Errorf("%d voters are still known: %v", left, err)
	}
}

func TestAtItsEndEveryVoteCounts(t *testing.T) {
	r := newRoom(t, 14)
	id, few := r.ask(t, r.lead, clinic.ResultsAtEnd, "a", "b", "c"), r.ask(t, r.lead, clinic.ResultsAtEnd, "a", "b")
	for i, voter := range r.voters {
		vote(voter, id, i%3)
		if i < 10 {
			vote(voter, few, 0)
		}
	}
	if s := r.read(id); len(votes(s)) != 0 {
		t.Errorf("before its end: %v", votes(s))
	}
	if got := r.voters[0].Post("/polls/"+id+"/end", nil); got.Status != http.StatusForbidden {
		t.Errorf("ended by a member: %d", got.Status)
	}
	for _, poll := range []string{id, few} {
		if got := r.lead.Post("/polls/"+poll+"/end", nil); got.Status != http.StatusOK {
			t.Fatalf("ending: %d %s", got.Status, got.Body)
		}
	}
	if s := r.read(id); fmt.Sprint(votes(s)) != "[5 5 4]" || s.Poll.Counted != 14 || s.Poll.Voted != 14 {
		t.Errorf("%+v", s.Poll)
	}
	if s := r.read(few); len(votes(s)) != 0 || s.Poll.Voted != 10 || !s.Poll.Closed {
		t.Errorf("of ten: %+v", s.Poll)
	}
}

func TestAPollIsAskedOnceAndForGood(t *testing.T) {
	r := newRoom(t, 2)
	posts := "/communities/" + r.id + "/posts"
	poll := map[string]any{"choices": []string{"a", "b"}, "ends": r.House.Now().Add(time.Hour).UTC().Format(time.RFC3339)}
	for name, c := range map[string]struct {
		fields map[string]any
		code   string
	}{
		"without choices":         {map[string]any{"kind": "poll", "title": "x"}, "choices:poll_needs_choices"},
		"without a question":      {map[string]any{"kind": "poll", "poll": poll}, "title:required"},
		"choices on a discussion": {map[string]any{"kind": "discussion", "body": "x", "poll": poll}, "choices:poll_on_other_kind"},
	} {
		if got := r.lead.Post(posts, c.fields); got.Code() != c.code {
			t.Errorf("%s: %d %s", name, got.Status, got.Body)
		}
	}
	id := r.ask(t, r.lead, "", "a", "b")
	if got := r.lead.Patch("/posts/"+id, map[string]any{"title": "Another question?"}); got.Status != http.StatusOK {
		t.Errorf("before anybody voted: %d %s", got.Status, got.Code())
	}
	vote(r.voters[0], id, 0)
	if got := r.lead.Patch("/posts/"+id, map[string]any{"title": "The contrary?"}); got.Code() != "poll_has_votes" {
		t.Errorf("after a vote: %d %s", got.Status, got.Code())
	}
	r.lead.Delete("/posts/" + id)
	if got := vote(r.voters[1], id, 0); got.Code() != "poll_ended" {
		t.Errorf("in a deleted poll: %d %s", got.Status, got.Code())
	}
	outside := r.Patient()
	if got := vote(outside, id, 0); got.Status != http.StatusNotFound || outside.Get("/polls/"+id).Status != http.StatusNotFound {
		t.Errorf("from outside: %d", got.Status)
	}
}

// observer writes down everything that can be seen of a poll from outside and inside the house, except what is sealed: the answers of
// every door that tells of it, to somebody who has voted and to somebody who has not, and every row of the database that names it.
func (r *room) observe(t *testing.T, poll string, who ...*hookstest.Client) string {
	t.Helper()
	var out []string
	for _, one := range who {
		for _, path := range []string{"/posts/" + poll, "/polls/" + poll, "/communities/" + r.id + "/posts", "/posts/" + poll + "/versions"} {
			out = append(out, string(one.Get(path).Body))
		}
	}
	for _, query := range []string{
		"SELECT post, community, ends, closed, length(urn) FROM polls WHERE post = {:poll}", "SELECT * FROM poll_voters WHERE post = {:poll}",
		"SELECT id, poll, created, updated, comments, review, pinned, html, body, title FROM posts WHERE id = {:poll}",
		"SELECT action, subject, detail, actor FROM audit_entries WHERE subject LIKE '%' || {:poll} || '%' ORDER BY seq",
		"SELECT COUNT(*) FROM idempotency_keys WHERE body LIKE '%' || {:poll} || '%'",
	} {
		rows, err := r.App.DB().NewQuery(query).Bind(map[string]any{"poll": poll}).Rows()
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			columns, _ := rows.Columns()
			values, cells := make([]any, len(columns)), make([]sql.NullString, len(columns))
			for i := range cells {
				values[i] = &cells[i]
			}
			if err := rows.Scan(values...); err != nil {
				t.Fatal(err)
			}
			out = append(out, fmt.Sprint(cells))
		}
		rows.Close()
	}
	return strings.ReplaceAll(strings.Join(out, "\n"), poll, "THE POLL")
}

// TestWatchingBetweenVotesTellsNothing plays an observer who looks after each vote, knows who has just voted, and may be one of the
// voters. The same people vote in two polls at the same moments; in the second one, two of each crowd have exchanged their choices. If
// the observer could learn a choice from anything, the two would differ somewhere. They never do.
func TestWatchingBetweenVotesTellsNothing(t *testing.T) {
	r := newRoom(t, 25)
	r.Stop()
	random := rand.New(rand.NewPCG(7, 7))
	choices := make([]int, len(r.voters))
	for i := range choices {
		choices[i] = random.IntN(3)
	}
	exchanged := slices.Clone(choices)
	for batch := 0; batch+11 <= len(choices); batch += 11 {
		a, b := batch, batch+1
		for b < batch+11 && exchanged[a] == exchanged[b] {
			b++
		}
		exchanged[a], exchanged[b] = exchanged[b], exchanged[a]
	}
	exchanged[24] = (exchanged[24] + 1) % 3 // left over: it is never told
	// Three that are alike: the feed shows all, so that what differs between two stands in their own lines.
	run := func(choices []int) []string {
		poll := r.ask(t, r.lead, "", "a", "b", "c")
		watcher := r.Provider()
		r.Join(r.id, watcher, false)
		var seen []string
		for i, voter := range r.voters {
			if got := vote(voter, poll, choices[i]); got.Status != http.StatusOK {
				t.Fatalf("%d %s", got.Status, got.Body)
			}
			seen = append(seen, r.observe(t, poll, watcher, r.voters[0], r.voters[24]))
		}
		r.lead.Post("/polls/"+poll+"/end", nil)
		seen = append(seen, r.observe(t, poll, watcher, r.voters[0], r.voters[24]))
		r.lead.Do("DELETE", "/communities/"+r.id+"/members/"+watcher.ID, nil)
		if err := r.App.Delete(found(t, r, poll)); err != nil {
			t.Fatal(err)
		}
		for i := range seen {
			seen[i] = strings.ReplaceAll(seen[i], watcher.ID, "THE WATCHER")
		}
		return seen
	}
	one, two := run(choices), run(exchanged)
	for i := range one {
		if one[i] != two[i] {
			t.Fatalf("after vote %d the two can be told apart:\n%s\n\n%s", i+1, one[i], two[i])
		}
	}
}

// TestWhereAllChooseAlikeNobodyIsKnown: eleven of eleven, ten of eleven and nine of eleven look the same.
func TestWhereAllChooseAlikeNobodyIsKnown(t *testing.T) {
	r := newRoom(t, 11)
	var seen []string
	for others := range 3 {
		poll := r.ask(t, r.lead, "", "a", "b")
		for i, voter := range r.voters {
			choice := 0
			if i < others {
				choice = 1
			}
			vote(voter, poll, choice)
		}
		s := r.read(poll)
		seen = append(seen, fmt.Sprint(votes(s), s.Poll.Withheld, s.Poll.Counted))
	}
	if seen[0] != "[9 0] 2 11" || seen[1] != seen[0] || seen[2] != seen[0] {
		t.Errorf("%q", seen)
	}
}

// TestTheDataFolderTellsNoChoice reads the files themselves, the write-ahead log among them, after each vote, as one would who steals
// copies of the disk: two votes for different choices leave files that differ in random bytes alone, so that no counter stands there in
// plain, and the request's words nowhere.
func TestTheDataFolderTellsNoChoice(t *testing.T) {
	r := newRoom(t, 11)
	poll := r.ask(t, r.lead, "", "marigold", "periwinkle")
	urns := map[string]bool{}
	for i, voter := range r.voters[:10] {
		vote(voter, poll, i%2)
		var urn, fact string
		err := r.App.DB().NewQuery("SELECT q.urn, p.poll FROM polls q JOIN posts p ON p.id = q.post WHERE q.post = {:poll}").
			Bind(map[string]any{"poll": poll}).Row(&urn, &fact)
		if err != nil || urns[urn] || strings.Contains(fact, "votes") {
			t.Fatalf("vote %d: %v, the urn was seen before: %v, %s", i, err, urns[urn], fact)
		}
		urns[urn] = true
	}
	files, err := filepath.Glob(filepath.Join(r.App.DataDir(), "*"))
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // a folder
		}
		for _, never := range []string{`"choice":`, `"choice": `, `{"choice"`} {
			if strings.Contains(string(text), never) {
				t.Errorf("%s holds a vote as it was asked for", filepath.Base(file))
			}
		}
	}
}

// TestOneCopyOfTheFolderHoldsOneUrn: SQLite's write-ahead log would hold the urn before and after each of the last votes, and so, for who
// has the key, what each voter chose.
func TestOneCopyOfTheFolderHoldsOneUrn(t *testing.T) {
	r := newRoom(t, 11)
	poll := r.ask(t, r.lead, "", "marigold", "periwinkle")
	var urns []string
	for i, voter := range r.voters[:5] {
		vote(voter, poll, i%2)
		var urn string
		if err := r.App.DB().NewQuery("SELECT urn FROM polls WHERE post = {:poll}").Bind(map[string]any{"poll": poll}).Row(&urn); err != nil {
			t.Fatal(err)
		}
		urns = append(urns, urn)
	}
	copied := func() (held []int) {
		for _, file := range []string{"data.db", "data.db-wal"} {
			text, err := os.ReadFile(filepath.Join(r.App.DataDir(), file))
			if err != nil {
				t.Fatal(err)
			}
			for i, urn := range urns[:4] {
				if bytes.Contains(text, []byte(urn)) {
					held = append(held, i)
				}
			}
		}
		return held
	}
	// Where somebody read just then, the next minute empties it.
	for tries := 0; tries < 50 && len(copied()) > 0; tries++ {
		for _, job := range r.App.Cron().Jobs() {
			if job.Id() == "kinward_polls" {
				job.Run()
			}
		}
	}
	if held := copied(); len(held) > 0 {
		t.Errorf("the urns before votes %v are still in the folder", held)
	}
}

func found(t *testing.T, r *room, poll string) *core.Record {
	t.Helper()
	record, err := r.App.FindRecordById(clinic.Posts, poll)
	if err != nil {
		t.Fatal(err)
	}
	return record
}
