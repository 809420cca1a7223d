package policy

import (
	"net/http"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// GrantedElsewhere says that an authorization is granted and revoked at its own place: accepting the house rules never does.
var GrantedElsewhere = &clinic.Fault{Status: http.StatusConflict, Code: "authorization_is_granted_apart"}

// The actions of an authorization event.
const (
	grantedAction = "granted"
	revokedAction = "revoked"
)

// keepWords binds what every record of a member's word must hold to its creation, whichever action makes it: it names a text that
// was published, letter for letter, and carries the role and stint of that day, how it was given, and the house's time.
func keepWords(app core.App, house *access.House) {
	bind := func(kind string, current func(r *core.Record) bool) func(e *core.RecordEvent) error {
		return func(e *core.RecordEvent) error {
			if err := pin(e, kind, current(e.Record)); err != nil {
				return refuse(e.App, err)
			}
			e.Record.SetRaw("created", dateTime(house))
			return e.Next()
		}
	}
	app.OnRecordCreate(clinic.Acknowledgements).BindFunc(bind(KindPolicy, func(r *core.Record) bool { return byThemself(r) }))
	app.OnRecordCreate(clinic.PolicyRefusals).BindFunc(bind(KindPolicy, func(*core.Record) bool { return true }))
	app.OnRecordCreate(clinic.Authorizations).BindFunc(bind(KindAuthorization, func(r *core.Record) bool {
		return byThemself(r) && r.GetString("action") == grantedAction
	}))
	app.OnRecordCreate(clinic.Authorizations).BindFunc(inOrder)
}

func byThemself(r *core.Record) bool {
	return r.GetString("method") == "" || r.GetString("method") == BySelf
}

func dateTime(house *access.House) types.DateTime {
	out, _ := types.ParseDateTime(house.Now()) // a time is always read
	return out
}

// pin holds a record to the text it names. With current that is one of the newest version's, as a member reads on the page; else
// any that was published: a paper may have been signed before a typo was mended.
func pin(e *core.RecordEvent, kind string, current bool) error {
	r := e.Record
	policy, err := e.App.FindRecordById(clinic.Policies, r.GetString("policy"))
	if err != nil {
		return clinic.NotFound
	}
	member, err := e.App.FindRecordById(clinic.Users, r.GetString("member"))
	if err != nil {
		return clinic.NotFound
	}
	if policy.GetString("kind") != kind {
		return GrantedElsewhere
	}
	text, err := textOf(e.App, policy, r, current)
	if err != nil {
		return err
	}
	r.Set("number", text.Number)
	r.Set("language", text.Language)
	r.Set("role", member.GetString("role"))
	r.Set("stint", member.GetInt("stint"))
	if r.Collection().Fields.GetByName("method") == nil {
		return nil
	}
	return witnessed(e.App, r, member)
}

func textOf(app core.App, policy, r *core.Record, newestOnly bool) (edition, error) {
	condition := "WHERE p.id = {:policy} AND v.number = {:number}"
	if newestOnly {
		condition = "WHERE p.id = {:policy} AND p.status = 'posted' AND" + atLatest
	}
	texts, err := query(app, brief+condition, params{"policy": policy.Id, "number": r.GetInt("number")})
	if err != nil {
		return edition{}, err
	}
	if len(texts) == 0 {
		return edition{}, clinic.NotFound
	}
	number := r.GetInt("number")
	if number == 0 {
		number = texts[0].Number
	}
	return named(texts, r.GetString("sha256"), number, r.GetString("language"))
}

// witnessed asks of whatever was not said on the page by the member: who saw it, who works here and is not the member, and, on
// behalf, a note how.
func witnessed(app core.App, r, member *core.Record) error {
	if byThemself(r) {
		r.Set("method", BySelf)
		r.Set("witness", "")
		r.Set("note", "")
		return nil
	}
	witness, err := app.FindRecordById(clinic.Users, r.GetString("witness"))
	if err != nil || !clinic.Role(witness.GetString("role")).Works() || witness.Id == member.Id {
		return clinic.Faults(clinic.Invalid.At("witness"))
	}
	if r.GetString("method") == OnBehalf && strings.TrimSpace(r.GetString("note")) == "" {
		return clinic.Faults(clinic.Required.At("note"))
	}
	return nil
}

// inOrder numbers a member's grants and revocations.
func inOrder(e *core.RecordEvent) error {
	var last int
	err := e.App.DB().NewQuery("SELECT COALESCE(MAX(seq), 0) FROM authorization_events WHERE member = {:member} AND policy = {:policy}").
		Bind(params{"member": e.Record.GetString("member"), "policy": e.Record.GetString("policy")}).Row(&last)
	if err != nil {
		return err
	}
	e.Record.Set("seq", last+1)
	return e.Next()
}
