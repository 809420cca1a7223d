package check

import (
	"slices"

	"kinward/hooks/clinic"
	"kinward/hooks/messages"
)

// amongProviders is the check of provider rooms, whatever the posted policies check there: colleagues talk about cases, and outside
// doctors may be among them, so that nothing that points to a person gets in (45 CFR 164.514(b)(2)). It names the clause that speaks of
// identifiers, if one is posted.
func amongProviders(posted []*inForce) *inForce {
	room := &inForce{Carried: Carried{Detector: Identifier, Whose: clinic.RuledRoles, Where: []string{clinic.KindProviderRoom}, Action: "stop"},
		detectors: Members(Identifier), titles: map[string]string{}, says: map[string]string{}}
	for _, rule := range posted {
		if slices.ContainsFunc(rule.detectors, func(d string) bool { return FamilyOf(d) == Identifier }) {
			room.policy, room.Clause, room.titles = rule.policy, rule.Clause, rule.titles
			break
		}
	}
	for _, language := range clinic.Languages {
		room.says[language] = messages.Say(language, "check.provider_room", nil)
	}
	return room
}
