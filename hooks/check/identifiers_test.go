package check

import (
	"os"
	"slices"
	"strings"
	"testing"

	"kinward/hooks/clinic"
)

// linesOf reads lines from a file of testdata, without its remarks.
func linesOf(t *testing.T, file string) (out []string) {
	t.Helper()
	text, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "//") {
			out = append(out, line)
		}
	}
	return out
}

// identifiersIn gives which identifiers are found in a patient's text.
func identifiersIn(text string) (out []string) {
	for _, found := range Find(text, about(string(clinic.Patient))) {
		if FamilyOf(found.Detector) == Identifier {
			out = append(out, found.Detector)
		}
	}
	return slices.Compact(out)
}

// Everyday sentences whose numbers and places are nobody's: in some of them something was found once.
func TestOrdinaryNumbersIdentifyNobody(t *testing.T) {
	for _, text := range linesOf(t, "nobodys.txt") {
		if found := identifiersIn(text); len(found) > 0 {
			t.Errorf("%q: %v", text, found)
		}
	}
}

// What identifies somebody, with words around it that speak of something else.
func TestIdentifiersAreFoundBesideOtherThings(t *testing.T) {
	for _, line := range linesOf(t, "somebodys.txt") {
		detector, text, _ := strings.Cut(line, ": ")
		if !slices.Contains(identifiersIn(text), detector) {
			t.Errorf("%q: no %s, but %v", text, detector, identifiersIn(text))
		}
	}
}
