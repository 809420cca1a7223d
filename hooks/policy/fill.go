package policy

import (
	"regexp"
	"slices"
	"strings"

	"kinward/hooks/access"
	"kinward/hooks/messages"
)

// Practice is what a policy says of the practice: the values of its placeholders.
type Practice access.Practice

// in is what a text in a language says of it.
func (p Practice) in(language string) access.Practice { return access.Practice(p).In(language) }

// What stands in a policy where the practice has said nothing else: the numbers of the United States.
const (
	usualEmergency  = "911"
	usualCrisisLine = "988"
)

// placeholderNames are what a text may ask for in double braces.
var placeholderNames = []string{"practice", "phone", "hours", "emergency", "crisis_line"}

var (
	placeholder = regexp.MustCompile(`\{\{ *([a-z_]+) *\}\}`)
	telephone   = regexp.MustCompile(`[+(]?[0-9][0-9 ()./-]*[0-9]`)
	special     = regexp.MustCompile("[\\\\`*_\\[\\]<>{}~|&]")
	leading     = regexp.MustCompile(`^([0-9]{1,9})([.)])|^([#+=-])`)
	blockStart  = regexp.MustCompile(`^[ \t]*([0-9]+[.)]|[#>*+-]+)?[ \t]*$`)
	digits      = regexp.MustCompile(`[^0-9+]`)
	inLink      = regexp.MustCompile(`\[[^\]]*$`)
	inAddress   = regexp.MustCompile(`\]\([^)]*$`)
	spaces      = regexp.MustCompile(`[ \t]+`)
	lines       = regexp.MustCompile(`[ \t]*[\r\n]+[ \t]*`)
)

// Fill puts the practice's values in the place of a Markdown text's placeholders. A telephone number becomes a link that a phone
// dials. Else nothing in a value acts as Markdown, but that a bare web address becomes a link, as it does anywhere. A
// placeholder that nothing is known of stays as it is, so that the writer sees it.
func (p Practice) Fill(body, language string) string {
	return p.fill(body, language, func(before, name, value string) string {
		if name == "phone" || name == "emergency" || name == "crisis_line" {
			return dialled(before, value)
		}
		return escape(before, value)
	})
}

// FillPlain is Fill for a text that is not Markdown, as a summary.
func (p Practice) FillPlain(text, language string) string {
	return p.fill(text, language, func(_, _, value string) string { return value })
}

func (p Practice) fill(text, language string, write func(before, name, value string) string) string {
	var out strings.Builder
	end := 0
	for _, at := range placeholder.FindAllStringSubmatchIndex(text, -1) {
		name := text[at[2]:at[3]]
		value, known := p.value(name, language)
		if !known {
			continue
		}
		out.WriteString(text[end:at[0]])
		out.WriteString(write(sameLine(text[:at[0]]), name, value))
		end = at[1]
	}
	out.WriteString(text[end:])
	return out.String()
}

// sameLine is what stands before a placeholder on its line, as far back as matters.
func sameLine(before string) string {
	before = before[strings.LastIndexByte(before, '\n')+1:]
	return before[max(0, len(before)-200):]
}

// dialled writes a telephone number as a link, unless the text has it in a link already.
func dialled(before, value string) string {
	n := digits.ReplaceAllString(telephone.FindString(value), "")
	switch {
	case inAddress.MatchString(before) && n != "":
		return n
	case n == "" || inLink.MatchString(before):
		return escape(before, value)
	}
	return "[" + escape("[", value) + "](tel:" + n + ")"
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
		value = strings.TrimRight(line(p.in(language).Hours), ".")
	case "emergency":
		return p.emergency(language), true
	case "crisis_line":
		return p.crisisLine(), true
	default:
		return "", false
	}
	if value == "" {
		value = messages.Say(language, "policy.fill."+name, nil)
	}
	return value, true
}

// emergency is the number to call when a life is in danger. The setting is a sentence for people, which may name other numbers
// too: an emergency number has three digits nearly everywhere, and the crisis line's is never meant. Where the sentence in the text's
// language names no number, the practice's own does.
func (p Practice) emergency(language string) string {
	said := p.in(language).Emergency + "\n" + p.Emergency
	numbers := slices.DeleteFunc(telephone.FindAllString(said, -1), func(n string) bool { return n == p.crisisLine() })
	for _, n := range numbers {
		if len(n) == len(usualEmergency) {
			return n
		}
	}
	if len(numbers) > 0 {
		return numbers[0]
	}
	return usualEmergency
}

// crisisLine is the number for someone who thinks of suicide or cannot cope.
func (p Practice) crisisLine() string {
	if n := telephone.FindString(p.CrisisLine); n != "" {
		return n
	}
	return usualCrisisLine
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
