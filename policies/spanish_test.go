package policies_test

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kinward/policies"
)

// familiar is how Spanish speaks to a friend; a practice says usted. What characters of a case say to each other is theirs.
var (
	familiar = regexp.MustCompile(`(?i)(?:^|[^\p{L}])(tú|tu|tus|ti|contigo|puedes|tienes|debes|quieres)(?:[^\p{L}]|$)`)
	inQuotes = regexp.MustCompile(`«[^»]*»`)
)

func TestSpanishSaysUstedAndClosesItsMarks(t *testing.T) {
	err := fs.WalkDir(policies.FS, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !slices.Contains(strings.Split(name, "/"), "es") {
			return err
		}
		raw, err := fs.ReadFile(policies.FS, name)
		if err != nil {
			return err
		}
		text := string(raw)
		if found := familiar.FindString(inQuotes.ReplaceAllString(text, "")); found != "" {
			t.Errorf("%s says %q", name, found)
		}
		for _, pair := range []string{"¿?", "¡!", "«»"} {
			marks := []rune(pair)
			if a, b := strings.Count(text, string(marks[0])), strings.Count(text, string(marks[1])); a != b {
				t.Errorf("%s: %d of %c and %d of %c", name, a, marks[0], b, marks[1])
			}
		}
		_, body, _ := strings.Cut(text, "\n---\n")
		if strings.Contains(body, `"`) {
			t.Errorf("%s: the marks of a quote are « and »", name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
