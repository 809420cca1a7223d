package cases

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"kinward/hooks/clinic"
	"kinward/hooks/markdown"
	"kinward/policies"
)

// sound is a file that parses; what a test breaks stands in it once.
const sound = `---
slug: at-the-desk
title: At the desk
roles: [staff]
policy: privacy
clause: quiet-voice
position: 7
language: en
---
The phone **rings**.

## a. Let it ring
It rings on.

## b. (good) Answer
Somebody is glad.
`

func TestASoundFileIsRead(t *testing.T) {
	c, language, err := Parse([]byte(strings.ReplaceAll("\ufeff"+sound, "\n", "\r\n")))
	if err != nil {
		t.Fatal(err)
	}
	want := Text{"At the desk", "The phone **rings**.", []Choice{{"a", "Let it ring", "It rings on.", false}, {"b", "Answer", "Somebody is glad.", true}}}
	got := c.Texts["en"]
	if language != "en" || c.Slug != "at-the-desk" || c.Clause != "quiet-voice" || c.Position != 7 ||
		got.Title != want.Title || got.Situation != want.Situation || !slices.Equal(got.Choices, want.Choices) {
		t.Errorf("%s: %+v", language, c)
	}
}

func TestAFileThatIsWrongIsRefusedInWords(t *testing.T) {
	for name, c := range map[string]struct{ old, new, says string }{
		"no front matter":          {"---\nslug", "slug", "front matter"},
		"front matter has no end":  {"\n---\nThe", "\nThe", "front matter"},
		"an unknown name":          {"position: 7", "positoin: 7", "positoin"},
		"a name that stands twice": {"position: 7", "position: 7\nposition: 8", "already"},
		"a number in words":        {"position: 7", "position: seven", "seven"},
		"roles that are no list":   {"[staff]", "{staff: yes}", "line 3"},
		"no language":              {"language: en", "language:", "language"},
		"a language we lack":       {"language: en", "language: fr", "en or es"},
		"a slug with a blank":      {"at-the-desk", "at the desk", "slug"},
		"nobody to go through it":  {"[staff]", "[]", "roles"},
		"a role that nobody has":   {"[staff]", "[staff, operator]", "roles"},
		"the same role twice":      {"[staff]", "[staff, staff]", "roles"},
		"no policy":                {"policy: privacy", "policy:", "policy"},
		"no clause":                {"clause: quiet-voice", "clause:", "clause"},
		"no title":                 {"title: At the desk", "title:", "title"},
		"no situation":             {"The phone **rings**.", "", "situation"},
		"a choice without a dot":   {"## a. Let", "## a Let", "begins like this"},
		"a choice with a capital":  {"## a. Let", "## A. Let", "begins like this"},
		"a choice of no words":     {"## a. Let it ring", "## a. ", "begins like this"},
		"a letter twice":           {"## b. (good)", "## a. (good)", "choices"},
		"a single choice":          {"## a. Let it ring\nIt rings on.\n", "", "choices"},
		"no good way":              {"(good) ", "", "choices"},
		"a choice leads nowhere":   {"It rings on.", " ", "leads_to"},
		"too long a situation":     {"The phone", strings.Repeat("x", maxWords+1), "situation"},
		"not UTF-8":                {"rings", "r\xffngs", "UTF-8"},
		"a nought byte":            {"rings", "r\x00ngs", "UTF-8"},
		"a file of a megabyte":     {"rings", strings.Repeat("rings ", 1<<20/6), "bytes"},
	} {
		broken := strings.Replace(sound, c.old, c.new, 1)
		if broken == sound {
			t.Fatalf("%s: nothing is broken", name)
		}
		_, _, err := Parse([]byte(broken))
		var fault *clinic.Fault
		if !errors.As(err, &fault) || fault.Code != Unreadable.Code {
			t.Errorf("%s: %v", name, err)
		} else if said, _ := fault.Params["detail"].(string); !strings.Contains(said, c.says) {
			t.Errorf("%s: it says %q, and nothing of %q", name, said, c.says)
		}
	}
}

func TestAFolderThatIsWrongIsRefusedWithItsFile(t *testing.T) {
	spanish := strings.Replace(sound, "language: en", "language: es", 1)
	for name, c := range map[string]struct {
		files map[string]string
		says  string
	}{
		"another name":     {map[string]string{"cases/en/desk.md": sound}, "named after"},
		"another language": {map[string]string{"cases/es/at-the-desk.md": sound}, "named after"},
		"other choices": {map[string]string{"cases/en/at-the-desk.md": sound,
			"cases/es/at-the-desk.md": strings.Replace(spanish, "## a. ", "## a. (good) ", 1)}, "differ"},
		"another clause": {map[string]string{"cases/en/at-the-desk.md": sound,
			"cases/es/at-the-desk.md": strings.Replace(spanish, "quiet-voice", "loud-voice", 1)}, "differ"},
	} {
		files := fstest.MapFS{}
		for file, text := range c.files {
			files[file] = &fstest.MapFile{Data: []byte(text)}
		}
		last := slices.Max(slices.Collect(maps.Keys(c.files)))
		if _, err := readAll(files); err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), last) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzParse feeds the parser of case files. Whatever comes: no panic; what is refused is refused in words; what is taken can be stored, and
// says the same when it is read from there; and none of its words is lost or becomes a script.
func FuzzParse(f *testing.F) {
	for _, language := range clinic.Languages {
		entries, err := policies.FS.ReadDir("cases/" + language)
		if err != nil {
			f.Fatal(err)
		}
		for _, entry := range entries {
			if raw, err := policies.FS.ReadFile("cases/" + language + "/" + entry.Name()); err == nil {
				f.Add(raw)
			}
		}
	}
	f.Add([]byte(sound))
	for _, odd := range []string{"", "---\n---\n", "---\nroles: &a [*a]\n---\nx", "---\nlanguage: en\n---\n## a. x", "\ufeff---\r\nslug: a\r\n---\r\n## "} {
		f.Add([]byte(odd))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		c, language, err := Parse(raw)
		if err != nil {
			var fault *clinic.Fault
			if !errors.As(err, &fault) || fault.Params["detail"] == "" {
				t.Fatalf("refused without words: %v", err)
			}
			return
		}
		text := c.Texts[language]
		stored, err := json.Marshal(c)
		var back Case
		if err != nil || json.Unmarshal(stored, &back) != nil || back.Validate() != nil || !alike(c, back) || back.Texts[language].Situation != text.Situation {
			t.Fatalf("stored, it is another one: %+v, %+v, %v", c, back, err)
		}
		for _, part := range append([]Choice{{LeadsTo: text.Situation}}, text.Choices...) {
			if !strings.Contains(string(raw), strings.Split(part.LeadsTo, "\n")[0]) {
				t.Fatalf("these words are not in the file: %q", part.LeadsTo)
			}
			if page := strings.ToLower(markdown.Document(part.LeadsTo, false)); strings.Contains(page, "<script") {
				t.Fatalf("a script: %s", page)
			}
		}
	})
}
