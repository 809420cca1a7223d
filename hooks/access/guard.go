package access

import (
	"slices"
	"time"

	"kinward/hooks/clinic"
)

// Guard stands at a door and says who may pass.
type Guard struct {
	// Name is how the guard is listed in the matrix of doors.
	Name  string
	check func(e *Event) error
}

// Anyone lets guests in. What the handler then tells a guest is public.
var Anyone = Guard{"Anyone", func(*Event) error { return nil }}

// SignedIn lets in whoever has a live session, even if they still owe an acknowledgement. For one's own account only.
var SignedIn = Guard{"SignedIn", func(e *Event) error {
	if e.Viewer == nil {
		return clinic.SignInRequired
	}
	return nil
}}

// Member lets in who owes nothing that blocks everything: the least that any door of the community asks.
var Member = Guard{"Member", func(e *Event) error {
	if err := SignedIn.check(e); err != nil {
		return err
	}
	if owes := e.Viewer.Blocking(clinic.BlocksAll, e.House.Now()); len(owes) > 0 {
		return clinic.Owing.With("owes", owes)
	}
	return nil
}}

// Works lets in providers and staff.
var Works = also("Works", func(v *Viewer) bool { return v.Role.Works() })

// ProviderOnly lets in providers.
var ProviderOnly = also("ProviderOnly", func(v *Viewer) bool { return v.Role == clinic.Provider })

// Admins lets in who has the right admin.
var Admins = also("Admins", func(v *Viewer) bool { return v.Has(clinic.Admin) })

func also(name string, may func(v *Viewer) bool) Guard {
	return Guard{name, func(e *Event) error {
		if err := Member.check(e); err != nil {
			return err
		}
		if !may(e.Viewer) {
			return clinic.Forbidden
		}
		return nil
	}}
}

// MemberOf lets in members of the community that the named path value says. To others the community is not there: a
// practice's communities tell what its patients have.
func MemberOf(param string) Guard {
	return Guard{"MemberOf", func(e *Event) error {
		if err := Member.check(e); err != nil {
			return err
		}
		if !e.Viewer.In(e.Request.PathValue(param)) {
			return clinic.NotFound
		}
		return nil
	}}
}

// FreshFor is how long after entering the password a session may do what asks for a fresh sign-in.
const FreshFor = 10 * time.Minute

// Fresh returns a fault unless the password was entered within FreshFor.
func (e *Event) Fresh() error {
	if e.Viewer == nil {
		return clinic.SignInRequired
	}
	if e.House.Now().Sub(e.Viewer.Session.Fresh) > FreshFor {
		return clinic.FreshSignIn
	}
	return nil
}

// MayWrite returns a fault while the viewer owes what blocks writing, or while nobody may write in the community.
func (e *Event) MayWrite(community string) error {
	if owes := e.Viewer.Blocking(clinic.BlocksWrite, e.House.Now()); len(owes) > 0 {
		only := func(kind string) bool {
			return !slices.ContainsFunc(owes, func(o clinic.Owed) bool { return o.Kind != kind })
		}
		return clinic.Owing.With("owes", owes).With("cases", only(clinic.OwedCase)).With("authorization", only(clinic.OwedAuthorization))
	}
	return Writable(e.App, community)
}
