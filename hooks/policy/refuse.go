package policy

import (
	"net/http"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/messages"
)

// What a member chooses who does not accept a policy.
const (
	// What could be read goes on being read, and writing stays closed until they accept after all. Of who never accepted the policy in
	// any version that is the policies alone: nobody comes in without having accepted the rules of the house.
	ReadOnly = "read_only"
	Leaving  = "leaving" // they end their account; the members' own record event does it, in the same transaction
)

// AlreadyAccepted says that there is nothing to refuse: the member accepted this text. They can still leave.
var AlreadyAccepted = &clinic.Fault{Status: http.StatusConflict, Code: "policy_already_accepted"}

// refusePolicy takes {version, sha256, outcome} and keeps that the member does not accept this text. Leaving cannot be undone, so
// it asks for a fresh sign-in.
func refusePolicy(e *access.Event) error {
	var form struct {
		acknowledging
		Outcome string `json:"outcome"`
	}
	if err := e.Bind(&form); err != nil {
		return err
	}
	if form.Outcome != ReadOnly && form.Outcome != Leaving {
		return clinic.Faults(clinic.Invalid.At("outcome"))
	}
	texts, err := current(e.App, e.Request.PathValue("slug"))
	if err != nil {
		return err
	}
	if len(texts) == 0 || !clinic.Concerns(texts[0].Audience, e.Viewer.Role) {
		return clinic.NotFound
	}
	if texts[0].Kind == KindAuthorization {
		return GrantedElsewhere
	}
	text, err := named(texts, form.SHA256, form.Version, e.Language())
	if err != nil {
		return err
	}
	if form.Outcome == Leaving {
		if err := e.Fresh(); err != nil {
			return err
		}
	} else if !slices.ContainsFunc(e.Viewer.Owing(e.House.Now()), func(o clinic.Owed) bool { return o.Kind == clinic.OwedPolicy && o.Slug == text.Slug }) {
		return AlreadyAccepted
	}
	return recordRefusal(e, text, form.Outcome)
}

func recordRefusal(e *access.Event, text edition, outcome string) error {
	err := e.App.RunInTransaction(func(tx core.App) error {
		err := sayOn(e, tx, clinic.PolicyRefusals, map[string]any{
			"member": e.Viewer.ID, "policy": text.Policy, "number": text.Number, "sha256": text.SHA256, "language": text.Language, "outcome": outcome,
		})
		if err != nil {
			return err
		}
		return e.House.Audit(tx, e.Viewer.ID, "policy.refuse", "policies/"+text.Policy, said(text.Slug, text.Number, outcome))
	})
	if err != nil {
		return err
	}
	follows := outcome
	if slices.ContainsFunc(e.Viewer.Blocking(clinic.BlocksAll, e.House.Now()), func(o clinic.Owed) bool { return o.Slug == text.Slug }) && outcome == ReadOnly {
		follows = "policies_only" // who never accepted it in any version reads the policies and nothing else
	}
	answer := map[string]any{"outcome": outcome, "message": messages.Say(e.Language(), "policy.refuse."+follows, map[string]any{"phone": e.House.Practice().Phone})}
	if outcome == Leaving {
		if err := e.SignOut(); err != nil {
			return err
		}
		return e.Write(http.StatusOK, answer)
	}
	after, err := e.House.Member(e.Viewer.ID)
	if err != nil || after == nil {
		return err
	}
	answer["owes"] = after.Owing(e.House.Now())
	return e.Write(http.StatusOK, answer)
}
