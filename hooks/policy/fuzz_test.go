package policy

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"kinward/hooks/clinic"
	"kinward/hooks/markdown"
	"kinward/policies"
)

// FuzzClauses feeds the parser of front matter and clauses. Whatever comes: no panic; what is refused is refused in words; what is
// taken has each clause once, and each is a place in the page that a link finds.
func FuzzClauses(f *testing.F) {
	for _, language := range clinic.Languages {
		entries, err := policies.FS.ReadDir(language)
		if err != nil {
			f.Fatal(err)
		}
		for _, entry := range entries {
			if raw, err := policies.FS.ReadFile(language + "/" + entry.Name()); err == nil {
				f.Add(raw)
			}
		}
	}
	for _, odd := range []string{"", "---\n---\n", "---\nslug: a\n---\n", "---\nslug: [a\n---\nx", "---\r\nslug: a\r\n---\r\n1. A {#a}\r\n1. B {#a}",
		"---\nunknown: yes\n---\nx", "---\nchecks: &a [*a]\n---\nx", "---\nstrip: {staff: 1}\n---\nx", "\ufeff---\nslug: a\n---\n{#a}"} {
		f.Add([]byte(odd))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		text, err := Parse(raw)
		if err != nil {
			var fault *clinic.Fault
			if !errors.As(err, &fault) {
				t.Fatalf("refused without a fault: %v", err)
			}
			return
		}
		ids := Clauses(text.Body)
		sorted := slices.Clone(ids)
		slices.Sort(sorted)
		if len(slices.Compact(sorted)) != len(ids) {
			t.Fatalf("a clause stands twice: %v", ids)
		}
		if words := text.words(); Sum(Practice{}.Fill(words.Body, text.Language)) == "" || !slices.Contains(Kinds, text.Kind) {
			t.Fatal("a text without a hash or a kind")
		}
		page := markdown.Document(text.Body, true)
		if strings.Count(page, `id="`+markdown.ClausePrefix) > len(ids) {
			t.Fatalf("the page has more clauses than the text: %v", ids)
		}
		for _, n := range clauseNumbers(text.Body) {
			if !slices.Contains(ids, n.ID) || n.Line < 1 {
				t.Fatalf("a clause that is none: %+v", n)
			}
		}
		if diff := compareWords("", text.Body); len(diff) == 0 {
			t.Fatal("a text that differs in nothing from none")
		}
	})
}
