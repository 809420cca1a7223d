package policy

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// IsPosted says that what is in force cannot be posted again.
var IsPosted = &clinic.Fault{Status: http.StatusConflict, Code: "policy_is_posted"}

// withdraw takes {reason, password}: the policy is no longer in force, its text and who accepted it stay and can be read.
func withdraw(e *access.Event) error { return stand(e, access.PolicyWithdrawn, "policy.withdraw") }

// postAgain takes {reason, password} and puts a withdrawn policy in force again, as it was.
func postAgain(e *access.Event) error { return stand(e, access.PolicyPostedAgain, "policy.post_again") }

func stand(e *access.Event, action, audited string) error {
	var form struct {
		Reason   access.Reason `json:"reason"` // by language; one is enough
		Password string        `json:"password"`
	}
	if err := e.Bind(&form); err != nil {
		return err
	}
	if err := e.FreshActor(form.Password); err != nil {
		return err
	}
	actor := e.Actor()
	err := e.App.RunInTransaction(func(tx core.App) error {
		policy, err := managed(tx, e.Request.PathValue("slug"))
		if err != nil {
			return err
		}
		collection, err := tx.FindCollectionByNameOrId(clinic.PolicyEvents)
		if err != nil {
			return err
		}
		event := core.NewRecord(collection)
		event.Load(map[string]any{"policy": policy.Id, "action": action, "author": actor.Member, "operator": actor.Operator != "", "reason": form.Reason})
		if err := e.House.Save(tx, event); err != nil {
			return err
		}
		return e.House.Audit(tx, actor.Audited(), audited, "policies/"+policy.Id, policy.GetString("slug")+": "+event.GetString("reason"))
	})
	if err != nil {
		return err
	}
	return e.Write(http.StatusOK, map[string]any{"slug": e.Request.PathValue("slug"), "status": stands[action]})
}

// stands is how a policy stands after each of its events.
var stands = map[string]string{access.PolicyWithdrawn: Withdrawn, access.PolicyPostedAgain: Posted}

// turn is bound to the creation of a policy's event, whichever action makes it: it numbers it, dates it, holds it to a reason and to what
// came before, and changes how the policy stands in the same transaction. What is posted again says what the practice says of itself now.
func turn(house *access.House) func(e *core.RecordEvent) error {
	return func(e *core.RecordEvent) error {
		outside := e.App
		defer func() { e.App = outside }()
		return outside.RunInTransaction(func(tx core.App) error {
			e.App = tx
			policy, err := tx.FindRecordById(clinic.Policies, e.Record.GetString("policy"))
			if err != nil {
				return clinic.NotFound
			}
			if err := complete(tx, e.Record, policy, house.Now()); err != nil {
				return refuse(tx, err)
			}
			if err := e.Next(); err != nil {
				return err
			}
			policy.Set("status", stands[e.Record.GetString("action")])
			if err := house.Save(tx, policy); err != nil {
				return err
			}
			texts, err := current(tx, policy.GetString("slug")) // none of one that was withdrawn
			if err != nil {
				return err
			}
			return republish(tx, house, texts)
		})
	}
}

// complete checks an event and fills in what an event is not asked for.
func complete(tx core.App, event, policy *core.Record, now time.Time) error {
	switch stands[event.GetString("action")] {
	case "":
		return clinic.Faults(clinic.Invalid.At("action"))
	case policy.GetString("status"):
		if policy.GetString("status") == Withdrawn {
			return IsWithdrawn
		}
		return IsPosted
	}
	reason, err := reasonOf(event.GetString("reason"))
	if err != nil {
		return err
	}
	number, err := latestNumber(tx, policy.Id)
	if err != nil {
		return err
	}
	if number == 0 {
		return NotPublished
	}
	at, err := following(tx, now, policy.Id)
	if err != nil {
		return err
	}
	var last int
	if err := tx.DB().NewQuery("SELECT COALESCE(MAX(seq), 0) FROM policy_events WHERE policy = {:policy}").Bind(params{"policy": policy.Id}).Row(&last); err != nil {
		return err
	}
	event.Set("reason", reason)
	event.Set("number", number)
	event.Set("at", at)
	event.Set("seq", last+1)
	return nil
}

// reasonOf reads a reason that anyone will read: in one of the languages at least, in none but these.
func reasonOf(stored string) (access.Reason, error) {
	var given access.Reason
	if err := json.Unmarshal([]byte(stored), &given); err != nil {
		return nil, clinic.Faults(clinic.Invalid.At("reason"))
	}
	out, faults := access.Reason{}, []*clinic.Fault{}
	for _, language := range slices.Sorted(maps.Keys(given)) {
		switch text := strings.TrimSpace(given[language]); {
		case !slices.Contains(clinic.Languages, language):
			return nil, NoSuchLanguage.With("language", language)
		case utf8.RuneCountInString(text) > maxReasonRunes:
			faults = append(faults, clinic.TooLong.With("max", maxReasonRunes).At("reason."+language))
		case text != "":
			out[language] = text
		}
	}
	if len(out)+len(faults) == 0 {
		faults = append(faults, clinic.Required.At("reason"))
	}
	return out, clinic.Faults(faults...)
}

// gap is a time in which a version was withdrawn, as the doors give it.
type gap struct {
	From   time.Time    `json:"from"`
	To     *time.Time   `json:"to"`     // when it was posted again; null while it is withdrawn
	Reason *access.Said `json:"reason"` // null where only the audit record keeps it
	Again  *access.Said `json:"again"`  // why it was posted again
	// By withdrew it and Back posted it again: told to who works here.
	By   *access.Person `json:"by,omitempty"`
	Back *access.Person `json:"back,omitempty"`
}

// shownGap words a withdrawal for the reader. Without known, the members that people found, nobody's name is told.
func shownGap(e *access.Event, w access.Withdrawal, known map[string]access.Person) gap {
	language, practice := e.Language(), e.House.Practice().Language
	g := gap{From: w.At, Reason: w.Reason.In(language, practice), By: doer(w.Turn, language, known)}
	if w.Back != nil {
		g.To, g.Again, g.Back = &w.Back.At, w.Back.Reason.In(language, practice), doer(*w.Back, language, known)
	}
	return g
}

// doer names who did a turn; nil where names are not told.
func doer(one access.Turn, language string, known map[string]access.Person) *access.Person {
	if known == nil {
		return nil
	}
	who := hand{one.Author, one.Operator}.shown(language, known)
	return &who
}

// withdrawnNow is the withdrawal that a policy stands in; nil of one in force.
func withdrawnNow(e *access.Event, policy, status string) (*gap, error) {
	if status != Withdrawn {
		return nil, nil
	}
	times, err := access.Withdrawals(e.App, policy)
	if err != nil || len(times) == 0 {
		return nil, err
	}
	last := times[len(times)-1:]
	known, err := publishers(e, nil, last)
	if err != nil {
		return nil, err
	}
	now := shownGap(e, last[0], known)
	return &now, nil
}
