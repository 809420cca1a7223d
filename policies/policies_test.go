package policies_test

import (
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"kinward/policies"
)

// meta is the front matter of one shipped file.
type meta struct {
	Slug     string
	Title    string
	Summary  string
	Audience string
	Position int
	Language string
	Class    string
	Reason   string
	Kind     string
	Strip    map[string]string
	Checks   []check
}

// text is one shipped file, taken apart.
type text struct {
	meta
	file    string
	body    string
	clauses []clause
}

// clause is one numbered paragraph.
type clause struct {
	number int
	id     string
	words  string
}

var (
	clauseLine  = regexp.MustCompile(`^(\d+)\. (.+) \{#([a-z][a-z0-9]*(?:-[a-z0-9]+)*)\}$`)
	link        = regexp.MustCompile(`\[[^\]]+\]\(([^)]+)\)`)
	placeholder = regexp.MustCompile(`\{\{([^}]*)\}\}`)
	languages   = []string{"en", "es"}
	shipped     = []string{"community-guidelines", "urgent-questions", "privacy", "staff-social-media", "testimonials", "caregivers", "sharing"}
	fillable    = []string{"practice", "phone", "hours", "emergency", "crisis_line"}
)

// read takes a shipped file apart and fails the test where it is not in the shape that the package promises.
func read(t *testing.T, language, slug string) text {
	t.Helper()
	name := path.Join(language, slug+".md")
	out := text{file: name}
	out.body = open(t, name, &out.meta)
	for line := range strings.Lines(out.body) {
		line = strings.TrimSuffix(line, "\n")
		found := clauseLine.FindStringSubmatch(line)
		if found == nil {
			if strings.Contains(line, "{#") || regexp.MustCompile(`^\d+[.)]`).MatchString(line) {
				t.Errorf("%s: a clause is one line, a number, its words and {#id} at the end: %q", name, line)
			}
			continue
		}
		number, _ := strconv.Atoi(found[1])
		out.clauses = append(out.clauses, clause{number, found[3], found[2]})
	}
	return out
}

// open reads the front matter of a file into meta, which knows every name that may stand there, and returns the body.
func open(t *testing.T, name string, meta any) string {
	t.Helper()
	raw, err := policies.FS.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	head, body, ok := strings.Cut(strings.TrimPrefix(string(raw), "---\n"), "\n---\n")
	if !ok {
		t.Fatalf("%s: no front matter", name)
	}
	decoder := yaml.NewDecoder(strings.NewReader(head))
	decoder.KnownFields(true)
	if err := decoder.Decode(meta); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return body
}

// each runs a check over every shipped file.
func each(t *testing.T, check func(t *testing.T, p text)) {
	t.Helper()
	for _, language := range languages {
		for _, slug := range shipped {
			t.Run(language+"/"+slug, func(t *testing.T) { check(t, read(t, language, slug)) })
		}
	}
}

