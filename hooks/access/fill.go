package access

import (
	"cmp"
	"regexp"
	"strings"

	"kinward/hooks/messages"
)

// What a text says where the practice has said nothing else: the numbers of the United States, as in the policies.
const (
	usualEmergency  = "911"
	usualCrisisLine = "988"
)

var (
	placeholder = regexp.MustCompile(`\{\{ *([a-z_]+) *\}\}`)
	threeDigits = regexp.MustCompile(`\b[0-9]{3}\b`)
)

// Fill puts the practice's values of today in the place of a text's placeholders, such as {{phone}}: for texts that nobody
// acknowledges, as example cases are. write is given each value and returns it as the text takes it; more names further
// values. A placeholder that nothing is known of stays as it is, so that the writer sees it.
func (p Practice) Fill(text, language string, more map[string]string, write func(value string) string) string {
	return placeholder.ReplaceAllStringFunc(text, func(found string) string {
		name := placeholder.FindStringSubmatch(found)[1]
		value, known := p.value(name, language)
		if !known {
			value, known = more[name]
		}
		if !known {
			return found
		}
		if value = strings.Join(strings.Fields(value), " "); value == "" {
			value = messages.Say(language, "policy.fill."+name, nil)
		}
		return write(value)
	})
}

func (p Practice) value(name, language string) (string, bool) {
	switch name {
	case "practice":
		return p.Name, true
	case "phone":
		return p.Phone, true
	case "hours":
		return strings.TrimRight(p.In(language).Hours, "."), true
	case "crisis_line":
		return cmp.Or(p.CrisisLine, usualCrisisLine), true
	case "emergency":
		// The setting is a sentence for people, which may name the crisis line too. Where the one in the reader's language names no
		// number, the practice's own does.
		for _, number := range threeDigits.FindAllString(p.In(language).Emergency+"\n"+p.Emergency, -1) {
			if number != cmp.Or(p.CrisisLine, usualCrisisLine) {
				return number, true
			}
		}
		return usualEmergency, true
	}
	return "", false
}
