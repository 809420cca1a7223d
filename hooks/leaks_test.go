package hooks_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

// The matrix of leaks: role × state × thing × channel. One of each thing that access.Things declares is put into a practice,
// with a word of its own; everybody asks at every door of the house with every id there is; and no answer may hold the word of
// a thing that its declaration hides from who asks, or differ from the answer about a thing that never was.

// asker is somebody who asks, and how they stand to the practice.
type asker struct {
	name   string
	client *hookstest.Client
	// viewer is what the declaration is asked about; nil for those who may see nothing but their own.
	viewer *access.Viewer
}

func (g *garden) askers() []asker {
	g.t.Helper()
	roles := map[string]func() *hookstest.Client{
		"patient": g.Patient, "caregiver": g.Caregiver, "staff": func() *hookstest.Client { return g.Staff() },
		"provider": func() *hookstest.Client { return g.Provider() }, "moderator": func() *hookstest.Client { return g.Staff("moderate") },
		"editor": func() *hookstest.Client { return g.Staff("policies") }, "admin": func() *hookstest.Client { return g.Provider("admin") },
	}
	all := []asker{{"guest", g.Guest(), nil}}
	for name, make := range roles {
		in, out := make(), make()
		g.Join(g.main.Community, in, false)
		all = append(all, g.asks(name+" of the community", in), g.asks(name+" outside", out))
	}
	visitor, idle := g.Outside(), g.Outside()
	g.Join(g.room.Community, visitor, false)
	all = append(all, g.asks("lead", g.lead), g.asks("author", g.author), g.asks("outside doctor of the provider room", visitor),
		g.asks("outside doctor in no room", idle))
	for _, role := range clinic.Roles {
		if !slices.ContainsFunc(all, func(a asker) bool { return a.viewer != nil && a.viewer.Role == role }) {
			g.t.Errorf("nobody of the role %s asks", role)
		}
	}

	owing := g.Owing(clinic.Patient)
	g.Join(g.main.Community, owing, false)
	suspended, removed, gone := g.Patient(), g.Patient(), g.Patient()
	for _, who := range []*hookstest.Client{suspended, removed, gone} {
		g.Join(g.main.Community, who, false)
	}
	g.need(g.lead.Post("/members/"+suspended.ID+"/suspend", map[string]string{"reason": "a test"}), http.StatusOK)
	g.need(g.Founder().Post("/members/"+removed.ID+"/remove", map[string]string{"reason": "a test"}), http.StatusOK)
	g.need(g.lead.Delete("/communities/"+g.main.Community+"/members/"+gone.ID), http.StatusNoContent)
	for _, who := range all {
		for _, path := range g.saved {
			who.client.Put(path, nil) // who may not see it is refused
		}
	}
	g.falls()
	return append(all, asker{"owing", owing, nil}, asker{"suspended", suspended, nil}, asker{"removed", removed, nil}, g.asks("who left the community", gone))
}

func (g *garden) asks(name string, client *hookstest.Client) asker {
	g.t.Helper()
	viewer, err := g.House.Member(client.ID)
	if err != nil || viewer == nil {
		g.t.Fatalf("%s: %v", name, err)
	}
	return asker{name, client, viewer}
}

// sees asks the declaration.
func (a asker) sees(t *testing.T, p plant) bool {
	t.Helper()
	for _, thing := range access.Things {
		if thing.Name == p.thing {
			return a.viewer != nil && thing.Seen(a.viewer, p.at)
		}
	}
	t.Fatalf("%s is planted, and access.Things does not declare it", p.thing)
	return false
}

// publicNouns come before a path value that names nothing of a member's: any member or anyone may ask for it by that name.
var publicNouns = []string{"policies", "versions", "authorizations", "manage/policies", "manage/cases", "news", "sessions", "cases", "cases/questions", "me/news", "desk", "holds"}

// queries are what doors without a value in their path can be asked for in their query, {NOUN} being an id.
var queries = map[string][]string{
	"GET /events": {"topic=community:{communities}", "topic=post:{posts}", "topic=member:{members}"},
	"GET /marks":  {"post={posts}", "community={communities}", "pieces={posts}", "pieces={comments}"},
	"GET /desk":   {"community={communities}"},
}

// wordDoors are the doors without a path value that take words or an id in their body, and how to ask them about a thing.
var wordDoors = map[string]func(p plant, at string) any{
	"POST /search":  func(p plant, _ string) any { return map[string]any{"q": p.word} },
	"POST /preview": func(_ plant, community string) any { return map[string]any{"text": "Hello", "community": community} },
	"POST /checks/try": func(p plant, community string) any {
		return map[string]any{"text": "Hello " + p.word, "as": "patient", "community": community}
	},
}

