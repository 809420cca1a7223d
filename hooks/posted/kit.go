package posted

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/frontmatter"
	"kinward/hooks/markdown"
	"kinward/hooks/messages"
)

// kit are the texts for where the practice is seen outside: its page on a social site, its web site, its waiting room.
type kit struct{ shipped fs.FS }

// block is one text to copy, with what it stands for.
type block struct {
	Slug     string `json:"slug"`
	Place    string `json:"place"` // facebook, website, waiting-room
	Title    string `json:"title"`
	Language string `json:"language"`
	Text     string `json:"text"` // plain, with the stamp as its last line
	HTML     string `json:"html"`
	Stamp    string `json:"stamp"` // the policy behind it, its version, date and short hash
	Policy   string `json:"policy"`

	position int
}

// head is a block's front matter. Policy names the policy that a block stands for, where that is not guidelines.
type head struct {
	Slug, Title, Place, Language, Policy string
	Position                             int
}

// guidelines is the policy behind a block that names none.
const guidelines = "community-guidelines"

// places lists where blocks are for, in the order in which they are shown.
var places = []string{"facebook", "website", "waiting-room"}

// view gives the texts in the caller's language with the practice's values filled in. They are made anew each time: nobody asks
// for them but who is about to copy one.
func (k kit) view(e *access.Event) error {
	practice := e.House.Practice()
	if !practice.SetUp {
		return clinic.SetUpFirst
	}
	language := e.Language()
	policies, err := inForce(e.App, language, practice.Language)
	if err != nil {
		return err
	}
	blocks, err := k.blocks(language)
	if err != nil {
		return err
	}
	link := e.House.PublicURL() + "/policies"
	for i := range blocks {
		blocks[i].finish(practice, policies, link)
	}
	return e.Write(http.StatusOK, map[string]any{"items": blocks, "next": "", "policies_link": link})
}

// blocks reads external/LANGUAGE/*.md.
func (k kit) blocks(language string) ([]block, error) {
	out := []block{}
	if k.shipped == nil {
		return out, nil
	}
	names, err := fs.Glob(k.shipped, "external/"+language+"/*.md")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		raw, err := fs.ReadFile(k.shipped, name)
		if err != nil {
			return nil, err
		}
		b, err := parseBlock(raw)
		if err == nil && (b.Language != language || b.Slug+".md" != path.Base(name)) {
			err = errors.New("the file is not named after its language and slug")
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out = append(out, b)
	}
	slices.SortFunc(out, func(a, b block) int {
		return cmp.Or(slices.Index(places, a.Place)-slices.Index(places, b.Place), a.position-b.position, strings.Compare(a.Slug, b.Slug))
	})
	return out, nil
}

func parseBlock(raw []byte) (block, error) {
	var h head
	body, err := frontmatter.Read(raw, clinic.MaxPostBytes, &h)
	switch {
	case err != nil:
		return block{}, err
	case h.Slug == "" || strings.TrimSpace(h.Title) == "" || strings.TrimSpace(body) == "":
		return block{}, errors.New("slug, title and text are needed")
	case !slices.Contains(places, h.Place):
		return block{}, errors.New("place: " + strings.Join(places, ", "))
	}
	return block{
		Slug: h.Slug, Place: h.Place, Title: h.Title, Language: h.Language, Policy: cmp.Or(h.Policy, guidelines),
		Text: strings.TrimSpace(body), position: h.Position,
	}, nil
}

// finish fills in the practice's values and puts the stamp under the text.
func (b *block) finish(practice access.Practice, policies []text, link string) {
	more := map[string]string{"policies_link": link}
	source := practice.Fill(b.Text, b.Language, more, func(value string) string { return value })
	if i := slices.IndexFunc(policies, func(t text) bool { return t.Slug == b.Policy }); i >= 0 {
		t := policies[i]
		b.Stamp = t.Title + " · " + stamp(t, b.Language)
	} else {
		b.Policy = ""
	}
	b.HTML = markdown.Document(source, false)
	b.Text = strings.ReplaceAll(source, "**", "")
	if b.Stamp != "" {
		b.Text += "\n\n" + b.Stamp
	}
}

// stamp names a text: its version, its date, and the beginning of its hash.
func stamp(t text, language string) string {
	return messages.Say(language, "posted.stamp", map[string]any{"number": t.Number, "date": messages.Day(t.day(), language), "hash": t.Short()})
}
