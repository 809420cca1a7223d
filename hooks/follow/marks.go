package follow

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/pocketbase/dbx"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// own is everything in which a page of posts and comments differs from one viewer to the next, so that the pages themselves are
// the same for all.
type own struct {
	Reactions map[string][]string `json:"reactions"` // by piece: kinds
	Saved     []string            `json:"saved"`
	Follows   []string            `json:"follows"`
	Muted     muted               `json:"muted"`
	Blocked   []string            `json:"blocked"`
}

type muted struct {
	Posts       []string `json:"posts"`
	Communities []string `json:"communities"`
}

// scope is what GET /marks is asked about: conditions on a row of reactions or saves, and on one of follows.
type scope struct {
	pieces, posts string
	value         any
}

// scopeOf reads ?post=, ?community= or ?pieces=a,b,c. A community means its newest sixty posts: three pages of its feed.
func scopeOf(query func(name string) string) (scope, error) {
	const within = "IN (SELECT value FROM json_each({:it}))"
	const newest = "IN (SELECT id FROM posts WHERE community = {:it} ORDER BY created DESC, id DESC LIMIT 60)"
	switch {
	case query("post") != "":
		return scope{"post = {:it}", "post = {:it}", query("post")}, nil
	case query("community") != "":
		return scope{"piece " + newest, "post " + newest, query("community")}, nil
	}
	ids := strings.FieldsFunc(query("pieces"), func(r rune) bool { return r == ',' })
	if len(ids) > mostPieces {
		return scope{}, clinic.Faults(tooManyPieces)
	}
	if ids == nil {
		ids = []string{}
	}
	text, err := json.Marshal(ids)
	return scope{"piece " + within, "post " + within, string(text)}, err
}

const (
	givenQuery      = "SELECT piece, kind FROM reactions WHERE member = {:member} AND "
	savedOfQuery    = "SELECT piece FROM saves WHERE member = {:member} AND "
	followsOfQuery  = "SELECT post FROM follows WHERE member = {:member} AND "
	mutedPostsQuery = "SELECT post FROM mutes WHERE member = {:member} AND post != ''"
	mutedRoomsQuery = "SELECT community FROM mutes WHERE member = {:member} AND post = ''"
	blockedQuery    = "SELECT blocked FROM blocks WHERE member = {:member}"
)

// marks gives what the viewer has marked. Only rows of their own are ever read: what they may not see has none.
func (d *desk) marks(e *access.Event) error {
	s, err := scopeOf(e.Request.URL.Query().Get)
	if err != nil {
		return err
	}
	params := dbx.Params{"member": e.Viewer.ID, "it": s.value}
	out := own{Reactions: map[string][]string{}, Saved: []string{}, Follows: []string{}, Muted: muted{[]string{}, []string{}}, Blocked: []string{}}
	var given []struct {
		Piece string `db:"piece"`
		Kind  string `db:"kind"`
	}
	err = d.app.DB().NewQuery(givenQuery + s.pieces).Bind(params).All(&given)
	if err != nil {
		return err
	}
	for _, one := range given {
		out.Reactions[one.Piece] = append(out.Reactions[one.Piece], one.Kind)
	}
	for query, into := range map[string]*[]string{
		savedOfQuery + s.pieces: &out.Saved, followsOfQuery + s.posts: &out.Follows, mutedPostsQuery: &out.Muted.Posts,
		mutedRoomsQuery: &out.Muted.Communities, blockedQuery: &out.Blocked,
	} {
		if err := d.app.DB().NewQuery(query).Bind(params).Column(into); err != nil {
			return err
		}
	}
	return e.Write(http.StatusOK, out)
}
