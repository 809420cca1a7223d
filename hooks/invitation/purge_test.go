package invitation_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
	"kinward/hooks/invitation"
)

// night runs what the clock would at night.
func night(c *hookstest.Clinic) {
	for _, wanted := range []string{"kinward_invitations_expire", "kinward_invitations_purge"} {
		for _, job := range c.App.Cron().Jobs() {
			if job.Id() == wanted {
				job.Run()
			}
		}
	}
}

// left counts what is left of some invitations in a table.
func left(t *testing.T, c *hookstest.Clinic, table, column string, ids ...string) (n int) {
	t.Helper()
	values := make([]any, len(ids))
	for i, id := range ids {
		values[i] = id
	}
	if err := c.App.DB().Select("count(*)").From(table).Where(dbx.In(column, values...)).Row(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestInvitationsThatLetNobodyInGoAfterAYear(t *testing.T) {
	c := hookstest.New(t)
	provider, guest := c.Provider(), c.Guest()
	made := func(name string, who *hookstest.Client) string {
		return invite(t, who, object{"email": name + "@mail.example", "role": "patient"})
	}
	declined, revoked, joined, proposed := made("declined", provider), made("revoked", provider), made("joined", provider), made("proposed", c.Staff())
	token := link(t, provider, declined)
	expect(t, "declining", guest.Post("/invitations/decline", object{"token": token}), 200, "")
	expect(t, "revoking", provider.Post("/invitations/"+revoked+"/revoke", object{}), 200, "")
	expect(t, "joining", guest.Post("/invitations/accept", joining(link(t, provider, joined))), 201, "")
	expired := made("expired", provider)
	link(t, provider, expired)
	ended := []string{declined, revoked, expired}

	c.Pass(invitation.KeptFor - time.Hour)
	night(c)
	if n := left(t, c, clinic.Invitations, "id", ended...); n != 3 {
		t.Fatalf("%d of 3 are left within the year", n)
	}
	c.Pass(2 * time.Hour)
	night(c)
	if n := left(t, c, clinic.Invitations, "id", ended...); n != 1 { // the expired one ended thirty days later
		t.Errorf("%d are left after a year, not the expired one alone", n)
	}
	c.Pass(clinic.InvitationLife)
	night(c)
	for table, column := range map[string]string{clinic.Invitations: "id", clinic.InvitationEvents: "invitation", clinic.InvitationTokens: "invitation"} {
		if n := left(t, c, table, column, ended...); n != 0 {
			t.Errorf("%d rows of %s are left", n, table)
		}
		if n := left(t, c, table, column, joined); n == 0 {
			t.Errorf("%s: nothing is left of what let a member in", table)
		}
	}
	provider = c.SignedIn(provider.ID)
	if got := timeline(provider, proposed); got != "proposed" {
		t.Errorf("a proposal waits: %s", got)
	}
	if got := timeline(provider, joined); got != "approved queued link_made accepted" {
		t.Errorf("the timeline of a member's invitation: %s", got)
	}
	expect(t, "the link of one that is gone", guest.Post("/invitations/open", object{"token": token}), 404, "invitation_unknown")
	if n := left(t, c, clinic.AuditEntries, "subject", clinic.Invitations+"/"+revoked); n == 0 {
		t.Error("the audit record has forgotten what was done")
	}
	if n := left(t, c, clinic.AuditEntries, "action", "invitation.purge"); n != 2 {
		t.Errorf("%d lines of the audit record tell of the purges", n)
	}
}

func TestAPurgeOfInvitationsGoesInSteps(t *testing.T) {
	c := hookstest.New(t)
	old := access.Date(c.House.Now().Add(-invitation.KeptFor - time.Hour))
	for i := range 3 {
		_, err := c.App.DB().NewQuery(`INSERT INTO invitations (id, email, role, status, created, updated)
			WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150)
			SELECT 'inv` + fmt.Sprint(i) + `' || printf('%011d', i), 'a' || i || '@mail.example', 'patient', 'revoked', {:old}, {:old} FROM n`).
			Bind(dbx.Params{"old": old}).Execute()
		if err != nil {
			t.Fatal(err)
		}
	}
	night(c)
	var n int
	if err := c.App.DB().NewQuery("SELECT count(*) FROM invitations WHERE email LIKE 'a%@mail.example'").Row(&n); err != nil || n != 0 {
		t.Errorf("%d of 450 are left, %v", n, err)
	}
	if n := left(t, c, clinic.AuditEntries, "action", "invitation.purge"); n != 3 {
		t.Errorf("%d steps were told, not three", n)
	}
}
