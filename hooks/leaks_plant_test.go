package hooks_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"
	"time"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
	"kinward/hooks/notification"
)

// plant is one thing in the practice, with a word that stands nowhere else.
type plant struct {
	thing, word string
	at          access.Spot
	// ids are the values of a path by which somebody could ask for it, by the noun before them: "posts", "communities".
	ids map[string]string
	// secret are further strings that tell of it: its id, where ids of its kind are not public.
	secret []string
	// by is what those ids name, if it is not the thing itself: a post of which an earlier text is hidden, is there for many.
	by *plant
}

// garden is a practice with one of each thing in each kind of community.
type garden struct {
	*hookstest.Clinic
	t            *testing.T
	lead, author *hookstest.Client
	main         access.Spot // the community that half of the callers are in
	room         access.Spot // the provider room, which an outside doctor is in
	plants       []plant
	words        []string
	reporter     *hookstest.Client
	falls        func()   // holds a post under which something was answered, once everybody is there
	saved        []string // what all save, follow and mute before
	marked       []string // the ids of it
}

// words of no language: no search for one finds another, however forgiving.
var unheardOf = strings.Fields(`brovantil kesmurdo quilfandor zamiketto drupelind wexomarra fintabuso gorlequith hapzunder jylocreff
	mivantosk nubrexal ospicuden pravolisk rotundexi sablinquor tevrozand ulmighast vackorim xenduplor yastrimol zoprelluc bintarveck
	culdaroni dwimbarel ethroguss flamvodi gristekal hovumpard ixtolaben jorvanite klastubir lomdefrix mostaruvi nerblotik ovaskrund
	pilgrozem quoddarif ristaplom snavoretti trulgimash umbrestok vilnatroc wosperadi xabrindul yoltemavi zhukrando`)

func (g *garden) word() string {
	g.t.Helper()
	if len(g.words) == 0 {
		g.t.Fatal("the garden is larger than its list of words")
	}
	w := g.words[0]
	g.words = g.words[1:]
	return w
}

func (g *garden) need(r *hookstest.Response, status int) string {
	g.t.Helper()
	if r.Status != status {
		g.t.Fatalf("%d %s, want %d", r.Status, r.Body, status)
	}
	return hookstest.Into[struct{ ID string }](r).ID
}

// newGarden opens the practice. What is written with "tobeheld" in it is held, as a check would hold it.
func newGarden(t *testing.T) *garden {
	t.Helper()
	c := hookstest.New(t)
	g := &garden{Clinic: c, t: t, lead: c.Provider(), author: c.Patient(), reporter: c.Patient(), words: unheardOf}
	c.HoldWord("tobeheld")
	for _, kind := range clinic.CommunityKinds {
		at := g.community(kind)
		switch kind {
		case clinic.KindCondition:
			g.main = at
		case clinic.KindProviderRoom:
			g.room = at
		}
		g.pieces(at)
	}
	g.others()
	return g
}

// writer is who writes in a community: a patient where patients are, else its lead.
func (g *garden) writer(at access.Spot) *hookstest.Client {
	if at.Kind == clinic.KindStaffRoom || at.Kind == clinic.KindProviderRoom {
		return g.lead
	}
	return g.author
}

func (g *garden) community(kind string) access.Spot {
	word := g.word()
	id := g.need(g.lead.Post("/communities", map[string]any{"name": "Room " + word, "kind": kind, "about": "About " + word}), http.StatusCreated)
	at := access.Spot{Community: id, Kind: kind, Open: true}
	if writer := g.writer(at); writer != g.lead {
		g.Join(id, writer, false)
		g.Join(id, g.reporter, false)
	}
	g.plants = append(g.plants, plant{thing: "community", word: word, at: at, ids: map[string]string{"communities": id}, secret: []string{id}})
	return at
}

// piece writes a post, or a comment under a post.
func (g *garden) piece(at access.Spot, post, status string) plant {
	by, word := g.writer(at), g.word()
	body, want := "Here is "+word, http.StatusCreated
	if status == clinic.Held {
		body, want = body+" tobeheld", http.StatusAccepted
	}
	p := plant{thing: "post", word: word, at: at}
	p.at.Owner, p.at.Status = by.ID, status
	if post == "" {
		id := g.need(by.Post("/communities/"+at.Community+"/posts", map[string]any{"kind": "discussion", "title": "T", "body": body}), want)
		p.ids, p.secret = map[string]string{"posts": id}, []string{id}
	} else {
		id := g.need(by.Post("/posts/"+post+"/comments", map[string]any{"body": body}), want)
		p.thing, p.ids, p.secret = "comment", map[string]string{"comments": id}, []string{id}
	}
	g.plants = append(g.plants, p)
	return p
}