// told is who learns of what they may not know by a door all the same, and why.
var told = map[string]string{
	"POST /communities/{id}/lead by admin": "a lead who leaves has to hand over even a programme that the admin is not in, of which only the id is told",
}

// doNothingHere are the doors without a path value whose body names nothing of another member's.
var doNothingHere = []string{
	"POST /setup", "POST /session", "DELETE /session", "POST /session/keep", "POST /session/fresh", "DELETE /sessions", "PATCH /me", "POST /me/password",
	"POST /me/email", "POST /me/email/confirm", "POST /password/forgotten", "POST /password/reset", "PATCH /practice/settings", "POST /practice/mail-test",
	"POST /communities", "POST /invitations", "POST /invitations/approve", "POST /invitations/import", "POST /invitations/open",
	"POST /invitations/accept", "POST /invitations/decline", "POST /invitations/ask-again", "POST /cases/skip", "POST /manage/policies",
	"POST /manage/cases", "POST /manage/cases/look", "PUT /home/visit", "POST /notifications/read",
	"PATCH /me/notifications", "PUT /me/push", "DELETE /me/push", "POST /unsubscribe", "POST /files",
}

var oneValue = regexp.MustCompile(`([a-z-]+(?:/[a-z-]+)?)/\{\w+\}`)

// noun is what stands before the first value of a door's path.
func noun(path string) string {
	m := oneValue.FindStringSubmatch(strings.TrimPrefix(path, clinic.APIPrefix))
	if m == nil {
		return ""
	}
	return m[1]
}

const never = "nothingthere000"

// filled puts an id into the first value of a path, and nothing into the others.
func filled(path, id string) string {
	at := pathValue.FindStringIndex(path)
	if at == nil {
		return path
	}
	return path[:at[0]] + id + pathValue.ReplaceAllString(path[at[1]:], never)
}

func TestNobodyLearnsOfWhatIsHiddenFromThem(t *testing.T) {
	g := newGarden(t)
	letters := g.Mail()
	for _, thing := range access.Things {
		if !slices.ContainsFunc(g.plants, func(p plant) bool { return p.thing == thing.Name }) {
			t.Errorf("access.Things declares %q, and none is planted", thing.Name)
		}
	}
	all := g.askers()
	tried := 0
	for _, door := range g.House.Doors() {
		name := door.Method + " " + strings.TrimPrefix(door.Path, clinic.APIPrefix)
		for _, who := range all {
			switch {
			case noun(door.Path) != "":
				tried += g.tryIDs(door, name, who)
			case door.Method == http.MethodGet:
				g.read(name, who, who.client.Get(door.Path), "")
				tried += 1 + g.tryQueries(door, name, who)
			case wordDoors[name] != nil:
				tried += g.tryWords(door, name, who)
			case !slices.Contains(doNothingHere, name):
				t.Errorf("%s: nobody decided what it could tell of others (wordDoors, doNothingHere)", name)
			}
		}
	}
	if tried < 6_000 {
		t.Errorf("only %d answers were looked at", tried)
	}
	t.Logf("%d answers", tried)
	for _, letter := range letters.Wait(t, 3) {
		for _, p := range g.plants {
			if p.thing != "address" && p.thing != "invitation" && strings.Contains(letter.Subject+letter.Text+letter.HTML, p.word) {
				t.Errorf("a letter tells of a %s: %s %s", p.thing, letter.Subject, shortened(letter.Text))
			}
		}
	}
}

// read looks for hidden words in an answer. What was asked for is no news.
func (g *garden) read(name string, who asker, r *hookstest.Response, asked string) {
	g.t.Helper()
	text := string(r.Body)
	if asked != "" {
		text = strings.ReplaceAll(text, asked, "")
	}
	if name == "GET /marks" { // which pieces somebody has marked themselves is their own, by ids that they knew
		return
	}
	for _, p := range g.plants {
		if who.client.ID != "" && who.client.ID == p.at.Owner && p.thing != "post" && p.thing != "comment" || who.sees(g.t, p) {
			continue
		}
		for _, tell := range append(p.secret, p.word) {
			if strings.Contains(text, tell) {
				g.t.Errorf("%s tells %s of a %s in a %s (%s): %d %s", name, who.name, p.thing, p.at.Kind, tell, r.Status, shortened(text))
			}
		}
	}
}

