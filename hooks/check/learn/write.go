package main

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing/fstest"

	"kinward/hooks/check"
)

// What weighs less than this many hundredths is left out of the files: there are very many of these, and they say little.
const (
	leastOfWord = 12
	leastOfPair = 14
)

// files gives what was learned as it stands in weights/.
func (m *model) files(marks []mark) fstest.MapFS {
	words, pairs := m.words(), m.pairs()
	return fstest.MapFS{
		"weights/words.txt": &fstest.MapFile{Data: []byte(words)},
		"weights/pairs.txt": &fstest.MapFile{Data: []byte(pairs)},
		"weights/marks.txt": &fstest.MapFile{Data: []byte(m.marks(marks))},
	}
}

func hundredths(x float64) int { return int(math.Round(x / check.Step)) }

// words gives the weights of all but pairs. A word that has a place among the vectors weighs for its place too.
func (m *model) words() string {
	rows := map[string][]float64{}
	row := func(name string) []float64 {
		if rows[name] == nil {
			rows[name] = make([]float64, len(check.PhraseDetectors()))
		}
		return rows[name]
	}
	for d, detector := range check.PhraseDetectors() {
		weights := m.weights[detector]
		for i, name := range m.book.names {
			if !isPair(name) {
				row(name)[d] += weights[i] * float64(m.book.scales[i])
			}
		}
		for word, place := range vectors() {
			sum := 0.0
			for i, x := range place {
				sum += weights[len(m.book.names)+i] * float64(x)
			}
			row("=" + word)[d] += sum * ofVector
		}
	}
	var out strings.Builder
	fmt.Fprintf(&out, "// Learned: make learn-checks. What a word weighs for %s, in hundredths.\n", strings.Join(check.PhraseDetectors(), ", "))
	out.WriteString("// \"=\" (in Spanish \"es=\") is before a word as it is said; others stand for all their forms, <…> for a family, ~<…> for one of meanings.txt.\n")
	for _, name := range slices.Sorted(maps.Keys(rows)) {
		line, most := name, 0
		for _, x := range rows[name] {
			n := hundredths(x)
			most = max(most, n, -n)
			line += fmt.Sprintf(" %d", n)
		}
		if most >= leastOfWord {
			out.WriteString(line + "\n")
		}
	}
	return out.String()
}

// pairs gives the weights of two words together.
func (m *model) pairs() string {
	var lines []string
	for i, name := range m.book.names {
		if !isPair(name) {
			continue
		}
		line, most := name, 0
		for _, detector := range check.PhraseDetectors() {
			n := hundredths(m.weights[detector][i] * float64(m.book.scales[i]))
			if n >= leastOfPair || n <= -leastOfPair {
				line += fmt.Sprintf(" %s:%d", detector, n)
				most++
			}
		}
		if most > 0 {
			lines = append(lines, line)
		}
	}
	slices.Sort(lines)
	return "// Learned: make learn-checks. What two words weigh together, in hundredths: \"a b\" one behind the other, \"a .. b\" soon behind it.\n" +
		strings.Join(lines, "\n") + "\n"
}

// mark is from where on a detector finds: what its grammar found, and what only weighs.
type mark struct{ lower, upper float64 }

func (m *model) marks(marks []mark) string {
	out := "// Learned: make learn-checks. For each detector, in hundredths: what every window weighs; above what a finding of the grammar stands;\n" +
		"// above what a window is found by its weight alone.\n"
	for d, detector := range check.PhraseDetectors() {
		base := m.weights[detector][m.book.size()-1] * always
		out += fmt.Sprintf("%s %d %d %d\n", detector, hundredths(base), hundredths(marks[d].lower), hundredths(marks[d].upper))
	}
	return out
}
