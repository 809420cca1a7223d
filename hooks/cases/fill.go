package cases

import (
	"cmp"
	"regexp"
	"strings"

	"kinward/hooks/access"
	"kinward/hooks/messages"
)

var (
	placeholder = regexp.MustCompile(`\{\{ *([a-z_]+) *\}\}`)
	threeDigits = regexp.MustCompile(`\b[0-9]{3}\b`)
	special     = regexp.MustCompile("[\\\\`*_\\[\\]<>{}~|&#]")
)

// filling puts the practice's name, phone and hours where a case's text has {{practice}}, {{phone}} or {{hours}}. A case is
// filled in when it is read, since nobody acknowledges it: it always has the number of today.
type filling struct {
	practice access.Practice
	language string
}

func filler(practice access.Practice, language string) filling { return filling{practice, language} }

func (f filling) plain(text string) string {
	return f.fill(text, func(value string) string { return value })
}

// markdown is plain for a Markdown text: nothing in a value acts as markup.
func (f filling) markdown(text string) string {
	return f.fill(text, func(value string) string { return special.ReplaceAllString(value, `\$0`) })
}

func (f filling) fill(text string, write func(string) string) string {
	return placeholder.ReplaceAllStringFunc(text, func(found string) string {
		name := placeholder.FindStringSubmatch(found)[1]
		value, known := f.value(name)
		if !known {
			return found
		}
		value = strings.Join(strings.Fields(value), " ")
		if value == "" {
			value = messages.Say(f.language, "policy.fill."+name, nil)
		}
		return write(value)
	})
}

// What stands in a case where the practice has said nothing else: the numbers of the United States, as in the policies.
const (
	usualEmergency  = "911"
	usualCrisisLine = "988"
)

func (f filling) value(name string) (string, bool) {
	switch name {
	case "practice":
		return f.practice.Name, true
	case "phone":
		return f.practice.Phone, true
	case "hours":
		return strings.TrimRight(f.practice.Hours, "."), true
	case "crisis_line":
		return cmp.Or(f.practice.CrisisLine, usualCrisisLine), true
	case "emergency":
		// The setting is a sentence for people, which may name the crisis line too.
		for _, number := range threeDigits.FindAllString(f.practice.Emergency, -1) {
			if number != cmp.Or(f.practice.CrisisLine, usualCrisisLine) {
				return number, true
			}
		}
		return usualEmergency, true
	}
	return "", false
}
