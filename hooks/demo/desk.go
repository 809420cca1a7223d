package demo

import (
	"strings"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/moderation"
)

// fillDesk leaves something to decide: a post that was held back, and a comment that a member reported.
func (s *seeder) fillDesk() error {
	w := waiting
	version, say, err := s.posted("community-guidelines", w.clause)
	if err != nil {
		return err
	}
	before, _, _ := strings.Cut(w.text, w.found)
	start := utf8.RuneCountInString(before)
	post, err := s.save(clinic.Posts, map[string]any{
		"community": s.rooms[w.room], "author": s.members[w.by].Id, "kind": "discussion", "title": w.title, "body": w.text,
		"status": clinic.Held, clinic.FoundIn: []map[string]any{{
			"id": "sample", "check": "identifier", "family": "identifier", "detector": "phone", "policy": "community-guidelines",
			"policy_title": "Community guidelines", "clause": w.clause, "action": "hold", "say": say, "version": version,
			"start": start, "end": start + utf8.RuneCountInString(w.found),
		}},
	})
	if err != nil {
		return err
	}
	if err := s.date(clinic.Posts, post.Id, s.house.Now().Add(-w.ago)); err != nil {
		return err
	}
	at := access.Date(s.house.Now().Add(-w.ago))
	_, err = s.app.DB().NewQuery("UPDATE holds SET opened = {:at}, since = {:at} WHERE post = {:post}").
		Bind(dbx.Params{"at": at, "post": post.Id}).Execute()
	if err != nil {
		return err
	}
	return s.flag()
}

// posted gives a policy's version and what its check on a clause says there, in English as the sample's author reads it.
func (s *seeder) posted(slug, clause string) (version int, say string, err error) {
	err = s.app.DB().NewQuery(`SELECT v.number, json_extract(c.value, '$.say') FROM policies p JOIN policy_versions v ON v.policy = p.id AND v.language = 'en',
		json_each(v.checks) c WHERE p.slug = {:slug} AND json_extract(c.value, '$.clause') = {:clause} ORDER BY v.number DESC LIMIT 1`).
		Bind(dbx.Params{"slug": slug, "clause": clause}).Row(&version, &say)
	return version, say, err
}

func (s *seeder) flag() error {
	f := flagged
	var about string
	err := s.app.DB().NewQuery("SELECT id FROM posts WHERE community = {:room} ORDER BY created DESC LIMIT 1").
		Bind(dbx.Params{"room": s.rooms[f.room]}).Row(&about)
	if err != nil {
		return err
	}
	comment, err := s.save(clinic.Comments, map[string]any{
		"post": about, "community": s.rooms[f.room], "author": s.members[f.by].Id, "body": f.text, "status": clinic.Shown,
		clinic.DecidedBy: clinic.Decision{}, // no check looks at it: it is here to be reported
	})
	if err != nil {
		return err
	}
	if err := s.date(clinic.Comments, comment.Id, s.house.Now().Add(-f.ago)); err != nil {
		return err
	}
	return s.app.RunInTransaction(func(tx core.App) error {
		return moderation.Report(tx, s.house, s.members[f.reporter].Id, about, comment.Id, f.reason, f.words)
	})
}
