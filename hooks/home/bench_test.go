package home_test

import (
	"net/http"
	"net/http/httptest"
	"syscall"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

// BenchmarkHome is home for a member of every one of sixteen communities with 100,000 posts, who follows two thousand threads, two hundred
// of them with answers, and was away for a week.
func BenchmarkHome(b *testing.B) {
	c := hookstest.New(b)
	lead, me := c.Provider(), c.Patient()
	rooms := []string{}
	for range 16 {
		rooms = append(rooms, c.Community(clinic.KindCondition, []*hookstest.Client{lead}, me))
	}
	run := func(statement string, params dbx.Params) {
		if _, err := c.App.DB().NewQuery(statement).Bind(params).Execute(); err != nil {
			b.Fatal(err)
		}
	}
	start := c.House.Now().AddDate(-2, 0, 0).Unix()
	for _, room := range rooms { // 6,250 posts each, evenly over two years
		params := dbx.Params{"room": room, "author": lead.ID, "start": start, "me": me.ID}
		run(`WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 6249)
			INSERT INTO posts (id, community, author, kind, title, body, html, status, created, updated)
			SELECT lower(hex(randomblob(7))) || 'x', {:room}, {:author}, 'discussion', 'A post ' || i, 'words', '<p>' || hex(randomblob(300)) || '</p>', 'shown',
				strftime('%Y-%m-%d %H:%M:%S.000Z', {:start} + i * 10092, 'unixepoch'), '' FROM n`, params)
		run("UPDATE communities SET posts = 6250, last_post = (SELECT MAX(created) FROM posts WHERE community = {:room}) WHERE id = {:room}", params)
		run(`INSERT INTO follows (id, member, post, community, created, updated) SELECT lower(hex(randomblob(7))) || 'y', {:me}, id, community, created, created
			FROM posts WHERE community = {:room} ORDER BY created DESC LIMIT 125`, params)
	}
	run(`INSERT INTO comments (id, post, community, author, body, html, status, created, updated)
		SELECT lower(hex(randomblob(7))) || 'z', post, community, {:author}, 'words', '<p>words</p>', 'shown', created, created FROM follows LIMIT 200`, dbx.Params{"author": lead.ID})
	run("UPDATE follows SET news = created WHERE EXISTS (SELECT 1 FROM comments c WHERE c.post = follows.post)", nil)
	run("INSERT INTO visits (id, member, since, last) VALUES ('visitvisitvisit', {:me}, {:since}, {:last})", dbx.Params{"me": me.ID,
		"since": access.Date(c.House.Now().AddDate(0, 0, -7)), "last": access.Date(c.House.Now())})
	run("ANALYZE", nil)
	ask := func() {
		request := httptest.NewRequest("GET", clinic.APIPrefix+"/home", nil)
		request.Header.Set("Authorization", "Bearer "+me.Token)
		answer := httptest.NewRecorder()
		c.Handler.ServeHTTP(answer, request)
		if answer.Code != http.StatusOK || answer.Body.Len() < 4_000 {
			b.Fatal(answer.Code, answer.Body)
		}
	}
	ask()
	b.ResetTimer()
	before := processorTime(b)
	for range b.N {
		ask()
	}
	b.ReportMetric(float64((processorTime(b)-before).Microseconds())/float64(b.N), "cpu-µs/op")
}

// processorTime is what a busy machine distorts less than time on the wall.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		b.Fatal(err)
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}
