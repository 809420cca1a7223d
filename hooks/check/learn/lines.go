package main

import (
	"cmp"
	"io/fs"
	"maps"
	"math"
	"slices"
	"strings"

	"kinward/hooks/check"
)

// studied is a labelled line as it is learned from.
type studied struct {
	check.Line
	check.Studied
	windows []instance
}

// instance is a window of a line: the numbers of its features, in order, and how much of each is in it.
type instance struct {
	features []int32
	amounts  []float32
	length   int
}

// study reads the lines that learning learns from: those that are harmless or labelled for a phrase detector.
func study(set fs.FS) ([]*studied, error) {
	var out []*studied
	for _, folder := range []string{"tuning", "learning"} {
		lines, err := check.ReadLines(set, folder)
		if err != nil {
			return nil, err
		}
		for _, line := range lines {
			if line.Finds == "" || slices.Contains(check.PhraseDetectors(), line.Finds) {
				out = append(out, &studied{Line: line, Studied: check.Study(line.Text, line.As)})
			}
		}
	}
	return out, nil
}

// book numbers the features of some lines.
type book struct {
	numbers map[string]int32
	names   []string
	scales  []float32
}

// The parts that a feature of each kind has in a window. Rare and many kinds have less, so that they do not outweigh words.
const (
	ofFamily = 0.7
	ofNext   = 0.7 // two words, one behind the other
	ofNear   = 0.5
	ofVector = 0.8
)

func scale(feature string) float32 {
	switch {
	case strings.Contains(feature, " .. "):
		return ofNear
	case isPair(feature):
		return ofNext
	case strings.Contains(feature, "<"):
		return ofFamily
	}
	return 1
}

// isPair reports whether a feature is of two words.
func isPair(feature string) bool {
	return strings.Contains(feature, " ")
}

// number gives every feature of the lines a number.
func number(lines []*studied) *book {
	b := &book{numbers: map[string]int32{}}
	for _, line := range lines {
		for _, stretch := range line.Stretches {
			for _, feature := range stretch.Features {
				if _, known := b.numbers[feature]; !known {
					b.numbers[feature] = int32(len(b.names))
					b.names = append(b.names, feature)
					b.scales = append(b.scales, scale(feature))
				}
			}
		}
	}
	return b
}

// size is how many weights there are: of features, dimensions, and of every window.
func (b *book) size() int { return len(b.names) + dimensions + 1 }

// always is what every window has.
const always = 0.5

// instances makes the windows of a line ready to be learned from.
func (b *book) instances(line *studied) []instance {
	var out []instance
	for _, w := range line.Windows {
		amounts, words := map[int32]float32{}, 0
		place := make([]float32, dimensions)
		for _, stretch := range line.Stretches[w[0]:w[1]] {
			words += stretch.Words
			for _, feature := range stretch.Features {
				i := b.numbers[feature]
				amounts[i] += b.scales[i]
			}
			for _, word := range stretch.Meant {
				for i, x := range vectors()[word] {
					place[i] += x * ofVector
				}
			}
		}
		for i, x := range place {
			amounts[int32(len(b.names)+i)] = x
		}
		part := float32(1 / math.Sqrt(float64(words+check.Few)))
		one := instance{features: slices.SortedFunc(maps.Keys(amounts), cmp.Compare), length: w[1] - w[0]}
		for _, i := range one.features {
			one.amounts = append(one.amounts, amounts[i]*part)
		}
		one.features, one.amounts = append(one.features, int32(b.size()-1)), append(one.amounts, always)
		out = append(out, one)
	}
	return out
}
