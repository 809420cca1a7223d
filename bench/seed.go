package main

import (
	"cmp"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/crypto/bcrypt"

	"kinward/hooks"
	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/markdown"
	"kinward/hooks/policy"
	"kinward/policies"
)

// seeds begin the random numbers by which a practice is filled: the same words for who seeds and for who measures.
var seeds = [2]uint64{2026, 40}

// sizes are how large a practice is.
type sizes struct {
	Members, Communities, Posts, Comments int
}

var (
	small = sizes{Members: 2_000, Communities: 16, Posts: 5_000, Comments: 50_000}
	large = sizes{Members: 40_000, Communities: 16, Posts: 100_000, Comments: 1_000_000}
)

// seeded is what the load needs to know of a practice that was made.
type seeded struct {
	Sizes   sizes
	Edition int      // of what a practice is filled with
	Members []member // who asks: patients, each in one community at least
	// Spots are places in feeds, to read on from; Threads are posts with thirty comments or more. Both by community.
	Spots   map[string][]spot
	Threads map[string][]string
}

type member struct {
	ID, Email   string
	Communities []string
}

type spot struct{ Created, ID string }

const (
	password = "correct horse battery staple"
	readers  = 256 // members who ask during the measurement
	edition  = 2   // a practice that was filled otherwise is made anew
)

// seeder fills one database, in one transaction, with prepared statements.
type seeder struct {
	sizes
	random      *rand.Rand
	tx          *sql.Tx
	words       *writer
	start       time.Time
	members     []string
	roles       []clinic.Role
	communities []string
	inside      [][]int // by community: members, whoever writes most first
	made        []post
}

type post struct {
	id        string
	community int
	created   time.Time
	comments  int
	last      string // the last comment, and the last one that can be answered
	lastTop   string
}

// seed makes a practice in dir, unless the one of these sizes is there already.
func seed(dir string, size sizes) (*seeded, error) {
	known := &seeded{}
	list := filepath.Join(dir, "seeded.json")
	if text, err := os.ReadFile(list); err == nil && json.Unmarshal(text, known) == nil && known.Sizes == size && known.Edition == edition {
		return known, nil
	}
	if err := os.RemoveAll(dir); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	made, err := fill(dir, size)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(made)
	if err != nil {
		return nil, err
	}
	return made, os.WriteFile(list, text, 0o600)
}

// open gives the app on a folder as kinward makes it.
func open(dir string) (core.App, *access.House, error) {
	key, err := clinic.LoadKey(dir+".key", true)
	if err != nil {
		return nil, nil, err
	}
	app := core.NewBaseApp(hooks.Config(dir))
	house := hooks.Register(app, hooks.Options{Options: access.Options{Key: key}, Policies: policies.FS})
	if err := app.Bootstrap(); err != nil {
		return nil, nil, err
	}
	return app, house, app.RunAllMigrations()
}

func fill(dir string, size sizes) (made *seeded, err error) {
	app, house, err := open(dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, app.ClearBootstrap()) }()
	random := rand.New(rand.NewPCG(seeds[0], seeds[1]))
	words, err := newWriter(random)
	if err != nil {
		return nil, err
	}
	s := &seeder{sizes: size, random: random, words: words, start: time.Now().UTC().AddDate(-2, 0, 0)}
	steps := []struct {
		name string
		work func() error
	}{
		{"the practice", func() error { return practice(app, house) }},
		{"members", func() error { return s.within(app, s.addMembers) }},
		{"communities", func() error { return s.within(app, s.addCommunities) }},
		{"posts", func() error { return s.within(app, s.addPosts) }},
		{"comments", func() error { return s.within(app, s.addComments) }},
		{"counts", func() error { return s.within(app, s.count) }},
		{"follows", func() error { return s.within(app, s.addFollows) }},
	}
	for _, step := range steps {
		begun := time.Now()
		if err := step.work(); err != nil {
			return nil, fmt.Errorf("seeding %s: %w", step.name, err)
		}
		fmt.Fprintf(os.Stderr, "seeded %s in %s\n", step.name, time.Since(begun).Round(time.Millisecond))
	}
	if _, err := app.NonconcurrentDB().NewQuery("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)").Execute(); err != nil {
		return nil, err
	}
	return s.list(), nil
}

