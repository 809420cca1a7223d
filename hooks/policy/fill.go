package policy

import (
	"regexp"
	"strings"

	"kinward/hooks/messages"
)

// Practice is what a policy says of the practice: the values of its placeholders.
type Practice struct{ Name, Phone, Hours, Emergency, CrisisLine, Language string }

// What stands in a policy where the practice has said nothing else: the numbers of the United States.
const (
	usualEmergency  = "911"
	usualCrisisLine = "988"
)

var (
	placeholder = regexp.MustCompile(`\{\{ *([a-z_]+) *\}\}`)
	telephone   = regexp.MustCompile(`[+(]?[0-9][0-9 ()./-]*[0-9]`)
	special     = regexp.MustCompile("[\\\\`*_\\[\\]<>{}~|&]")
	leading     = regexp.MustCompile(`^([0-9]{1,9})([.)])|^([#+=-])`)
	blockStart  = regexp.MustCompile(`(^|\n)[ \t]*([0-9]+[.)]|[#>*+-]+)?[ \t]*$`)
	spaces      = regexp.MustCompile(`[ \t]+`)
	lines       = regexp.MustCompile(`[ \t]*[\r\n]+[ \t]*`)
)

// Fill puts the practice's values in the place of a Markdown text's placeholders. Nothing in a value acts as Markdown, but
// that a bare web address becomes a link, as it does anywhere. A placeholder that nothing is known of stays as it is, so that
// the writer sees it.
func (p Practice) Fill(body, language string) string { return p.fill(body, language, escape) }

// FillPlain is Fill for a text that is not Markdown, as a summary.
func (p Practice) FillPlain(text, language string) string {
	return p.fill(text, language, func(_, value string) string { return value })
}

func (p Practice) fill(text, language string, write func(before, value string) string) string {
	var out strings.Builder
	end := 0
	for _, at := range placeholder.FindAllStringSubmatchIndex(text, -1) {
		value, known := p.value(text[at[2]:at[3]], language)
		if !known {
			continue
		}
		out.WriteString(text[end:at[0]])
		out.WriteString(write(text[:at[0]], value))
		end = at[1]
	}
	out.WriteString(text[end:])
	return out.String()
}

// value gives what a placeholder stands for, with words for what the practice has not said.
func (p Practice) value(name, language string) (string, bool) {
	var value string
	switch name {
	case "practice":
		value = line(p.Name)
	case "phone":
		value = line(p.Phone)
	case "hours":
		value = strings.TrimRight(line(p.Hours), ".")
	case "emergency":
		return number(p.Emergency, usualEmergency), true
	case "crisis_line":
		return number(p.CrisisLine, usualCrisisLine), true
	default:
		return "", false
	}
	if value == "" {
		value = messages.Say(language, "policy.fill."+name, nil)
	}
	return value, true
}

// number takes the telephone number out of what was entered: a setting may hold a sentence around it.
func number(entered, usual string) string {
	if found := telephone.FindString(entered); found != "" {
		return found
	}
	return usual
}

// line makes one line of what was entered on several.
func line(s string) string {
	s = lines.ReplaceAllString(strings.TrimSpace(s), "; ")
	return spaces.ReplaceAllString(s, " ")
}

// escape keeps a value from acting as Markdown: a practice called "*Care* & Co" is called just that. What stands before it
// tells whether it begins a block, where a digit or a hyphen would make a list.
func escape(before, value string) string {
	value = special.ReplaceAllString(value, `\$0`)
	if !blockStart.MatchString(before) {
		return value
	}
	return leading.ReplaceAllString(value, `$1\$2$3`)
}
