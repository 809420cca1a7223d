package check

import (
	"fmt"
	"os"
	"testing"
)

// Every rule is found that is found where nobody asks first what it needs.
func TestWhatARuleNeedsHidesNothing(t *testing.T) {
	lines, err := ReadLines(os.DirFS("testdata/labelled"), "tuning")
	if err != nil {
		t.Fatal(err)
	}
	kept, err := ReadLines(os.DirFS("testdata/labelled"), "kept")
	if err != nil {
		t.Fatal(err)
	}
	g, err := loadGrammar(grammarFiles)
	if err != nil {
		t.Fatal(err)
	}
	needless, err := loadGrammar(grammarFiles)
	if err != nil {
		t.Fatal(err)
	}
	clear(needless.needsFrom)
	anyone := func(*rule) bool { return true }
	found := 0
	for _, line := range append(lines, kept...) {
		is, want := g.run(read(line.Text), anyone), needless.run(read(line.Text), anyone)
		if found += len(want); fmt.Sprint(is) != fmt.Sprint(want) {
			t.Errorf("%q: %v, without needs %v", line.Text, is, want)
			for _, h := range want {
				t.Log(g.rules[h.rule].line)
			}
		}
	}
	if found == 0 {
		t.Error("no rule is found at all")
	}
}
