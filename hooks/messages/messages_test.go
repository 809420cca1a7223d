package messages

import (
	"encoding/json"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"testing"

	"kinward/hooks/clinic"
)

func read(t *testing.T, name string) map[string]any {
	t.Helper()
	text, err := files.ReadFile(name)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	out := map[string]any{}
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return out
}

var parameter = regexp.MustCompile(`\{\{\.(\w+)\}\}`)

func parameters(v any) []string {
	text, _ := json.Marshal(v)
	found := map[string]bool{}
	for _, m := range parameter.FindAllStringSubmatch(string(text), -1) {
		found[m[1]] = true
	}
	return slices.Sorted(maps.Keys(found))
}

func TestEveryLanguageSaysEverythingWithTheSameParameters(t *testing.T) {
	names, err := fs.Glob(files, "en/*.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("no catalogue: %v", err)
	}
	for _, name := range names {
		english := read(t, name)
		for _, lang := range clinic.Languages[1:] {
			other := read(t, lang+name[2:])
			for key, text := range english {
				if other[key] == nil {
					t.Errorf("%s lacks %s", lang+name[2:], key)
				} else if a, b := parameters(text), parameters(other[key]); !slices.Equal(a, b) {
					t.Errorf("%s: %s takes %v, %s takes %v", name, key, a, lang, b)
				}
			}
			for key := range other {
				if english[key] == nil {
					t.Errorf("%s has %s, which English lacks", lang+name[2:], key)
				}
			}
		}
	}
}

func TestSay(t *testing.T) {
	if got := Say("es", "fault.too_long", map[string]any{"max": 60}); got != "Es demasiado largo. Aquí caben como máximo 60." {
		t.Errorf("Spanish: %q", got)
	}
	if got := Say("fr", "fault.required", nil); got != "Please fill this in." {
		t.Errorf("a language not spoken: %q", got)
	}
	if got := Say("en", "no.such.key", nil); got != "no.such.key" {
		t.Errorf("a missing key: %q", got)
	}
}

func TestChoose(t *testing.T) {
	for wishes, want := range map[string]string{"": "en", "es-MX,es;q=0.9,en;q=0.8": "es", "fr,de;q=0.5": "en", "fr, es;q=0.1": "es", ";;;": "en"} {
		if got := Choose(wishes, "en"); got != want {
			t.Errorf("Choose(%q) = %q, want %q", wishes, got, want)
		}
	}
}
