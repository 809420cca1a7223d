package check

import (
	"embed"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"sync"
)

//go:embed weights
var weightFiles embed.FS

// learnedLexicon and learnedWeights are read once, at the first text; tests read them too, so that a release cannot have broken ones.
var (
	learnedLexicon = sync.OnceValue(func() *lexicon {
		l, err := readLexicon(grammarFiles)
		if err != nil {
			panic(err)
		}
		return l
	})
	learnedWeights = sync.OnceValue(func() *learned {
		m, err := readWeights(weightFiles, learnedLexicon())
		if err != nil {
			panic(err)
		}
		return m
	})
)

// Step is what one stands for in the files of weights.
const Step = 0.01

// The files of weights. A line of words.txt is a word, or a mark, with its seven weights in the order of marks.txt, in hundredths. A
// line of pairs.txt is two words ("a b": one behind the other, "a .. b": soon behind the other) and the detectors for which they
// weigh. marks.txt has the detectors, with what every window begins with and the two marks.
const (
	wordsFile = "weights/words.txt"
	pairsFile = "weights/pairs.txt"
	marksFile = "weights/marks.txt"
)

func readWeights(files fs.FS, l *lexicon) (*learned, error) {
	m := &learned{lexicon: l, features: map[string]*weights{}, pairs: map[pair]*weights{}, symbols: map[string]int32{}}
	for name, take := range map[string]func(line string) error{wordsFile: m.word, pairsFile: m.pair, marksFile: m.mark} {
		source, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(string(source)) {
			if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "//") {
				continue
			}
			if err := take(line); err != nil {
				return nil, fmt.Errorf("%s: %q: %w", name, line, err)
			}
		}
	}
	m.begins = make([]bool, len(m.symbols)+1)
	for p := range m.pairs {
		m.begins[p.first] = true
	}
	m.prepare()
	return m, nil
}

func (m *learned) word(line string) error {
	at := len(line)
	for range many {
		if at = strings.LastIndexByte(line[:at], ' '); at < 0 {
			return fmt.Errorf("it has not %d weights", many)
		}
	}
	var w weights
	for d, said := range strings.Fields(line[at:]) {
		n, err := strconv.Atoi(said)
		if err != nil {
			return err
		}
		w[d] = float32(n) * Step
	}
	m.features[line[:at]] = &w
	return nil
}

func (m *learned) pair(line string) error {
	said := strings.Fields(line)
	p := pair{next: true}
	if len(said) > 1 && said[1] == nearSign {
		p.next = false
		said = append(said[:1], said[2:]...)
	}
	if len(said) < 3 {
		return fmt.Errorf("it has no weight")
	}
	p.first, p.second = m.symbol(said[0]), m.symbol(said[1])
	w := &weights{}
	for _, one := range said[2:] {
		detector, value, _ := strings.Cut(one, ":")
		d, n, err := valueOf(detector, value)
		if err != nil {
			return err
		}
		w[d] = float32(n) * Step
	}
	m.pairs[p] = w
	return nil
}

func (m *learned) mark(line string) error {
	said := strings.Fields(line)
	if len(said) != 4 {
		return fmt.Errorf("it has not three numbers")
	}
	for i, into := range []func(d int, value float64){
		func(d int, value float64) { m.base[d] = float32(value) },
		func(d int, value float64) { m.lower[d] = value },
		func(d int, value float64) { m.upper[d] = value },
	} {
		d, n, err := valueOf(said[0], said[i+1])
		if err != nil {
			return err
		}
		into(d, float64(n)*Step)
	}
	return nil
}

func valueOf(detector, value string) (d, n int, err error) {
	for d = range phraseDetectors {
		if phraseDetectors[d] == detector {
			n, err = strconv.Atoi(value)
			return d, n, err
		}
	}
	return 0, 0, fmt.Errorf("%q is no detector", detector)
}

// symbol numbers the words that pairs are made of, from 1.
func (m *learned) symbol(word string) int32 {
	if known := m.symbols[word]; known > 0 {
		return known
	}
	m.symbols[word] = int32(len(m.symbols) + 1)
	return m.symbols[word]
}

// prepare looks up beforehand what each word weighs that the files have, in a text of either language.
func (m *learned) prepare() {
	m.english, m.spanish = make(map[string]meaning, len(m.features)), make(map[string]meaning, len(m.features))
	for feature := range m.features {
		if word, inSpanish := strings.CutPrefix(feature, asSaidInSpanish); inSpanish {
			m.spanish[word] = m.look(word, true)
		} else if word = strings.TrimPrefix(word, asSaid); word != "" && letter(word[0]) {
			m.english[word] = m.look(word, false)
		}
	}
	for word := range m.lexicon.spanish {
		m.spanish[word] = m.look(word, true)
	}
}
