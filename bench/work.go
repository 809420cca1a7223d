package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// work is one thing that people do, in the words of each system.
type work struct {
	name, ask      string
	ratio          float64 // what is asked: Kinward's cost over the floor's is at most this; 0: nothing is asked
	kinward, floor maker
	bare           bool          // compared with net/http, too
	clients        int           // 0: the usual
	most           int           // of requests that one client makes in a turn; 0: as many as it can
	limit          time.Duration // what one request of Kinward's may cost; 0: nothing is asked
}

func works() []work {
	return []work{
		{name: "feed page, 20 posts", ask: "≥ 5× cheaper", ratio: 1.0 / 5, kinward: feed, floor: floorFeed, bare: true},
		{name: "feed page, known and unchanged (304)", kinward: unchanged},
		{name: "feed page further down, never kept", ask: "≥ 5× cheaper", ratio: 1.0 / 5, kinward: further, floor: floorFurther},
		{name: "thread, 30 comments, one of thousands", ask: "≥ 5× cheaper", ratio: 1.0 / 5, kinward: thread, floor: floorThread, bare: true},
		{name: "thread, 30 comments, one that many read", ask: "≥ 5× cheaper", ratio: 1.0 / 5, kinward: talked, floor: floorTalked, bare: true},
		{name: "post, with rules, Markdown, key, audit", ask: "≤ 1.5× the floor", ratio: 1.5, kinward: write, floor: floorWrite},
		{name: "search, a word of what was written", ask: "≤ 3 ms", limit: 3 * time.Millisecond, kinward: search, floor: floorSearch, clients: 32, most: 10},
		{name: "search, with a typing error", kinward: searchMistyped, clients: 32, most: 5},
		{name: "home, new in all my communities and what waits", ask: "≤ 3 ms", limit: 3 * time.Millisecond, kinward: home},
		{name: "sign-in", kinward: signIn, floor: floorSignIn, clients: 4},
	}
}

// worksNamed are the works that have a text in their name: all for an empty one.
func worksNamed(part string) []work {
	return slices.DeleteFunc(works(), func(w work) bool { return !strings.Contains(w.name, part) })
}

func get(c *client, s *server, path string) request {
	r := mustRequest("GET", s.base+path, "")
	r.Header.Set("Authorization", "Bearer "+c.tokens[s.name])
	return request{Request: r, want: http.StatusOK}
}

func post_(c *client, s *server, path string, body any, want int) request {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err) // maps of strings
	}
	r := mustRequest("POST", s.base+path, string(text))
	r.Header.Set("Authorization", "Bearer "+c.tokens[s.name])
	return request{Request: r, want: want}
}

func feed(c *client, s *server) request {
	return get(c, s, "/api/clinic/communities/"+pick(c, c.Communities)+"/posts")
}

// unchanged sends the name of the page that the client has already, as the page in a browser does.
func unchanged(c *client, s *server) request {
	r := feed(c, s)
	path := r.URL.Path
	if tag := c.tags[path]; tag != "" {
		r.Header.Set("If-None-Match", tag)
	}
	r.seen = func(answer *http.Response) { c.tags[path] = answer.Header.Get("ETag") }
	return r
}

func further(c *client, s *server) request {
	community := pick(c, c.Communities)
	return get(c, s, "/api/clinic/communities/"+community+"/posts?before="+pick(c, c.seeded.Spots[community]).cursor())
}

func thread(c *client, s *server) request {
	return get(c, s, "/api/clinic/posts/"+pick(c, c.seeded.Threads[c.threaded()]))
}

func talked(c *client, s *server) request {
	return get(c, s, "/api/clinic/posts/"+c.seeded.Threads[c.threaded()][0])
}

func write(c *client, s *server) request {
	c.number++
	title, text := c.words.clean()
	r := post_(c, s, "/api/clinic/communities/"+pick(c, c.Communities)+"/posts",
		map[string]string{"kind": "discussion", "title": title, "body": text.source}, http.StatusCreated)
	r.Header.Set("Idempotency-Key", fmt.Sprintf("%s-%d-%d", c.ID, c.number, c.random.Uint64()))
	return r
}

// home asks for what is new since a week, and for the answers and mentions that wait.
func home(c *client, s *server) request { return get(c, s, "/api/clinic/home") }

