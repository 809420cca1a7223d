package main

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"kinward/hooks/check"
)

// What stands in weights is what the labelled lines teach: the weights are learned again and compared, byte for byte. The marks are
// chosen from five times as much learning, so that of them only what every window weighs is.
func TestTheWeightsAreLearnedOfTheLines(t *testing.T) {
	lines, err := study(os.DirFS("../testdata/labelled"))
	if err != nil {
		t.Fatal(err)
	}
	for name, file := range train(lines).files(make([]mark, len(check.PhraseDetectors()))) {
		is, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Base(name) != "marks.txt" && string(is) != string(file.Data) {
			t.Errorf("%s is not what the lines teach: run make learn-checks", name)
		}
	}
}

func TestEveryLineToLearnFromHasAWriterAndStandsOnce(t *testing.T) {
	known, kept := map[string]bool{}, 0
	for _, folder := range []string{"tuning", "kept", "learning"} {
		lines, err := check.ReadLines(os.DirFS("../testdata/labelled"), folder)
		if err != nil {
			t.Fatal(err)
		}
		switch folder {
		case "tuning":
			kept = -len(lines)
		case "kept":
			kept += len(lines)
		}
		for _, line := range lines {
			if folder == "learning" && line.By == "" {
				t.Errorf("%q has no writer", line.Text)
			}
			words := wordsAlone(line.Text)
			if known[words] && folder != "tuning" {
				t.Errorf("%q stands twice", line.Text)
			}
			known[words] = true
		}
	}
	if kept < 0 {
		t.Errorf("%d lines more are tuned on than are kept apart: it shall be half", -kept)
	}
}

// wordsAlone is a text without what does not make it another: capitals and signs.
func wordsAlone(text string) string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	return strings.Join(words, " ")
}

// Of windows that one feature tells apart, that feature gets the weight.
func TestSolvingTellsWindowsApart(t *testing.T) {
	const apple, pear, every = 0, 1, 2
	window := func(features ...int32) *instance {
		one := &instance{features: features}
		for range features {
			one.amounts = append(one.amounts, 1)
		}
		return one
	}
	p := &problem{}
	for range 20 {
		p.add(window(apple, every), 1, 1)
		p.add(window(pear, every), -1, 1)
	}
	weights := p.solve(3)
	if weights[apple] < 0.5 || weights[pear] > -0.5 || math.Abs(weights[every]) > 0.1 {
		t.Errorf("%v", weights)
	}
}

// Marks are lowered as far as the false alarms allow, and no farther.
func TestMarksKeepToTheAlarmsTheyMayGive(t *testing.T) {
	line := func(finds string, score float64) *judged {
		weighs := map[string]check.Weighed{"crisis": {Score: score}}
		return &judged{&studied{Line: check.Line{Finds: finds}}, weighs}
	}
	var lines []*judged
	for i := range 100 {
		lines = append(lines, line("", float64(i)/100), line("crisis", float64(i)/100+0.5))
	}
	for _, most := range []float64{0, 0.1, 0.3} {
		marks := choose(lines, most)
		alarms, harmless := alarms(lines, marks)
		if part := float64(alarms) / float64(harmless); part > most {
			t.Errorf("%.2f false alarms, and %.2f are allowed", part, most)
		}
		if found := count(lines, marks, 5); found.Recall() < 0.5+most-0.02 {
			t.Errorf("with %.2f false alarms only %.2f is found", most, found.Recall())
		}
	}
}

func TestEveryVectorHasItsPlace(t *testing.T) {
	if len(vectors()) < 5_000 {
		t.Fatalf("only %d words", len(vectors()))
	}
	near := func(a, b string) float64 {
		sum, one, other := 0.0, 0.0, 0.0
		for i, x := range vectors()[a] {
			y := vectors()[b][i]
			sum, one, other = sum+float64(x*y), one+float64(x*x), other+float64(y*y)
		}
		return sum / math.Sqrt(one*other)
	}
	if near("nurse", "doctor") < near("nurse", "truck") {
		t.Error("a nurse is more like a truck than a doctor")
	}
}
