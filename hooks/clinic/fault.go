package clinic

import "net/http"

// Fault is an error that a person may read: a stable code for programs, and, from the message catalogue
// (key "fault.CODE"), a sentence in the caller's language that says what happened and what to do next.
//
// The route answers with Status and {"status", "message", "data"}: with Field set the fault stands at data.FIELD,
// otherwise at data.error, as {code, message, params}.
type Fault struct {
	Status int            // HTTP status (RFC 9110)
	Code   string         // stable; listed in docs/api.md
	Field  string         // the field of the request it concerns, or empty
	Params map[string]any // for the sentence and for the program; may be nil
	Fields []*Fault       // further faults of the same request, each with a Field
}

// Error gives the code, and what is wrong with a file that cannot be read (params.detail): what a log may hold. The sentence for the
// person comes from the catalogue.
func (f *Fault) Error() string {
	said := f.Code
	if detail, _ := f.Params["detail"].(string); detail != "" {
		said += ": " + detail
	}
	if f.Field != "" {
		return f.Field + ": " + said
	}
	return said
}

// With returns a copy of f that carries a parameter for its sentence.
func (f *Fault) With(name string, value any) *Fault {
	g := *f
	g.Params = make(map[string]any, len(f.Params)+1)
	for k, v := range f.Params {
		g.Params[k] = v
	}
	g.Params[name] = value
	return &g
}

// At returns a copy of f that concerns one field of the request.
func (f *Fault) At(field string) *Fault {
	g := *f
	g.Field = field
	return &g
}

// Is lets errors.Is compare faults by their code.
func (f *Fault) Is(target error) bool {
	t, ok := target.(*Fault)
	return ok && t.Code == f.Code
}

// Faults gathers the faults of several fields into one answer with status 400, or returns nil where there is none.
func Faults(fields ...*Fault) error {
	all := &Fault{Status: http.StatusBadRequest, Code: "check_the_fields"}
	for _, f := range fields {
		if f != nil {
			all.Fields = append(all.Fields, f)
		}
	}
	if len(all.Fields) == 0 {
		return nil
	}
	return all
}

// The faults that every capability may answer with.
var (
	SignInRequired = &Fault{Status: http.StatusUnauthorized, Code: "sign_in_required"}
	Forbidden      = &Fault{Status: http.StatusForbidden, Code: "not_allowed"}
	NotFound       = &Fault{Status: http.StatusNotFound, Code: "not_found"}
	NotAMember     = &Fault{Status: http.StatusForbidden, Code: "not_a_member"}
	Owing          = &Fault{Status: http.StatusForbidden, Code: "policy_acknowledgement_required"}
	WithoutLead    = &Fault{Status: http.StatusConflict, Code: "community_without_lead"}
	Archived       = &Fault{Status: http.StatusConflict, Code: "community_archived"}
	ByProviderOnly = &Fault{Status: http.StatusForbidden, Code: "invited_by_provider_only"}
	RateLimited    = &Fault{Status: http.StatusTooManyRequests, Code: "rate_limited"} // params.seconds, also as Retry-After
	BadRequest     = &Fault{Status: http.StatusBadRequest, Code: "bad_request"}
	Required       = &Fault{Status: http.StatusBadRequest, Code: "required"}
	TooLong        = &Fault{Status: http.StatusBadRequest, Code: "too_long"} // params.max
	Invalid        = &Fault{Status: http.StatusBadRequest, Code: "invalid"}
	AddressInvalid = &Fault{Status: http.StatusBadRequest, Code: "address_invalid"}
	FreshSignIn    = &Fault{Status: http.StatusForbidden, Code: "fresh_sign_in_required"}
	OnlyByHouse    = &Fault{Status: http.StatusForbidden, Code: "changed_by_kinward_only"}
	SetUpFirst     = &Fault{Status: http.StatusConflict, Code: "set_up_first"}
	PasswordWrong  = &Fault{Status: http.StatusForbidden, Code: "password_wrong"}
	AlreadyAMember = &Fault{Status: http.StatusConflict, Code: "already_a_member"}
	LastProvider   = &Fault{Status: http.StatusConflict, Code: "last_provider"}
)
