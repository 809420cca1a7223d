package access

import "kinward/hooks/clinic"

// Spot is where one thing stands: what the rules of seeing look at.
type Spot struct {
	// Community is the one that it belongs to, empty for none; Kind and Open are that community's.
	Community, Kind string
	Open            bool
	// Owner wrote it, or is who it is about.
	Owner string
	// Status and Unseen are a post's or comment's.
	Status string
	Unseen bool
	// Above is the post above a comment, where that may be hidden.
	Above *Standing
}

// Thing is one kind of thing that tells something of somebody.
type Thing struct {
	Name string
	// Seen reports whether a member who owes nothing may know that one exists, and read it. Guests, suspended and removed
	// members and those who never acknowledged a policy see none of them but what is their own.
	Seen func(v *Viewer, at Spot) bool
}

// Things declares who may see what, by any channel: routes, lists, counts, search, events, files, mail. A door asks the
// viewer's methods named here. The matrix of leaks (hooks/leaks_test.go) puts one of each into a practice, asks at every door
// as everybody, and compares with this list; a thing that it cannot plant fails it.
var Things = []Thing{
	{"community", func(v *Viewer, at Spot) bool { return v.Knows(at.Community, at.Kind, at.Open) }},
	{"person", func(v *Viewer, at Spot) bool { return own(v, at) || v.Role.Works() || v.In(at.Community) }},
	{"post", seesPiece},
	{"comment", seesPiece},
	{"poll", seesPiece},
	{"file", seesPiece}, // as the piece that carries it; without one it is its owner's alone
	{"waiting words of a file", func(v *Viewer, at Spot) bool { return v.In(at.Community) && (own(v, at) || v.Moderates(at.Community)) }},
	{"earlier text", func(v *Viewer, at Spot) bool { return v.In(at.Community) && (own(v, at) || v.Moderates(at.Community)) }},
	{"report", func(v *Viewer, at Spot) bool { return own(v, at) || v.Moderates(at.Community) }},
	{"draft", own},
	{"notification", own},
	{"case question", func(v *Viewer, at Spot) bool {
		return own(v, at) || v.Has(clinic.PolicyEditor) || v.Leads(at.Community)
	}},
	{"address", func(v *Viewer, at Spot) bool { return own(v, at) || v.Role.Works() }},
	{"invitation", func(v *Viewer, _ Spot) bool { return v.Role.Works() }},
	{"policy draft", func(v *Viewer, _ Spot) bool { return v.Has(clinic.PolicyEditor) }},
	{"case draft", func(v *Viewer, _ Spot) bool { return v.Has(clinic.PolicyEditor) }},
}

func seesPiece(v *Viewer, at Spot) bool {
	return v.Sees(at.Community, at.Owner, at.Status, at.Unseen) && (at.Above == nil || v.sees(at.Community, at.Above))
}

func own(v *Viewer, at Spot) bool { return at.Owner == v.ID }
