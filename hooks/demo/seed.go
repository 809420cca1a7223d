package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/practice"
)

// Sign is how one sample person signs in.
type Sign struct{ Name, Role, Email string }

// seeder writes the sample practice through the same record events that every other writer passes.
type seeder struct {
	app     core.App
	house   *access.House
	members map[string]*core.Record
	rooms   map[string]string
}

// Seed fills an empty practice with sample people, rooms and posts and returns who can sign in, all with Password.
func Seed(ctx context.Context, app core.App, house *access.House) ([]Sign, error) {
	s := &seeder{app: app, house: house, members: map[string]*core.Record{}, rooms: map[string]string{}}
	founder, err := practice.Found(ctx, app, house, practice.Founding{
		Practice: practice.Words{
			Name: "Riverside Family Practice", Phone: "555-0100", Address: "12 River Road", Language: "en",
			Hours: "Monday to Friday, 8 to 5", Emergency: "Call 911. For thoughts of harming yourself, call or text 988.",
			HoursOther:     "De lunes a viernes, de 8 a 17 horas",
			EmergencyOther: "Llame al 911. Si piensa en hacerse daño, llame o envíe un mensaje de texto al 988.",
		},
		Name: people[0].name, Title: people[0].title, Email: address(people[0]), Password: Password,
	})
	if err != nil {
		return nil, err
	}
	s.members[people[0].key] = founder
	for _, step := range []func() error{s.people, s.acknowledge, s.practise, s.openRooms, s.write, s.hold, s.review, s.fillDesk, s.countAgain} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	var signs []Sign
	for _, p := range people {
		if !p.quiet {
			signs = append(signs, Sign{p.name, p.role, address(p)})
		}
	}
	return signs, nil
}

func address(p person) string { return p.key + "@demo.example" }

func (s *seeder) save(collection string, fields map[string]any) (*core.Record, error) {
	c, err := s.app.FindCollectionByNameOrId(collection)
	if err != nil {
		return nil, err
	}
	record := core.NewRecord(c)
	record.Load(fields)
	if password, ok := fields["password"].(string); ok {
		record.SetPassword(password)
	}
	if err := s.house.Save(s.app, record); err != nil {
		return nil, fmt.Errorf("%s: %w", collection, err)
	}
	return record, nil
}

