package hookstest

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// Password is every test member's.
const Password = "correct horse battery staple"

// Founder is the first provider, an admin.
func (c *Clinic) Founder() *Client { return c.client(c.founder) }

// Provider adds a provider who has acknowledged every policy, signed in.
func (c *Clinic) Provider(rights ...string) *Client { return c.Member(clinic.Provider, rights...) }

// Staff adds a member of the staff likewise.
func (c *Clinic) Staff(rights ...string) *Client { return c.Member(clinic.Staff, rights...) }

// Patient adds a patient likewise.
func (c *Clinic) Patient() *Client { return c.Member(clinic.Patient) }

// Caregiver adds a caregiver likewise.
func (c *Clinic) Caregiver() *Client { return c.Member(clinic.Caregiver) }

// Outside adds an outside doctor likewise, who is in no room yet.
func (c *Clinic) Outside() *Client { return c.Member(clinic.Outside) }

// Member adds a member of a role who owes nothing, signed in.
func (c *Clinic) Member(role clinic.Role, rights ...string) *Client {
	c.t.Helper()
	record := c.invited(role, rights)
	c.acknowledge(record)
	c.grant(record)
	c.practise(record.Id)
	return c.client(record)
}

// Owing adds a member who has acknowledged nothing yet, signed in.
func (c *Clinic) Owing(role clinic.Role, rights ...string) *Client {
	return c.client(c.invited(role, rights))
}

// NewToCases adds a member who has acknowledged every policy and been through no example case yet, signed in.
func (c *Clinic) NewToCases(role clinic.Role) *Client {
	c.t.Helper()
	record := c.invited(role, nil)
	c.acknowledge(record)
	c.grant(record)
	return c.client(record)
}

// Ungranted adds a member who has acknowledged every policy and granted no authorization, signed in.
func (c *Clinic) Ungranted(role clinic.Role) *Client {
	c.t.Helper()
	record := c.invited(role, nil)
	c.acknowledge(record)
	c.practise(record.Id)
	return c.client(record)
}

// Become gives a member another role, by an invitation of the founder's that they accept, and signs them in with the session that this
// gives them.
func (c *Clinic) Become(m *Client, role clinic.Role) {
	c.t.Helper()
	founder := c.Founder()
	made := Into[struct{ ID string }](founder.Post("/invitations", map[string]any{"email": m.Email, "role": role}))
	_, token, _ := strings.Cut(Into[struct{ Link string }](founder.Post("/invitations/"+made.ID+"/link", map[string]any{})).Link, "#")
	r := m.Post("/invitations/accept", map[string]any{"token": token})
	if r.Status != http.StatusCreated {
		c.t.Fatalf("becoming %s: %d %s", role, r.Status, r.Body)
	}
	m.Token = c.SignedIn(m.ID).Token
}

// Operator is who runs the server: a superuser of PocketBase at the dashboard, and no member.
func (c *Clinic) Operator() *Client {
	c.t.Helper()
	collection, err := c.App.FindCollectionByNameOrId(core.CollectionNameSuperusers)
	c.must(err)
	record := core.NewRecord(collection)
	record.SetEmail(security.RandomStringWithAlphabet(8, "abcdefghijkmnpqrstuvwxyz") + "@operator.example")
	record.SetPassword(Password)
	c.must(c.App.Save(record))
	token, err := record.NewAuthToken()
	c.must(err)
	return &Client{ID: record.Id, Email: record.Email(), Token: token, c: c}
}

// practise notes that a member has been through every example case. Call it before anything asks for them.
func (c *Clinic) practise(member string) {
	c.t.Helper()
	_, err := c.App.DB().NewQuery(`INSERT INTO case_answers (id, member, example, number, clause_version, done)
		SELECT substr(lower(hex(randomblob(8))), 1, 15), {:member}, id, 1, MAX(1, clause_changed), TRUE FROM cases`).Bind(dbx.Params{"member": member}).Execute()
	c.must(err)
}

// invited makes a member as an accepted invitation does, without the mail: the record events ask for the same proof.
func (c *Clinic) invited(role clinic.Role, rights []string) *core.Record {
	c.t.Helper()
	collection, err := c.App.FindCollectionByNameOrId(clinic.Invitations)
	c.must(err)
	invitation := core.NewRecord(collection)
	email := fmt.Sprintf("%s-%s@people.example", role, security.RandomStringWithAlphabet(8, "abcdefghijkmnpqrstuvwxyz"))
	invitation.Load(map[string]any{
		"email": email, "role": string(role), "status": "accepted", "proposed_by": c.founder.Id, "approved_by": c.founder.Id,
		"approved_at": c.House.Now(), "accepted_at": c.House.Now(), "expires": c.House.Now().Add(clinic.InvitationLife), "language": "en",
	})
	c.must(c.House.Save(c.App, invitation))
	return c.member(email, role, rights, invitation.Id)
}