// practice sets the practice up, with its first provider, and posts the shipped policies.
func practice(app core.App, house *access.House) error {
	users, err := app.FindCollectionByNameOrId(clinic.Users)
	if err != nil {
		return err
	}
	founder := core.NewRecord(users)
	founder.Load(map[string]any{"name": "Dr. Founder", "email": "founder@practice.example", "role": "provider", "rights": []string{"admin"},
		"status": clinic.Active, "language": "en"})
	founder.SetPassword(password)
	if err := house.Save(app, founder); err != nil {
		return err
	}
	practices, err := app.FindCollectionByNameOrId(clinic.Practices)
	if err != nil {
		return err
	}
	record := core.NewRecord(practices)
	record.Load(map[string]any{"name": "Riverside Family Practice", "phone": "555-0100", "language": "en", "founder": founder.Id, "set_up": time.Now()})
	if err := house.Save(app, record); err != nil {
		return err
	}
	return policy.PostShipped(app, house, policies.FS)
}

// within runs a step in one transaction, without the record events: a million comments would take a day with them.
func (s *seeder) within(app core.App, step func() error) error {
	tx, err := app.NonconcurrentDB().(*dbx.DB).DB().Begin()
	if err != nil {
		return err
	}
	s.tx = tx
	if err := step(); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func (s *seeder) id() string {
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789"
	out := make([]byte, core.DefaultIdLength)
	for i := range out {
		out[i] = letters[s.random.IntN(len(letters))]
	}
	return string(out)
}

func (s *seeder) addMembers() error {
	hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.DefaultCost)
	if err != nil {
		return err
	}
	insert, err := s.tx.Prepare(`INSERT INTO users (id, name, email, password, tokenKey, role, status, language, verified, created, updated)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'active', 'en', TRUE, ?7, ?7)`)
	if err != nil {
		return err
	}
	for i := range s.Members {
		role := clinic.Patient
		switch {
		case i < s.Communities*2:
			role = clinic.Provider
		case i < s.Communities*4:
			role = clinic.Staff
		case i%20 == 0:
			role = clinic.Caregiver
		}
		id := s.id()
		s.members, s.roles = append(s.members, id), append(s.roles, role)
		_, err := insert.Exec(id, fmt.Sprintf("%s %d", name(s.random), i), fmt.Sprintf("m%d@people.example", i), string(hash), s.id()+s.id()+s.id()+s.id(),
			string(role), access.Date(s.start))
		if err != nil {
			return err
		}
	}
	_, err = s.tx.Exec(`INSERT INTO acknowledgements (id, member, policy, number, sha256, language, role, method, created, updated)
		SELECT substr(lower(hex(randomblob(8))), 1, 15), u.id, p.id, v.number, v.sha256, 'en', u.role, 'self', v.published, v.published
		FROM users u, policies p JOIN policy_versions v ON v.policy = p.id AND v.language = 'en'
		WHERE p.kind != 'authorization' AND (p.audience = 'everyone' OR (p.audience = 'staff') = (u.role IN ('provider', 'staff')))`)
	if err != nil {
		return err
	}
	_, err = s.tx.Exec(`INSERT INTO authorization_events (id, member, policy, number, sha256, language, role, seq, action, method, created, updated)
		SELECT substr(lower(hex(randomblob(8))), 1, 15), u.id, p.id, v.number, v.sha256, 'en', u.role, 1, 'granted', 'self', v.published, v.published
		FROM users u, policies p JOIN policy_versions v ON v.policy = p.id AND v.language = 'en'
		WHERE p.kind = 'authorization' AND u.role IN ('patient', 'caregiver')`)
	return err
}