// pieces puts posts and comments into a community: shown, held, changed, deleted and reported.
func (g *garden) pieces(at access.Spot) {
	shown := g.piece(at, "", "shown")
	id := shown.ids["posts"]
	g.piece(at, id, "shown")
	if at.Kind != clinic.KindCondition {
		return // once is enough for what is the same everywhere
	}
	g.piece(at, "", clinic.Held)
	g.piece(at, id, clinic.Held)

	changed := g.piece(at, "", "shown")
	g.need(g.author.Patch("/posts/"+changed.ids["posts"], map[string]any{"body": "Something else now"}), http.StatusOK)
	before := &g.plants[len(g.plants)-1]
	before.thing, before.secret, before.by = "earlier text", nil, &changed

	deleted := g.piece(at, "", "shown")
	g.need(g.author.Delete("/posts/"+deleted.ids["posts"]), http.StatusNoContent)
	gone := &g.plants[len(g.plants)-1]
	gone.thing, gone.secret, gone.by = "earlier text", nil, &deleted

	g.answered(at)
	g.poll(at)
	g.file(at, "shown")
	g.described(at)
	g.file(at, clinic.Held)

	word := g.word()
	g.need(g.reporter.Post("/posts/"+id+"/report", map[string]any{"reason": "other", "words": word}), http.StatusCreated)
	g.plants = append(g.plants, plant{thing: "report", word: word, at: access.Spot{Community: at.Community, Kind: at.Kind, Open: true, Owner: g.reporter.ID}})
}

// answered plants a post with an answer that is reviewed. Once all have saved both, the post is changed and held: the answer, shown
// itself, is hidden with it.
func (g *garden) answered(at access.Spot) {
	post := g.piece(at, "", "shown")
	id := post.ids["posts"]
	answer := g.piece(at, id, "shown")
	comment := answer.ids["comments"]
	g.need(g.lead.Post("/comments/"+comment+"/review", map[string]any{"verdict": clinic.Accurate,
		"until": g.House.Now().Add(10 * 24 * time.Hour).UTC().Format(time.RFC3339)}), http.StatusCreated)
	held, under, title := len(g.plants)-2, len(g.plants)-1, g.word()
	shown := at
	shown.Status = clinic.Shown
	g.carried(shown, "/posts/"+id+"/comments", map[string]any{"body": "A picture."}, http.StatusCreated)
	pictured := len(g.plants) - 1
	g.falls = func() {
		g.need(g.author.Patch("/posts/"+id, map[string]any{"title": title, "body": "Here is " + post.word + " tobeheld"}), http.StatusAccepted)
		g.plants[held].at.Status = clinic.Held
		g.plants[held].secret = append(g.plants[held].secret, title)
		g.plants[under].at.Above = &access.Standing{Author: g.author.ID, Status: clinic.Held}
		g.plants[pictured].at.Above = g.plants[under].at.Above
	}
	g.marked = []string{id, comment}
	g.saved = []string{"/posts/" + id + "/save", "/posts/" + id + "/follow", "/posts/" + id + "/mute", "/comments/" + comment + "/save"}
}

// poll asks something, in a choice of which stands the word.
func (g *garden) poll(at access.Spot) {
	word := g.word()
	id := g.need(g.author.Post("/communities/"+at.Community+"/posts", map[string]any{"kind": "poll", "title": "T", "body": "Which?",
		"poll": map[string]any{"choices": []string{"This", "That " + word}, "ends": g.House.Now().Add(48 * time.Hour).UTC().Format(time.RFC3339)}}), http.StatusCreated)
	at.Owner, at.Status = g.author.ID, "shown"
	g.plants = append(g.plants, plant{thing: "poll", word: word, at: at, ids: map[string]string{"posts": id, "polls": id}, secret: []string{id}})
}

// file puts a picture to a post. Its name is the word.
func (g *garden) file(at access.Spot, status string) {
	body, want := "A picture.", http.StatusCreated
	if status == clinic.Held {
		body, want = body+" tobeheld", http.StatusAccepted
	}
	at.Status = status
	g.carried(at, "/communities/"+at.Community+"/posts", map[string]any{"kind": "discussion", "title": "T", "body": body}, want)
}

// described has other words wait for the picture that was planted last.
func (g *garden) described(at access.Spot) {
	file, word := g.plants[len(g.plants)-1], g.word()
	g.need(g.author.Patch("/files/"+file.ids["files"], map[string]any{"alt": "It is " + word + " tobeheld"}), http.StatusAccepted)
	at.Owner = g.author.ID
	g.plants = append(g.plants, plant{thing: "waiting words of a file", word: word, at: at, ids: file.ids, by: &file})
}

// carried writes a post or comment of the author's that carries a picture.
func (g *garden) carried(at access.Spot, path string, form map[string]any, want int) {
	word := g.word()
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		g.t.Fatal(err)
	}
	id := g.need(g.author.Post("/files", map[string]any{"name": word + ".png", "bytes": picture.Len(), "community": at.Community}), http.StatusCreated)
	g.need(g.author.Do("PUT", "/files/"+id+"/content?from=0", picture.String()), http.StatusCreated)
	form["files"] = []string{id}
	g.need(confirmed(g.author, path, form), want)
	at.Owner = g.author.ID
	g.plants = append(g.plants, plant{thing: "file", word: word, at: at, ids: map[string]string{"files": id}, secret: []string{id}})
}

