package cases

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"kinward/hooks/clinic"
	"kinward/hooks/frontmatter"
	"kinward/hooks/markdown"
)

// head is the front matter as it stands in a file; a name that is not here is refused, so that a slip of the pen shows.
type head struct {
	Slug, Title, Policy, Clause, Language string
	Roles                                 []string
	Position                              int
}

// choiceHead begins a choice: "## b. (good) Leave it".
var choiceHead = regexp.MustCompile(`^## +([a-z])\. +(\(good\) +)?(.+?) *$`)

// Parse takes one file apart, a case in one language. What it cannot read is Unreadable with the detail.
func Parse(raw []byte) (Case, string, error) {
	var h head
	body, err := frontmatter.Read(raw, markdown.MaxDocumentBytes, &h)
	if err != nil {
		return Case{}, "", unreadable(err.Error())
	}
	if !slices.Contains(clinic.Languages, h.Language) {
		return Case{}, "", unreadable("language: " + strings.Join(clinic.Languages, " or "))
	}
	text, err := parseBody(body)
	if err != nil {
		return Case{}, "", err
	}
	text.Title = h.Title
	c := Case{h.Slug, h.Roles, h.Policy, h.Clause, h.Position, map[string]Text{h.Language: text}}.tidy()
	if err := c.Validate(); err != nil {
		return Case{}, "", unreadable(detail(err))
	}
	return c, h.Language, nil
}

// parseBody reads the situation, then one choice after each heading of the second level.
func parseBody(body string) (Text, error) {
	var t Text
	part := &strings.Builder{}
	end := func() {
		if n := len(t.Choices); n > 0 {
			t.Choices[n-1].LeadsTo = part.String()
		} else {
			t.Situation = part.String()
		}
		part.Reset()
	}
	for one := range strings.SplitSeq(body, "\n") {
		if !strings.HasPrefix(one, "## ") {
			part.WriteString(one + "\n")
			continue
		}
		m := choiceHead.FindStringSubmatch(one)
		if m == nil {
			return Text{}, unreadable("a choice begins like this: ## b. (good) What one could do")
		}
		end()
		t.Choices = append(t.Choices, Choice{ID: m[1], Text: m[3], Good: m[2] != ""})
	}
	end()
	return t, nil
}

// readAll parses cases/LANGUAGE/SLUG.md of every language and puts the languages of one case together, by position.
func readAll(shipped fs.FS) ([]Case, error) {
	bySlug := map[string]Case{}
	for _, folder := range clinic.Languages {
		names, err := fs.Glob(shipped, "cases/"+folder+"/*.md")
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			raw, err := fs.ReadFile(shipped, name)
			if err != nil {
				return nil, err
			}
			c, language, err := Parse(raw)
			switch known, there := bySlug[c.Slug]; {
			case err != nil:
				return nil, fmt.Errorf("%s: %w", name, err)
			case language != folder || c.Slug+".md" != path.Base(name):
				return nil, fmt.Errorf("%s: %w", name, unreadable("the file is not named after its language and slug"))
			case !there:
				bySlug[c.Slug] = c
			case !alike(known, c):
				return nil, fmt.Errorf("%s: %w", name, unreadable("roles, policy, clause, position and choices differ between the languages"))
			default:
				known.Texts[language] = c.Texts[language]
			}
		}
	}
	return inOrder(bySlug), nil
}

func inOrder(bySlug map[string]Case) []Case {
	out := make([]Case, 0, len(bySlug))
	for _, c := range bySlug {
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b Case) int {
		if a.Position != b.Position {
			return a.Position - b.Position
		}
		return strings.Compare(a.Slug, b.Slug)
	})
	return out
}

// alike compares what two languages of one case must share.
func alike(a, b Case) bool {
	shape := func(c Case) string {
		for _, t := range c.Texts {
			var out strings.Builder
			for _, choice := range t.Choices {
				fmt.Fprint(&out, choice.ID, choice.Good, " ")
			}
			return out.String()
		}
		return ""
	}
	return slices.Equal(a.Roles, b.Roles) && a.Policy == b.Policy && a.Clause == b.Clause && a.Position == b.Position && shape(a) == shape(b)
}

// detail names the fields of a fault for who reads a log.
func detail(err error) string {
	var fault *clinic.Fault
	if !errors.As(err, &fault) || len(fault.Fields) == 0 {
		return err.Error()
	}
	said := make([]string, len(fault.Fields))
	for i, field := range fault.Fields {
		said[i] = field.Error()
	}
	return strings.Join(said, "; ")
}

func unreadable(detail string) error { return Unreadable.With("detail", detail) }
