package cases

import (
	"regexp"

	"kinward/hooks/access"
)

var special = regexp.MustCompile("[\\\\`*_\\[\\]<>{}~|&#]")

// filling puts the practice's name, phone and hours into a case when it is read: it always has the number of today.
type filling struct {
	practice access.Practice
	language string
}

func filler(practice access.Practice, language string) filling { return filling{practice, language} }

func (f filling) plain(text string) string {
	return f.practice.Fill(text, f.language, nil, func(value string) string { return value })
}

// markdown is plain for a Markdown text: nothing in a value acts as markup.
func (f filling) markdown(text string) string {
	return f.practice.Fill(text, f.language, nil, func(value string) string { return special.ReplaceAllString(value, `\$0`) })
}
