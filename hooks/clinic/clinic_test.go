package clinic_test

import (
	"slices"
	"testing"
	"time"

	"kinward/hooks/clinic"
)

// TestAdmits: an outside doctor is let into provider rooms, and into no other kind, one that nobody has thought of included.
func TestAdmits(t *testing.T) {
	own := []clinic.Role{clinic.Provider, clinic.Staff, clinic.Patient, clinic.Caregiver}
	admitted := map[string][]clinic.Role{
		clinic.KindCondition: own, clinic.KindPractice: own, clinic.KindProgramme: own, clinic.KindSubstanceUse: own,
		clinic.KindProviderRoom: {clinic.Provider, clinic.Outside}, clinic.KindStaffRoom: {clinic.Provider, clinic.Staff}, "a later kind": own,
	}
	for _, kind := range append([]string{"a later kind"}, clinic.CommunityKinds...) {
		for _, role := range append([]clinic.Role{"", "superuser"}, clinic.Roles...) {
			if got, want := clinic.Admits(kind, role), slices.Contains(admitted[kind], role); got != want {
				t.Errorf("%q into %q: %v", role, kind, got)
			}
		}
	}
}

// TestRoles says of each role what it is, so that a new one is decided on.
func TestRoles(t *testing.T) {
	type is struct{ works, professional, ruled bool }
	want := map[clinic.Role]is{
		clinic.Provider: {true, true, true}, clinic.Staff: {true, true, true}, clinic.Patient: {false, false, true}, clinic.Caregiver: {false, false, true},
		clinic.Outside: {false, true, false}, "": {}, "superuser": {},
	}
	for _, role := range append([]clinic.Role{"", "superuser"}, clinic.Roles...) {
		if got := (is{role.Works(), role.Professional(), role.Ruled()}); got != want[role] {
			t.Errorf("%q: %+v", role, got)
		}
		if role.Valid() && !role.HeldTo().Ruled() {
			t.Errorf("%q is held to nobody's rules", role)
		}
		staff, people := clinic.Concerns(clinic.AudienceStaff, role), clinic.Concerns(clinic.AudiencePeople, role)
		if staff != role.Professional() || people != (role.Valid() && !role.Professional()) {
			t.Errorf("%q is concerned as staff %v, as patients %v", role, staff, people)
		}
	}
}

// TestHowLong holds the times that members are told of, and that every other test takes from here.
func TestHowLong(t *testing.T) {
	for what, is := range map[string]struct{ got, want time.Duration }{
		"an invitation lives":                       {clinic.InvitationLife, 30 * 24 * time.Hour},
		"an idle provider or staff member is in":    {clinic.IdleStaff, 15 * time.Minute},
		"an idle patient or caregiver is in":        {clinic.IdlePatient, 30 * time.Minute},
		"before an idle end the page warns":         {clinic.IdleWarningBefore, 2 * time.Minute},
		"whoever is never idle signs in anew after": {clinic.SessionLife, 12 * time.Hour},
	} {
		if is.got != is.want {
			t.Errorf("%s %v, not %v", what, is.got, is.want)
		}
	}
}
