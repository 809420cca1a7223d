package policy

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func texts(diff []change) (old, now string) {
	var a, b strings.Builder
	for _, c := range diff {
		if c.Op != "insert" {
			a.WriteString(c.Text)
		}
		if c.Op != "delete" {
			b.WriteString(c.Text)
		}
	}
	return a.String(), b.String()
}

func TestADiffIsOfWords(t *testing.T) {
	got := compareWords("Please call us at once.", "Please ring us at once, or write.")
	want := []change{{"equal", "Please "}, {"delete", "call"}, {"insert", "ring"}, {"equal", " us at once"}, {"insert", ", or write"}, {"equal", "."}}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	for _, c := range compareWords("the patient's data", "the patients' dates") {
		if c.Op != "equal" && slices.Contains([]string{"a", "es", "'"}, c.Text) {
			t.Errorf("half a word is marked: %q", c)
		}
	}
}

func TestADiffGivesBothTextsBack(t *testing.T) {
	for _, pair := range [][2]string{
		{"", ""}, {"", "New.\n\nTwo."}, {"Old.", ""}, {"Ñandú  y\tcigüeña\n", "Ñandú y cigüeña 🙂\n"}, {"a\r\nb", "a\nb"}, {"same", "same"},
		{strings.Repeat("one two three. ", 400), strings.Repeat("one two four. ", 390)},
	} {
		diff := compareWords(pair[0], pair[1])
		if a, b := texts(diff); a != pair[0] || b != pair[1] {
			t.Errorf("%.40q and %.40q came back as %.40q and %.40q", pair[0], pair[1], a, b)
		}
	}
}

// The worst that a text within the limit can be: every word another one, in both.
func TestADiffOfLongTextsEnds(t *testing.T) {
	var a, b strings.Builder
	for i := range 14_000 {
		a.WriteString(strings.Repeat("x", i%3) + string(rune('a'+i%26)) + string(rune(0x4E00+i)) + " ")
		b.WriteString(string(rune(0x9FA0-i)) + " ")
	}
	begun := time.Now()
	diff := compareWords(a.String(), b.String())
	if old, now := texts(diff); old != a.String() || now != b.String() {
		t.Error("the texts came back changed")
	}
	if took := time.Since(begun); took > 10*diffFor {
		t.Errorf("it took %v", took)
	}
	for place := range lettersInPlane + spareEnd - firstSpare + 10 {
		if placeOf(letterOf(place)) != place {
			t.Fatalf("the letter of %d is read as %d", place, placeOf(letterOf(place)))
		}
	}
}

func FuzzDiff(f *testing.F) {
	f.Add("Please call us.", "Please ring us.")
	f.Fuzz(func(t *testing.T, a, b string) {
		old, now := texts(compareWords(a, b))
		if old != strings.ToValidUTF8(a, "\uFFFD") && old != a || now != strings.ToValidUTF8(b, "\uFFFD") && now != b {
			t.Errorf("%q and %q came back as %q and %q", a, b, old, now)
		}
	})
}