// confirmed sends words, and sends them again saying that what is asked about them is meant: a picture may show a person.
func confirmed(by *hookstest.Client, path string, form map[string]any) *hookstest.Response {
	asked := hookstest.Into[struct {
		Data struct {
			Error struct {
				Params struct{ Findings []struct{ ID string } }
			}
		}
	}](by.Post(path, form))
	confirm := []string{}
	for _, finding := range asked.Data.Error.Params.Findings {
		confirm = append(confirm, finding.ID)
	}
	form["confirm"] = confirm
	return by.Post(path, form)
}

// notified has the lead answer the author, and waits until the author is told.
func (g *garden) notified() {
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- notification.Run(ctx, g.App) }()
	g.t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			g.t.Error(err)
		}
	})
	post := g.need(g.author.Post("/communities/"+g.main.Community+"/posts", map[string]any{"kind": "discussion", "title": "T", "body": "How do you sleep?"}), http.StatusCreated)
	g.need(g.lead.Post("/posts/"+post+"/comments", map[string]any{"body": "With the window open."}), http.StatusCreated)
	deadline, tick := time.After(20*time.Second), time.NewTicker(20*time.Millisecond)
	defer tick.Stop()
	for {
		told := hookstest.Into[struct{ Items []struct{ ID string } }](g.author.Get("/notifications")).Items
		if len(told) > 0 {
			id := told[0].ID
			g.plants = append(g.plants, plant{thing: "notification", word: id, at: access.Spot{Owner: g.author.ID}, ids: map[string]string{"notifications": id}})
			return
		}
		select {
		case <-deadline:
			g.t.Fatal("the author is told nothing")
		case <-tick.C:
		}
	}
}

// others puts in what belongs to no post.
func (g *garden) others() {
	g.notified()
	word := g.word()
	place := "community:" + g.main.Community
	g.need(g.author.Put("/drafts/"+place, map[string]any{"title": "", "body": word, "kind": "discussion"}), http.StatusOK)
	g.plants = append(g.plants, plant{thing: "draft", word: word, at: access.Spot{Owner: g.author.ID}, ids: map[string]string{"drafts": place}})

	name := hookstest.Into[struct{ Name string }](g.author.Get("/me")).Name
	at := g.main
	at.Owner = g.author.ID
	person := plant{thing: "person", word: name, at: at, ids: map[string]string{"members": g.author.ID}}
	g.plants = append(g.plants, person, plant{thing: "address", word: g.author.Email, at: at, ids: person.ids, by: &person})

	visitor, seen := g.Outside(), g.room // who is among the providers is theirs to know
	g.Join(seen.Community, visitor, false)
	seen.Owner = visitor.ID
	g.plants = append(g.plants, plant{thing: "person", word: hookstest.Into[struct{ Name string }](visitor.Get("/me")).Name, at: seen,
		ids: map[string]string{"members": visitor.ID}})

	word = g.word()
	invitation := g.need(g.lead.Post("/invitations", map[string]any{"email": word + "@patients.example", "role": "patient", "communities": []string{g.main.Community}}),
		http.StatusCreated)
	g.plants = append(g.plants, plant{thing: "invitation", word: word, ids: map[string]string{"invitations": invitation}, secret: []string{invitation}})

	word = g.word()
	asker := g.NewToCases(clinic.Patient)
	g.Join(g.main.Community, asker, false)
	due := hookstest.Into[struct{ Items []struct{ ID string } }](asker.Get("/cases"))
	if len(due.Items) == 0 {
		g.t.Fatal("nobody has a case to ask about")
	}
	g.need(asker.Post("/cases/"+due.Items[0].ID+"/questions", map[string]any{"question": "Why is " + word + " so?"}), http.StatusCreated)
	g.plants = append(g.plants, plant{thing: "case question", word: word, at: access.Spot{Community: g.main.Community, Kind: g.main.Kind, Open: true, Owner: asker.ID}})

	word = g.word()
	policy := hookstest.Into[struct{ Revision int }](g.Founder().Get("/manage/policies/privacy"))
	g.need(g.Founder().Put("/manage/policies/privacy/draft", map[string]any{"revision": policy.Revision,
		"texts": map[string]any{"en": map[string]any{"title": "Privacy", "summary": "", "body": "# Draft " + word}}}), http.StatusOK)
	g.plants = append(g.plants, plant{thing: "policy draft", word: word})

	word = g.word()
	one := hookstest.Into[struct{ Items []struct{ Slug string } }](g.Founder().Get("/manage/cases")).Items[0].Slug
	g.need(g.Founder().Put("/manage/cases/"+one+"/draft", map[string]any{"texts": map[string]any{"en": map[string]any{"title": "Draft " + word}}}), http.StatusOK)
	g.plants = append(g.plants, plant{thing: "case draft", word: word, ids: map[string]string{"manage/cases": one}})
}