func (c *Clinic) member(email string, role clinic.Role, rights []string, invitation string) *core.Record {
	c.t.Helper()
	users, err := c.App.FindCollectionByNameOrId(clinic.Users)
	c.must(err)
	record := core.NewRecord(users)
	record.Load(map[string]any{
		"name": fmt.Sprintf("%s %s", role, security.RandomString(5)), "email": email, "role": string(role), "rights": rights,
		"status": clinic.Active, "language": "en", "invitation": invitation,
	})
	record.SetPassword(Password)
	record.SetVerified(true)
	c.must(c.House.Save(c.App, record))
	return record
}

// acknowledge records the member's acceptance of every posted policy's current text.
func (c *Clinic) acknowledge(member *core.Record) {
	c.t.Helper()
	c.sign(member, "policy", clinic.Acknowledgements)
}

// grant records that a patient or caregiver granted every posted authorization.
func (c *Clinic) grant(member *core.Record) {
	c.t.Helper()
	if !clinic.Role(member.GetString("role")).Professional() {
		c.sign(member, "authorization", clinic.Authorizations)
	}
}

// sign says yes to the current text of every posted text of a kind.
func (c *Clinic) sign(member *core.Record, kind, collection string) {
	c.t.Helper()
	var versions []struct {
		Policy string `db:"policy"`
		SHA256 string `db:"sha256"`
	}
	c.must(c.App.DB().NewQuery(`SELECT v.policy, v.sha256 FROM policy_versions v JOIN policies p ON p.id = v.policy
		WHERE v.language = 'en' AND p.status = 'posted' AND p.kind = {:kind}
		AND v.number = (SELECT MAX(n.number) FROM policy_versions n WHERE n.policy = p.id)`).Bind(dbx.Params{"kind": kind}).All(&versions))
	records, err := c.App.FindCollectionByNameOrId(collection)
	c.must(err)
	for _, version := range versions {
		record := core.NewRecord(records)
		record.Load(map[string]any{"member": member.Id, "policy": version.Policy, "sha256": version.SHA256, "action": "granted"})
		c.must(c.House.Save(c.App, record))
	}
}

// Withdraw takes a posted policy out of force.
func (c *Clinic) Withdraw(slug string) {
	c.t.Helper()
	c.turn(slug, access.PolicyWithdrawn)
}

// PostAgain puts a withdrawn policy in force again, in the house's own name.
func (c *Clinic) PostAgain(slug string) {
	c.t.Helper()
	c.turn(slug, access.PolicyPostedAgain)
}

func (c *Clinic) turn(slug, action string) {
	c.t.Helper()
	policy, err := c.App.FindFirstRecordByData(clinic.Policies, "slug", slug)
	c.must(err)
	collection, err := c.App.FindCollectionByNameOrId(clinic.PolicyEvents)
	c.must(err)
	record := core.NewRecord(collection)
	record.Load(map[string]any{"policy": policy.Id, "action": action, "reason": access.Reason{"en": "A test."}})
	c.must(c.House.Save(c.App, record))
}

// Community makes a community with these leads and members.
func (c *Clinic) Community(kind string, leads []*Client, members ...*Client) string {
	c.t.Helper()
	collection, err := c.App.FindCollectionByNameOrId(clinic.Communities)
	c.must(err)
	record := core.NewRecord(collection)
	record.Load(map[string]any{"name": "Community " + security.RandomString(4), "kind": kind, "status": "open"})
	c.must(c.House.Save(c.App, record))
	for _, lead := range leads {
		c.Join(record.Id, lead, true)
	}
	for _, member := range members {
		c.Join(record.Id, member, false)
	}
	return record.Id
}

// Join puts a member into a community.
func (c *Clinic) Join(community string, member *Client, lead bool) {
	c.t.Helper()
	collection, err := c.App.FindCollectionByNameOrId(clinic.Memberships)
	c.must(err)
	record := core.NewRecord(collection)
	record.Load(map[string]any{"community": community, "member": member.ID, "lead": lead})
	c.must(c.House.Save(c.App, record))
}
