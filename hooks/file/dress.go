package file

import (
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"kinward/hooks/clinic"
)

// picture is an image of ours as the sanitizer leaves it, or as dress made it before.
var (
	picture = regexp.MustCompile(`<img src="` + clinic.FileAddress + `([a-z0-9]{15})"([^<>]*)>`)
	said    = regexp.MustCompile(` (alt|title)="([^"<>]*)"`)
)

// dress gives the pictures in sanitized HTML their size, so that nothing moves when they arrive, lets the browser wait with those
// that are further down, and says in words what one shows where its writer did not. Nothing that comes from people gets in
// unescaped: of what stood there only alt and title stay, as they were.
//
// A picture whose file is not among the rows stays as it is: a link into nothing, if it is nobody's. The page says there in words, and
// in its reader's language, that it is not to be had.
func dress(text string, rows []row) string {
	if !strings.Contains(text, clinic.FileAddress) {
		return text
	}
	return picture.ReplaceAllStringFunc(text, func(tag string) string {
		m := picture.FindStringSubmatch(tag)
		i := slices.IndexFunc(rows, func(f row) bool { return f.ID == m[1] })
		if i < 0 {
			return tag
		}
		f := rows[i]
		alt, title := "", ""
		for _, one := range said.FindAllStringSubmatch(m[2], -1) {
			if one[1] == "alt" {
				alt = one[2]
			} else {
				title = one[0]
			}
		}
		if f.Alt != "" {
			alt = html.EscapeString(f.Alt)
		}
		size := ""
		if f.Width > 0 && f.Height > 0 {
			size = ` width="` + strconv.Itoa(f.Width) + `" height="` + strconv.Itoa(f.Height) + `"`
		}
		return `<img src="` + clinic.FileAddress + f.ID + `" alt="` + alt + `"` + title + size + ` loading="lazy" decoding="async">`
	})
}

// undress takes from a picture that is gone what its file said: its description went with it, and there stays the one that the words
// of the text give. Nor does it keep a place free.
func undress(text, body, id string) string {
	alt := ""
	if m := regexp.MustCompile(`!\[([^\[\]\\&<>*_~` + "`" + `]*)\]\(` + clinic.FileAddress + id + `[ )]`).FindStringSubmatch(body); m != nil {
		alt = html.EscapeString(strings.TrimSpace(m[1]))
	}
	return picture.ReplaceAllStringFunc(text, func(tag string) string {
		if picture.FindStringSubmatch(tag)[1] != id {
			return tag
		}
		return `<img src="` + clinic.FileAddress + id + `" alt="` + alt + `">`
	})
}
