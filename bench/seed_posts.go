package main

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"time"

	"kinward/hooks/access"
)

// author draws who writes in a community: one in a hundred members write three quarters of all, as in four health networks
// (JMIR 2014;16(2):e33).
func (s *seeder) author(community int) string {
	members := s.inside[community]
	loud := max(1, len(members)/100)
	if s.random.IntN(4) > 0 {
		return s.members[members[s.random.IntN(loud)]]
	}
	return s.members[members[s.random.IntN(len(members))]]
}

func (s *seeder) addPosts() error {
	insert, err := s.tx.Prepare(`INSERT INTO posts (id, community, author, kind, title, body, html, status, comments, created, updated)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'shown', 0, ?8, ?8)`)
	if err != nil {
		return err
	}
	kinds := []string{"discussion", "discussion", "discussion", "question", "question", "article"}
	step := time.Since(s.start) / time.Duration(s.Posts+1)
	for i := range s.Posts {
		text, err := s.words.post(), error(nil)
		if i%997 == 0 {
			if text, err = checked(text); err != nil {
				return err
			}
		}
		p := post{id: s.id(), community: s.random.IntN(s.Communities), created: s.start.Add(step * time.Duration(i)).Truncate(time.Millisecond)}
		s.made = append(s.made, p)
		_, err = insert.Exec(p.id, s.communities[p.community], s.author(p.community), kinds[s.random.IntN(len(kinds))], s.words.title(),
			text.source, text.html, access.Date(p.created))
		if err != nil {
			return err
		}
	}
	return nil
}

// remark is one comment that is to be written: at which post and when.
type remark struct {
	at   time.Time
	post int32
}

// remarks spreads the comments over the posts: most posts get a few, some get hundreds. They come in the order of time, as
// they would: the comments of one thread lie far apart in the table.
func (s *seeder) remarks() []remark {
	out := make([]remark, 0, s.Comments)
	mean := float64(s.Comments) / float64(max(1, s.Posts))
	for len(out) < s.Comments && s.Posts > 0 {
		p := s.random.IntN(s.Posts)
		n := min(1+int(pareto(s.random)*mean/3), 500, s.Comments-len(out))
		for range n {
			after := time.Duration(s.random.ExpFloat64() * float64(4*24*time.Hour))
			out = append(out, remark{s.made[p].created.Add(after), int32(p)})
		}
	}
	slices.SortFunc(out, func(a, b remark) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.post, b.post)) })
	return out
}

// pareto draws from a distribution with a mean of about three and a long tail.
func pareto(random *rand.Rand) float64 {
	u := random.Float64()
	return 1 / (1 - u*0.999) * 0.45
}

func (s *seeder) addComments() error {
	insert, err := s.tx.Prepare(`INSERT INTO comments (id, post, community, author, parent, body, html, status, created, updated)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'shown', ?8, ?8)`)
	if err != nil {
		return err
	}
	for i, r := range s.remarks() {
		p := &s.made[r.post]
		text, err := s.words.comment(), error(nil)
		if i%9_973 == 0 {
			if text, err = checked(text); err != nil {
				return err
			}
		}
		id, parent := s.id(), ""
		if s.random.IntN(3) == 0 {
			parent = p.lastTop
		}
		if parent == "" {
			p.lastTop = id
		}
		p.comments++
		p.last = access.Date(r.at)
		_, err = insert.Exec(id, p.id, s.communities[p.community], s.author(p.community), parent, text.source, text.html, p.last)
		if err != nil {
			return err
		}
	}
	return nil
}

// count stores what the record events would have counted. Hardly any of the comments is by who wrote the post.
func (s *seeder) count() error {
	update, err := s.tx.Prepare("UPDATE posts SET comments = ?2, answers = ?2, last_comment = ?3 WHERE id = ?1")
	if err != nil {
		return err
	}
	for _, p := range s.made {
		if p.comments == 0 {
			continue
		}
		if _, err := update.Exec(p.id, p.comments, p.last); err != nil {
			return err
		}
	}
	_, err = s.tx.Exec(`UPDATE communities SET posts = (SELECT COUNT(*) FROM posts WHERE community = communities.id),
		last_post = COALESCE((SELECT MAX(created) FROM posts WHERE community = communities.id), '')`)
	return err
}