// addCommunities makes the communities, each led by two providers; a patient is in one to three of them.
func (s *seeder) addCommunities() error {
	s.inside = make([][]int, s.Communities)
	for c := range s.Communities {
		s.communities = append(s.communities, s.id())
		_, err := s.tx.Exec(`INSERT INTO communities (id, name, kind, status, created, updated) VALUES (?1, ?2, 'condition', 'open', ?3, ?3)`,
			s.communities[c], fmt.Sprintf("%s %d", name(s.random), c), access.Date(s.start))
		if err != nil {
			return err
		}
	}
	insert, err := s.tx.Prepare(`INSERT INTO memberships (id, community, member, lead, created, updated) VALUES (?1, ?2, ?3, ?4, ?5, ?5)`)
	if err != nil {
		return err
	}
	for m := range s.members {
		lead := m < s.Communities*2
		for i, c := range s.random.Perm(s.Communities)[:1+s.random.IntN(min(3, s.Communities))] {
			if lead {
				if c = m % s.Communities; i > 0 {
					break
				}
			}
			s.inside[c] = append(s.inside[c], m)
			if _, err := insert.Exec(s.id(), s.communities[c], s.members[m], lead, access.Date(s.start)); err != nil {
				return err
			}
		}
	}
	for _, members := range s.inside {
		s.random.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
	}
	return nil
}

// addFollows lets whoever wrote in a thread follow it, a tenth of them with answers that they have not read yet, and everybody have
// been at home a week before the end.
func (s *seeder) addFollows() error {
	end := s.start.AddDate(2, 0, 0)
	for _, statement := range []string{
		`INSERT OR IGNORE INTO follows (id, member, post, community, news, created, updated)
			SELECT substr(lower(hex(randomblob(8))), 1, 15), author, id, community, CASE WHEN random() % 10 = 0 THEN created ELSE '' END, created, created FROM posts`,
		`INSERT OR IGNORE INTO follows (id, member, post, community, news, created, updated)
			SELECT substr(lower(hex(randomblob(8))), 1, 15), author, post, community, CASE WHEN random() % 10 = 0 THEN created ELSE '' END, created, created FROM comments`,
	} {
		if _, err := s.tx.Exec(statement); err != nil {
			return err
		}
	}
	_, err := s.tx.Exec(`INSERT INTO visits (id, member, since, last, created, updated)
		SELECT substr(lower(hex(randomblob(8))), 1, 15), id, ?1, ?2, ?2, ?2 FROM users`, access.Date(end.AddDate(0, 0, -7)), access.Date(time.Now()))
	return err
}

// list says what the load may ask for.
func (s *seeder) list() *seeded {
	out := &seeded{Sizes: s.sizes, Edition: edition, Spots: map[string][]spot{}, Threads: map[string][]string{}}
	of := map[int][]string{}
	for c, members := range s.inside {
		for _, m := range members {
			if s.roles[m] == clinic.Patient {
				of[m] = append(of[m], s.communities[c])
			}
		}
	}
	for m, communities := range of {
		out.Members = append(out.Members, member{s.members[m], fmt.Sprintf("m%d@people.example", m), communities})
	}
	slices.SortFunc(out.Members, func(a, b member) int { return cmp.Compare(a.ID, b.ID) })
	out.Members = out.Members[:min(len(out.Members), readers)]
	for i, p := range s.made {
		community := s.communities[p.community]
		if i%max(1, len(s.made)/5_000) == 0 {
			out.Spots[community] = append(out.Spots[community], spot{access.Date(p.created), p.id})
		}
		if p.comments >= 30 {
			out.Threads[community] = append(out.Threads[community], p.id)
		}
	}
	return out
}

// checked proves now and then that joined HTML is the HTML of the joined source.
func checked(p paragraph) (paragraph, error) {
	if markdown.Render(p.source) != p.html {
		return p, fmt.Errorf("this text has other HTML when it is rendered whole: %q", p.source)
	}
	return p, nil
}
