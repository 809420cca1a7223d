package demo

import (
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/poll"
	"kinward/hooks/review"
)

// hold asks a community something that enough have answered for the results to show, and that is over.
func (s *seeder) hold() error {
	v := vote
	post, err := s.save(clinic.Posts, map[string]any{
		"community": s.rooms[v.room], "author": s.members[v.by].Id, "kind": "poll", "title": v.title, "body": v.text, "status": clinic.Shown,
		clinic.PollAsked: clinic.Poll{Choices: v.choices, Ends: access.Date(s.house.Now().Add(7 * 24 * time.Hour)), Results: clinic.ResultsAtEnd},
	})
	if err != nil {
		return err
	}
	var votes []poll.Vote
	for choice, count := range v.votes {
		for range count {
			votes = append(votes, poll.Vote{Member: s.members[v.voters[len(votes)]].Id, Choice: choice})
		}
	}
	if err := s.app.RunInTransaction(func(tx core.App) error { return poll.Hold(tx, s.house, post.Id, votes) }); err != nil {
		return err
	}
	return s.date(clinic.Posts, post.Id, s.house.Now().Add(-v.ago))
}

// review lets the clinic say what it thinks of some posts.
func (s *seeder) review() error {
	now := s.house.Now()
	for _, r := range reviews {
		post, err := s.app.FindFirstRecordByData(clinic.Posts, "title", r.title)
		if err != nil {
			return err
		}
		is := clinic.Review{Verdict: r.verdict, Note: r.note, By: s.members[r.by].Id, At: access.Date(now), Until: access.Date(now.Add(review.ValidFor))}
		if r.verdict == clinic.Corrected {
			correction, err := s.app.FindFirstRecordByFilter(clinic.Comments, "post = {:post} && author = {:by}", map[string]any{"post": post.Id, "by": is.By})
			if err != nil {
				return err
			}
			is.Correction = correction.Id
		}
		if err := s.app.RunInTransaction(func(tx core.App) error { return review.Put(tx, s.house, post, is) }); err != nil {
			return err
		}
	}
	return nil
}