// search looks for a word that is neither everywhere nor nowhere. A member may do so once a second, so each asks seldom.
func search(c *client, s *server) request {
	return post_(c, s, "/api/clinic/search", map[string]string{"q": c.words.sought()}, http.StatusOK)
}

// searchMistyped looks for a word of which two letters changed places.
func searchMistyped(c *client, s *server) request {
	letters := []rune(c.words.sought())
	at := 1 + c.random.IntN(len(letters)-2)
	letters[at], letters[at+1] = letters[at+1], letters[at]
	return post_(c, s, "/api/clinic/search", map[string]string{"q": string(letters)}, http.StatusOK)
}

// floorSearch is what PocketBase's filters have for it: LIKE.
func floorSearch(c *client, s *server) request {
	word := c.words.sought()
	return list(c, s, "posts", "community='"+pick(c, c.Communities)+"' && (title~'"+word+"' || body~'"+word+"')", "-created", 20)
}

// signIn comes from an address of its own each time: the practice throttles one address.
func signIn(c *client, s *server) request {
	r := post_(c, s, "/api/clinic/session", map[string]string{"email": pick(c, c.seeded.Members).Email, "password": password}, http.StatusOK)
	r.Header.Del("Authorization")
	r.Header.Set("X-Forwarded-For", fmt.Sprintf("10.%d.%d.%d", c.random.IntN(256), c.random.IntN(256), c.random.IntN(256)))
	return r
}

// list asks the record API for one page of a collection, with each author, without the total.
func list(c *client, s *server, collection, filter, sort string, fits int) request {
	query := url.Values{"filter": {filter}, "sort": {sort}, "perPage": {fmt.Sprint(fits)}, "skipTotal": {"1"}, "expand": {"author"}}
	return get(c, s, "/api/collections/"+collection+"/records?"+query.Encode())
}

func floorFeed(c *client, s *server) request {
	return list(c, s, "posts", "community='"+pick(c, c.Communities)+"'", "-created", 20)
}

func floorFurther(c *client, s *server) request {
	community := pick(c, c.Communities)
	at := pick(c, c.seeded.Spots[community])
	return list(c, s, "posts", "community='"+community+"' && created<'"+at.Created+"'", "-created", 20)
}

// floorThread asks for the comments alone, and so for less than Kinward's thread, which brings the post.
func floorThread(c *client, s *server) request {
	return list(c, s, "comments", "post='"+pick(c, c.seeded.Threads[c.threaded()])+"'", "created", 30)
}

func floorTalked(c *client, s *server) request {
	return list(c, s, "comments", "post='"+c.seeded.Threads[c.threaded()][0]+"'", "created", 30)
}

// floorWrite stores what it is given: no Markdown, no idempotency, no audit record.
func floorWrite(c *client, s *server) request {
	title, text := c.words.clean() // the same words, and the same work of choosing them
	return post_(c, s, "/api/collections/posts/records", map[string]string{"community": pick(c, c.Communities), "author": c.ID, "kind": "discussion",
		"status": "shown", "title": title, "body": text.source, "html": text.html}, http.StatusOK)
}

func floorSignIn(c *client, s *server) request {
	r := post_(c, s, "/api/collections/users/auth-with-password", map[string]string{"identity": pick(c, c.seeded.Members).Email, "password": password},
		http.StatusOK)
	r.Header.Del("Authorization")
	return r
}

func bare(_ *client, s *server) request {
	return request{Request: mustRequest("GET", s.base+"/", ""), want: http.StatusOK}
}

// mixed is what a busy hour is made of.
func mixed(c *client, s *server) request {
	switch n := c.random.IntN(100); {
	case n < 45:
		return feed(c, s)
	case n < 55:
		return further(c, s)
	case n < 90:
		return thread(c, s)
	case n < 99:
		return write(c, s)
	}
	return signIn(c, s)
}

func floorMixed(c *client, s *server) request {
	switch n := c.random.IntN(100); {
	case n < 45:
		return floorFeed(c, s)
	case n < 55:
		return floorFurther(c, s)
	case n < 90:
		return floorThread(c, s)
	case n < 99:
		return floorWrite(c, s)
	}
	return floorSignIn(c, s)
}