func shortened(text string) string {
	if len(text) > 600 {
		return text[:600] + "…"
	}
	return text
}

// tryIDs asks at a door with a value in its path about every thing that has such a name.
func (g *garden) tryIDs(door access.Door, name string, who asker) (tried int) {
	g.t.Helper()
	noun := noun(door.Path)
	found := slices.Contains(publicNouns, noun)
	for _, p := range g.plants {
		id, has := p.ids[noun]
		if !has {
			continue
		}
		found = true
		named := p
		if p.by != nil {
			named = *p.by
		}
		seen := who.sees(g.t, named)
		if door.Method != http.MethodGet && seen {
			continue // it would change what the next one asks about
		}
		r := who.ask(door, filled(door.Path, id))
		tried++
		g.read(name, who, r, id)
		if !seen {
			nothing := never
			if kind, _, place := strings.Cut(id, ":"); place {
				nothing = kind + ":" + never // the place of a draft says of which kind it is
			}
			g.same(name, who, p, r, who.ask(door, filled(door.Path, nothing)), id, nothing)
		}
	}
	if !found {
		g.t.Errorf("%s: the matrix has no %s to ask for (plants, publicNouns)", name, noun)
	}
	return tried
}

// tryQueries asks at a door with ids in its query about every hidden thing.
func (g *garden) tryQueries(door access.Door, name string, who asker) (tried int) {
	g.t.Helper()
	for _, query := range queries[name] {
		from, upto := strings.Index(query, "{"), strings.Index(query, "}")
		for _, p := range g.plants {
			id, has := p.ids[query[from+1:upto]]
			if !has || p.by != nil || who.sees(g.t, p) {
				continue
			}
			r := who.client.Get(door.Path + "?" + query[:from] + id)
			g.read(name, who, r, id)
			g.same(name, who, p, r, who.client.Get(door.Path+"?"+query[:from]+never), id, never)
			tried++
		}
	}
	return tried
}

func (a asker) ask(door access.Door, path string) *hookstest.Response {
	if door.Method == http.MethodGet {
		return a.client.Get(path)
	}
	return a.client.Do(door.Method, path, "{}")
}

// same compares an answer about a hidden thing with that about a thing that never was.
func (g *garden) same(name string, who asker, p plant, r, nothing *hookstest.Response, id, lost string) {
	g.t.Helper()
	if strings.HasPrefix(who.name, "admin") && told[name+" by admin"] != "" || name == "GET /marks" && slices.Contains(g.marked, id) {
		return
	}
	if r.Status != nothing.Status || ordered(strings.ReplaceAll(string(r.Body), id, lost)) != ordered(string(nothing.Body)) {
		g.t.Errorf("%s tells %s that a %s exists: %d %s, where nothing is: %d %s", name, who.name, p.thing, r.Status, shortened(string(r.Body)),
			nothing.Status, shortened(string(nothing.Body)))
	}
}

// tryWords asks a door that takes words about every hidden thing, and about a word and an id that never were.
func (g *garden) tryWords(door access.Door, name string, who asker) (tried int) {
	g.t.Helper()
	body := wordDoors[name]
	for _, p := range g.plants {
		if who.sees(g.t, p) || who.client.ID == p.at.Owner {
			continue
		}
		community := p.at.Community
		if who.viewer != nil && who.viewer.Knows(community, p.at.Kind, p.at.Open) {
			community = "" // that it is there is known; its words are asked for
		}
		lost := plant{word: "wumbletrix"}
		tried++
		g.House.Forgive("search by " + who.client.ID) // more is asked here than anybody types in a minute
		r := who.client.Do(door.Method, door.Path, body(p, community))
		nothing := who.client.Do(door.Method, door.Path, body(lost, strings.Repeat("0", len(community))))
		if r.Status != nothing.Status || ordered(strings.ReplaceAll(string(r.Body), p.word, lost.word)) != ordered(string(nothing.Body)) {
			g.t.Errorf("%s tells %s of a %s: %s\nwhere nothing is: %s", name, who.name, p.thing, shortened(string(r.Body)), shortened(string(nothing.Body)))
		}
	}
	return tried
}

// ordered is JSON with its fields in order, and anything else as it is.
func ordered(text string) string {
	var any any
	if json.Unmarshal([]byte(text), &any) != nil {
		return text
	}
	out, err := json.Marshal(any)
	if err != nil {
		return text
	}
	return string(out)
}
