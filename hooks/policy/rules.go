package policy

import (
	"cmp"
	"slices"
	"strings"

	"kinward/hooks/clinic"
	"kinward/hooks/messages"
)

// rulesDiff is what differs between two versions beside their words, in one language: the checks on their clauses, the lines that are
// shown while writing, and how often it is asked. It is told in the words of the editor's form.
type rulesDiff struct {
	Checks []checkChange `json:"checks"`
	Strip  []fieldChange `json:"strip"`
	Asked  []fieldChange `json:"asked"`
}

// checkChange is a check that came, went, or became another one. Fields are all that it has, or those that differ.
type checkChange struct {
	Op     string        `json:"op"` // added, removed, changed
	Clause string        `json:"clause"`
	Title  string        `json:"title"` // what it looks for
	Fields []fieldChange `json:"fields"`
}

// fieldChange is one line of the form, as it was and as it is.
type fieldChange struct {
	Name string `json:"name"`
	Was  string `json:"was"`
	Now  string `json:"now"`
	// Own says that each language has words of its own here; the rest of a check is the same in all of them.
	Own bool `json:"own"`
}

// rulesReader tells of rules in the language of who reads.
type rulesReader struct{ language string }

func (r rulesReader) say(key string) string { return messages.Say(r.language, key, nil) }

// compare says how the rules of one language's text became those of another.
func (r rulesReader) compare(was, now Words) *rulesDiff {
	return &rulesDiff{r.checks(was.Checks, now.Checks), r.strip(was.Strip, now.Strip), r.asked(was.Asked, now.Asked)}
}

// checks pairs those that are the same, then those of one clause that look for the same; what is left over came or went.
func (r rulesReader) checks(was, now []Check) []checkChange {
	var came []Check
	was = slices.Clone(was)
	for _, c := range now {
		if i := slices.IndexFunc(was, func(old Check) bool { return r.alike(old, c) && len(r.differ(old, c)) == 0 }); i >= 0 {
			was = slices.Delete(was, i, i+1)
		} else {
			came = append(came, c)
		}
	}
	out := []checkChange{}
	for _, c := range came {
		if i := slices.IndexFunc(was, func(old Check) bool { return r.alike(old, c) }); i >= 0 {
			out = append(out, checkChange{"changed", c.Clause, r.title(c), r.differ(was[i], c)})
			was = slices.Delete(was, i, i+1)
		} else {
			out = append(out, checkChange{"added", c.Clause, r.title(c), r.differ(Check{}, c)})
		}
	}
	for _, c := range was {
		out = append(out, checkChange{"removed", c.Clause, r.title(c), r.differ(c, Check{})})
	}
	return out
}

func (r rulesReader) alike(a, b Check) bool { return a.Clause == b.Clause && a.Detector == b.Detector }

func (r rulesReader) title(c Check) string { return r.say("manage.detector." + c.Detector) }

// differ gives the lines of the form in which two checks are not the same.
func (r rulesReader) differ(was, now Check) []fieldChange {
	old, out := r.fields(was), []fieldChange{}
	for i, f := range r.fields(now) {
		if f.Was = old[i].Now; f.Was != f.Now {
			out = append(out, f)
		}
	}
	return out
}

// fields are the lines of a check's form; those of no check at all are empty.
func (r rulesReader) fields(c Check) []fieldChange {
	var action, where string
	if c.Action != "" {
		action = r.say("manage.action."+c.Action) + ": " + r.say("manage.action."+c.Action+"_hint")
		where = cmp.Or(namesOf(r, clinic.CommunityKinds, c.Where, "community.kind."), r.say("manage.check.everywhere"))
	}
	return []fieldChange{
		{Name: r.say("manage.check.action"), Now: action},
		{Name: r.say("manage.check.whose"), Now: namesOf(r, clinic.RuledRoles, c.Whose, "page.role.")},
		{Name: r.say("manage.check.where"), Now: where},
		{Name: r.say("history.rules.words"), Now: strings.Join(c.Words, "\n"), Own: true},
		{Name: r.say("history.rules.say"), Now: c.Say, Own: true},
	}
}

// namesOf says what was chosen, always in the same order.
func namesOf[T ~string](r rulesReader, all, chosen []T, prefix string) string {
	var out []string
	for _, one := range all {
		if slices.Contains(chosen, one) {
			out = append(out, r.say(prefix+string(one)))
		}
	}
	return strings.Join(out, ", ")
}

func (r rulesReader) strip(was, now map[string]string) []fieldChange {
	out := []fieldChange{}
	for _, whose := range []string{clinic.AudienceStaff, clinic.AudiencePeople} {
		if was[whose] != now[whose] {
			out = append(out, fieldChange{r.say("history.rules." + whose), was[whose], now[whose], true})
		}
	}
	return out
}

// asked tells how often it is asked where both sides know it.
func (r rulesReader) asked(was, now string) []fieldChange {
	if was == "" || now == "" || was == now {
		return []fieldChange{}
	}
	return []fieldChange{{Name: r.say("manage.yearly"), Was: r.say("history.rules." + was), Now: r.say("history.rules." + now)}}
}
