package member

import (
	"net/http"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/messages"
)

type reasonForm struct {
	Reason string `json:"reason"`
}

func (f reasonForm) validate() error {
	switch {
	case strings.TrimSpace(f.Reason) == "":
		return clinic.Faults(clinic.Required.At("reason"))
	case len(f.Reason) > 1000:
		return clinic.Faults(clinic.TooLong.At("reason").With("max", 1000))
	}
	return nil
}

// suspend takes {reason}: the member can no longer sign in, and is signed out with this. An admin may; so may a provider, for
// a patient, caregiver or outside doctor of a community they lead. A lead can be suspended at once, since it may be urgent: what they led alone
// is read-only until someone else leads it. The last active provider cannot: nobody could invite or approve any more.
func suspend(e *access.Event) error {
	return change(e, "member.suspend", func(p *person) bool { return p.Can.Suspend }, func(tx core.App, record *core.Record) error {
		if err := staysRun(tx, record.Id); err != nil {
			return err
		}
		record.Set("status", clinic.Suspended)
		return e.House.Save(tx, record)
	})
}

// restore takes {reason} and lets a suspended member sign in again.
func restore(e *access.Event) error {
	return change(e, "member.restore", func(p *person) bool { return p.Can.Restore }, func(tx core.App, record *core.Record) error {
		record.Set("status", clinic.Active)
		return e.House.Save(tx, record)
	})
}

// remove takes {reason} and ends a membership for good: name, address and password go, the memberships with them, and what
// the member wrote stays under a neutral name.
func remove(e *access.Event) error {
	users, err := e.App.FindCachedCollectionByNameOrId(clinic.Users)
	if err != nil {
		return err
	}
	nobodys := core.NewRecord(users) // hashed before the transaction: nobody's writing waits for it
	if err := access.SetPassword(e.Request.Context(), nobodys, security.RandomString(60)); err != nil {
		return err
	}
	return change(e, "member.remove", func(p *person) bool { return p.Can.Remove }, func(tx core.App, record *core.Record) error {
		if err := staysLed(tx, record); err != nil {
			return err
		}
		record.SetRaw(core.FieldNamePassword, nobodys.GetRaw(core.FieldNamePassword))
		return forget(e.House, tx, record)
	})
}

// forget ends a membership: whoever calls has put a password in place that nobody knows.
func forget(house *access.House, tx core.App, record *core.Record) error {
	memberships, err := tx.FindRecordsByFilter(clinic.Memberships, "member = {:member}", "", 0, 0, dbx.Params{"member": record.Id})
	if err != nil {
		return err
	}
	for _, membership := range memberships {
		if err := house.Delete(tx, membership); err != nil {
			return err
		}
	}
	for _, statement := range []string{"DELETE FROM drafts WHERE member = {:id}", "DELETE FROM account_tokens WHERE member = {:id}"} {
		if _, err := tx.DB().NewQuery(statement).Bind(dbx.Params{"id": record.Id}).Execute(); err != nil {
			return err
		}
	}
	record.Load(map[string]any{
		"status": clinic.Removed, "rights": []string{}, "title": "",
		"name": messages.Say(house.Practice().Language, "member.former", nil),
	})
	record.SetEmail(strings.ToLower(record.Id) + "@removed.invalid") // RFC 2606: never anybody's
	return house.Save(tx, record)
}

// change does one thing to a member's standing, with its reason on the audit record, and answers with the member.
func change(e *access.Event, action string, allowed func(*person) bool, do func(tx core.App, record *core.Record) error) error {
	var form reasonForm
	if err := e.Bind(&form); err != nil {
		return err
	}
	if err := form.validate(); err != nil {
		return err
	}
	p, err := one(e, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	if p.ID == e.Viewer.ID {
		return yourself
	}
	if !allowed(p) {
		return clinic.Forbidden
	}
	err = e.App.RunInTransaction(func(tx core.App) error {
		record, err := tx.FindRecordById(clinic.Users, p.ID)
		if err != nil {
			return err
		}
		if err := do(tx, record); err != nil {
			return err
		}
		return e.House.Audit(tx, e.Viewer.ID, action, clinic.Users+"/"+p.ID, form.Reason)
	})
	if err != nil {
		return err
	}
	if p, err = one(e, p.ID); err != nil { // a removed member is nobody's to look at
		return e.Write(http.StatusOK, map[string]string{"id": e.Request.PathValue("id"), "status": clinic.Removed})
	}
	return e.Write(http.StatusOK, p)
}

// staysLed refuses to let go for good of the last active admin or provider, and of a member without whom a community has no active lead.
func staysLed(tx core.App, record *core.Record) error {
	if err := staysRun(tx, record.Id); err != nil {
		return err
	}
	rooms := []room{}
	err := tx.DB().NewQuery(`SELECT c.id, CASE WHEN c.kind = 'substance_use' THEN '' ELSE c.name END AS name, m.lead FROM memberships m JOIN communities c ON c.id = m.community
		WHERE m.member = {:member} AND m.lead AND c.status = 'open' AND NOT EXISTS (
			SELECT 1 FROM memberships o JOIN users u ON u.id = o.member WHERE o.community = c.id AND o.lead AND o.member != m.member
			AND u.status = 'active' AND u.role = 'provider')`).Bind(dbx.Params{"member": record.Id}).All(&rooms)
	if err != nil {
		return err
	}
	if len(rooms) > 0 {
		return leads.With("communities", rooms)
	}
	return nil
}

// staysRun refuses if nobody but this member is an active admin, or an active provider: only providers invite, so that none could
// come in again.
func staysRun(tx core.App, member string) error {
	if err := staysAdministered(tx, member); err != nil {
		return err
	}
	var last bool
	err := tx.DB().NewQuery(`SELECT EXISTS (SELECT 1 FROM users WHERE id = {:id} AND role = 'provider' AND status = 'active')
		AND NOT EXISTS (SELECT 1 FROM users WHERE id != {:id} AND role = 'provider' AND status = 'active')`).Bind(dbx.Params{"id": member}).Row(&last)
	if err != nil {
		return err
	}
	if last {
		return clinic.LastProvider
	}
	return nil
}

// staysAdministered refuses if nobody but this member is an active admin.
func staysAdministered(tx core.App, member string) error {
	var others, own int
	query := `SELECT COUNT(*) FROM users WHERE status = 'active' AND rights LIKE '%"admin"%' AND id `
	if err := tx.DB().NewQuery(query + "!= {:id}").Bind(dbx.Params{"id": member}).Row(&others); err != nil {
		return err
	}
	if err := tx.DB().NewQuery(query + "= {:id}").Bind(dbx.Params{"id": member}).Row(&own); err != nil {
		return err
	}
	if own > 0 && others == 0 {
		return lastAdmin
	}
	return nil
}