// people lets everyone but the founder in by an accepted invitation, as the record event asks of any new member.
func (s *seeder) people() error {
	founder, now := s.members[people[0].key].Id, s.house.Now()
	for _, p := range people[1:] {
		invitation, err := s.save(clinic.Invitations, map[string]any{
			"email": address(p), "role": p.role, "language": p.language, "status": "accepted", "proposed_by": founder, "approved_by": founder,
			"approved_at": now, "accepted_at": now, "expires": now.Add(clinic.InvitationLife),
		})
		if err != nil {
			return err
		}
		s.members[p.key], err = s.save(clinic.Users, map[string]any{
			"name": p.name, "title": p.title, "email": address(p), "role": p.role, "rights": p.rights, "status": clinic.Active,
			"language": p.language, "invitation": invitation.Id, "verified": true, "password": Password,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// acknowledge lets everyone but the newcomers have accepted the policies, and granted what is theirs to grant.
func (s *seeder) acknowledge() error {
	versions, err := s.app.FindRecordsByFilter(clinic.PolicyVersions, "id != ''", "number", 0, 0)
	if err != nil {
		return err
	}
	for _, p := range people {
		if p.newcomer {
			continue
		}
		for _, version := range versions {
			policy, err := s.app.FindRecordById(clinic.Policies, version.GetString("policy"))
			if err != nil {
				return err
			}
			if version.GetString("language") != p.language || !clinic.Concerns(policy.GetString("audience"), clinic.Role(p.role)) {
				continue
			}
			word := map[string]any{
				"member": s.members[p.key].Id, "policy": policy.Id, "number": version.GetInt("number"), "sha256": version.GetString("sha256"),
				"language": p.language, "role": p.role, "method": "self",
			}
			collection := clinic.Acknowledgements
			if policy.GetString("kind") == clinic.OwedAuthorization {
				collection, word["action"] = clinic.Authorizations, "granted"
			}
			_, err = s.save(collection, word)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// practise lets everyone but the newcomers have been through their example cases.
func (s *seeder) practise() error {
	examples, err := s.app.FindRecordsByFilter(clinic.Cases, "id != ''", "position", 0, 0)
	if err != nil {
		return err
	}
	for _, p := range people {
		for _, example := range examples {
			if p.newcomer || !slices.Contains(example.GetStringSlice("roles"), p.role) {
				continue
			}
			_, err := s.save(clinic.CaseAnswers, map[string]any{
				"member": s.members[p.key].Id, "example": example.Id, "number": 1, "clause_version": 1, "done": true,
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *seeder) openRooms() error {
	for _, r := range rooms {
		community, err := s.save(clinic.Communities, map[string]any{"name": r.name, "kind": r.kind, "about": r.about, "status": "open"})
		if err != nil {
			return err
		}
		s.rooms[r.key] = community.Id
		for i, key := range append(r.leads[:len(r.leads):len(r.leads)], r.members...) {
			_, err := s.save(clinic.Memberships, map[string]any{"community": community.Id, "member": s.members[key].Id, "lead": i < len(r.leads)})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *seeder) write() error {
	for _, p := range posts {
		record, err := s.save(clinic.Posts, map[string]any{
			"community": s.rooms[p.room], "author": s.members[p.by].Id, "kind": p.kind, "title": p.title, "body": p.text, "status": clinic.Shown,
		})
		if err != nil {
			return err
		}
		at := s.house.Now().Add(-p.ago)
		for i, c := range p.comments {
			answer, err := s.save(clinic.Comments, map[string]any{
				"post": record.Id, "community": s.rooms[p.room], "author": s.members[c.by].Id, "body": c.text, "status": clinic.Shown,
			})
			if err != nil {
				return err
			}
			if err := s.date(clinic.Comments, answer.Id, at.Add(time.Duration(i+1)*37*time.Minute)); err != nil {
				return err
			}
		}
		for _, r := range reactions[p.title] {
			_, err := s.save(clinic.Reactions, map[string]any{"member": s.members[r.by].Id, "piece": record.Id, "kind": r.kind})
			if err != nil {
				return err
			}
		}
		if err := s.date(clinic.Posts, record.Id, at); err != nil {
			return err
		}
	}
	return nil
}

// countAgain puts right what was kept beside the dates that changed.
func (s *seeder) countAgain() error {
	for _, statement := range []string{
		"UPDATE communities SET last_post = COALESCE((SELECT MAX(created) FROM posts WHERE community = communities.id), '')",
		"UPDATE posts SET last_comment = COALESCE((SELECT MAX(created) FROM comments WHERE post = posts.id), '')",
		`UPDATE follows SET news = COALESCE((SELECT MIN(c.created) FROM comments c WHERE c.post = follows.post AND c.author != follows.member
			AND c.created > COALESCE((SELECT MAX(o.created) FROM comments o WHERE o.post = follows.post AND o.author = follows.member), '')), '')`,
		// Members are told of what was written once the practice is open, and read when it happened.
		`UPDATE notification_jobs SET at = COALESCE((SELECT created FROM posts WHERE id = notification_jobs.piece),
			(SELECT created FROM comments WHERE id = notification_jobs.piece), at)`,
	} {
		if _, err := s.app.DB().NewQuery(statement).Execute(); err != nil {
			return err
		}
	}
	return nil
}

// date lets a sample look as if it had been written before now.
func (s *seeder) date(table, id string, at time.Time) error {
	_, err := s.app.DB().NewQuery("UPDATE " + table + " SET created = {:at} WHERE id = {:id}").
		Bind(dbx.Params{"at": access.Date(at), "id": id}).Execute()
	return err
}