func TestEveryFileIsKnown(t *testing.T) {
	var known, found []string
	for _, language := range languages {
		for folder, slugs := range map[string][]string{language: shipped, "cases/" + language: cases, "external/" + language: blocks} {
			for _, slug := range slugs {
				known = append(known, path.Join(folder, slug+".md"))
			}
		}
	}
	err := fs.WalkDir(policies.FS, ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			found = append(found, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(known)
	slices.Sort(found)
	if !slices.Equal(found, known) {
		t.Errorf("the files are\n%q\nand the lists of the tests know\n%q", found, known)
	}
}

func TestFrontMatter(t *testing.T) {
	positions := map[string]string{}
	each(t, func(t *testing.T, p text) {
		if p.Slug+".md" != path.Base(p.file) || p.Language != path.Dir(p.file) {
			t.Errorf("slug %q and language %q are not what the file is named after", p.Slug, p.Language)
		}
		if !slices.Contains([]string{"everyone", "patients", "staff"}, p.Audience) {
			t.Errorf("audience %q", p.Audience)
		}
		if p.Title == "" || p.Summary == "" || p.Reason == "" || p.Class != "material" {
			t.Errorf("title, summary, reason and class are all needed: %+v", p.meta)
		}
		if n := len([]rune(p.Summary)); n > 400 {
			t.Errorf("a summary of %d characters is not a summary", n)
		}
		place := p.Language + strconv.Itoa(p.Position)
		if other, taken := positions[place]; taken || p.Position < 1 {
			t.Errorf("position %d is taken by %s", p.Position, other)
		}
		positions[place] = p.Slug
	})
}

func TestClausesAreNumberedThroughAndNamedOnce(t *testing.T) {
	each(t, func(t *testing.T, p text) {
		seen := map[string]bool{}
		for i, c := range p.clauses {
			if c.number != i+1 {
				t.Errorf("clause {#%s} is numbered %d, want %d", c.id, c.number, i+1)
			}
			if seen[c.id] {
				t.Errorf("{#%s} stands twice", c.id)
			}
			seen[c.id] = true
		}
		if len(p.clauses) < 10 {
			t.Errorf("only %d clauses were found", len(p.clauses))
		}
	})
}

// Policies stand under one another where a member reads all that apply: an id that two of them share would lead astray.
func TestNoTwoPoliciesShareAClauseId(t *testing.T) {
	owner := map[string]string{}
	for _, slug := range shipped {
		for _, c := range read(t, "en", slug).clauses {
			if other, taken := owner[c.id]; taken {
				t.Errorf("{#%s} stands in %s and in %s", c.id, other, slug)
			}
			owner[c.id] = slug
		}
	}
}

func TestBothLanguagesSayTheSame(t *testing.T) {
	for _, slug := range shipped {
		t.Run(slug, func(t *testing.T) {
			first := read(t, languages[0], slug)
			for _, language := range languages[1:] {
				other := read(t, language, slug)
				if first.Audience != other.Audience || first.Position != other.Position || first.Class != other.Class || first.Kind != other.Kind {
					t.Errorf("%s: audience, position, class or kind differ", other.file)
				}
				if x, y := captured(placeholder, first.Summary), captured(placeholder, other.Summary); !slices.Equal(x, y) {
					t.Errorf("%s: the summary fills in %v against %v", other.file, x, y)
				}
				if len(first.clauses) != len(other.clauses) {
					t.Fatalf("%s has %d clauses, %s has %d", first.file, len(first.clauses), other.file, len(other.clauses))
				}
				for i, c := range first.clauses {
					compare(t, c, other.clauses[i])
				}
				if a, b := strings.Count(first.body, "\n## "), strings.Count(other.body, "\n## "); a != b {
					t.Errorf("%d headings against %d", a, b)
				}
			}
		})
	}
}

// compare holds a clause against its translation: the same id, the same links, the same things to fill in.
func compare(t *testing.T, a, b clause) {
	t.Helper()
	if a.id != b.id {
		t.Errorf("clause %d is {#%s} in one language and {#%s} in the other", a.number, a.id, b.id)
		return
	}
	for what, pattern := range map[string]*regexp.Regexp{"links": link, "placeholders": placeholder} {
		if x, y := captured(pattern, a.words), captured(pattern, b.words); !slices.Equal(x, y) {
			t.Errorf("{#%s}: %s %v against %v", a.id, what, x, y)
		}
	}
}

// captured lists what the pattern's group matches in s, sorted: languages order their words differently.
func captured(pattern *regexp.Regexp, s string) []string {
	var out []string
	for _, found := range pattern.FindAllStringSubmatch(s, -1) {
		out = append(out, found[1])
	}
	slices.Sort(out)
	return out
}

func TestPlaceholdersAreKnown(t *testing.T) {
	each(t, func(t *testing.T, p text) {
		fillsIn(t, p.Summary+p.body, fillable)
		for _, c := range p.Checks {
			fillsIn(t, c.Say, fillable)
		}
		for _, line := range p.Strip {
			fillsIn(t, line, fillable)
		}
		if strings.Contains(p.Title, "{{") {
			t.Error("a title holds no placeholder: it stands in lists and letters")
		}
	})
}

// fillsIn holds a text to the placeholders that something fills in.
func fillsIn(t *testing.T, s string, known []string) {
	t.Helper()
	for _, name := range captured(placeholder, s) {
		if !slices.Contains(known, name) {
			t.Errorf("nothing fills in {{%s}}", name)
		}
	}
}

func TestLinksLeadSomewhere(t *testing.T) {
	each(t, func(t *testing.T, p text) { followLinks(t, p.Language, p.body) })
}

// followLinks holds every link of a Markdown text to an https address, a shipped policy, or a clause of one.
func followLinks(t *testing.T, language, body string) {
	t.Helper()
	for _, target := range captured(link, body) {
		inside, ok := strings.CutPrefix(target, "/policies/")
		if !ok {
			if !strings.HasPrefix(target, "https://") {
				t.Errorf("%s is neither a policy nor an https address", target)
			}
			continue
		}
		slug, id, anchored := strings.Cut(inside, "#")
		if !slices.Contains(shipped, slug) {
			t.Errorf("%s leads to no shipped policy", target)
			continue
		}
		if anchored && !read(t, language, slug).has(strings.TrimPrefix(id, "clause-")) {
			t.Errorf("%s leads to no clause", target)
		}
	}
}

// has reports whether the text has a clause of that id.
func (p text) has(id string) bool {
	return slices.ContainsFunc(p.clauses, func(c clause) bool { return c.id == id })
}
