package check

import (
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kinward/hooks/clinic"
)

// weighing makes weights with which "melon" alone speaks for a detector.
func weighing(t *testing.T, detector string) *learned {
	t.Helper()
	at := slices.Index(phraseDetectors, detector)
	numbers := strings.Repeat(" 0", at) + " 500" + strings.Repeat(" 0", many-at-1)
	m, err := readWeights(fstest.MapFS{
		wordsFile: &fstest.MapFile{Data: []byte("melon" + numbers)},
		pairsFile: &fstest.MapFile{Data: []byte("// none")},
		marksFile: &fstest.MapFile{Data: []byte(detector + " -100 -50 10")},
	}, learnedLexicon())
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func besides(t *testing.T, m *learned, grammar, said string) []Found {
	t.Helper()
	g, err := compile("", map[string]string{"crisis": grammar}, []string{"crisis"})
	if err != nil {
		t.Fatal(err)
	}
	text := read(said)
	hits, spared := g.judged(text, func(*rule) bool { return true })
	return m.beside(text, clinic.Patient, g, hits, spared, func(detector string) bool { return detector == "crisis" })
}

// What no phrase of a grammar has is found by the weight of its words: the place is their sentence, and the rule names them.
func TestAFindingThatWasLearnedNamesItsWords(t *testing.T) {
	said := "It rained all week. There lies a melon. Beans are on sale. The bus was late. We went home."
	found := besides(t, weighing(t, "crisis"), "+ red", said)
	if len(found) != 1 {
		t.Fatalf("%v", found)
	}
	if is := said[found[0].Start:found[0].End]; is != "There lies a melon" {
		t.Errorf("the place is %q", is)
	}
	if found[0].Rule != learnedRule+"melon 5.00" {
		t.Errorf("the rule is %q", found[0].Rule)
	}
}

func TestGrammarAndWeightsTogether(t *testing.T) {
	m := weighing(t, "crisis")
	for _, c := range []struct {
		grammar, said string
		want          bool
	}{
		{"+ red", "a melon on the table", true},
		{"+ red", "a pear on the table", false},
		{"~ table", "a melon on the table", false},                // a spared sentence stays spared
		{"~ table", "a ripe melon. A pear on the table", true},    // and no other
		{"+ red", "a melon", false},                               // one word would decide
		{"= table", "a ripe melon. A pear on the table", false},   // the whole text
		{"+ pear", "a pear that stands on the table", false},      // much else, and nothing that speaks for it
		{"* pear", "a pear that stands on the table", true},       // stands whatever is learned
		{"+ a ..1 pear", "a pear", true},                          // hardly anything else is said
		{"+ pear", "a pear that stands by the melon there", true}, // the words around speak for it
	} {
		if is := len(besides(t, m, c.grammar, c.said)) > 0; is != c.want {
			t.Errorf("%q in %q: %v", c.grammar, c.said, is)
		}
	}
}

// A post of very many harmless sentences has very many windows, and not one of them is found.
func TestALongHarmlessTextDoesNotAlarm(t *testing.T) {
	sentences := []string{
		"My tomatoes came up well this year and I gave half of them to my sister.", "We watched the game on Sunday and ate too much bread.",
		"The bus was full, so I walked home along the river.", "My grandson learned to ride his bike, and he is proud of it.",
		"I made soup with beans, carrots and a little garlic.", "It rained all week and the cat would not go out.",
		"Has anyone read a good book lately?", "The library has new chairs, and they are soft.", "Compré pan dulce y lo compartí con mis vecinas.",
		"El domingo fuimos al parque con los niños y comimos helado.",
	}
	var said strings.Builder
	for i := 0; said.Len() < clinic.MaxPostBytes/slowed-100; i++ {
		said.WriteString(sentences[i*7%len(sentences)] + " ")
	}
	for _, role := range []clinic.Role{clinic.Patient, clinic.Provider} {
		for _, found := range Find(said.String(), Context{Role: role}) {
			t.Errorf("%s: %s", found.Detector, found.Rule)
		}
	}
}

// What is weighed beforehand and what learning reads of a line come to the same.
func TestStudyingAndWeighingAgree(t *testing.T) {
	m := learnedWeights()
	for _, said := range []string{"Did your knee hurt, Rosa, when you took 2 of these?", "Mi nieta ya no quiere salir de su cuarto, https://example.org/a", "It stopped. I was waiting 3 hours.", "![A garden](/api/clinic/files/abc) in May"} {
		text := read(said)
		w := m.weigh(text, clinic.Staff)
		for i, stretch := range Study(said, clinic.Staff).Stretches {
			var sum weights
			for _, feature := range stretch.Features {
				if one := m.features[feature]; one != nil {
					sum.add(one)
				}
				if words := strings.Fields(feature); len(words) > 1 {
					p := pair{m.symbols[words[0]], m.symbols[words[len(words)-1]], len(words) == 2}
					if one := m.pairs[p]; one != nil {
						sum.add(one)
					}
				}
			}
			for _, word := range stretch.Meant {
				if one := m.features[asSaid+word]; one != nil && m.lexicon.of(word, false).base == word {
					sum.add(one)
				}
			}
			for d := range sum {
				if difference := sum[d] - w.sums[i][d]; difference > 0.001 || difference < -0.001 {
					t.Errorf("%q: %s weighs %.3f and %.3f", said, phraseDetectors[d], w.sums[i][d], sum[d])
				}
			}
		}
	}
}

func TestWordsCountAsTheirForms(t *testing.T) {
	l := learnedLexicon()
	for word, same := range map[string]string{"stopped": "stop", "took": "taking", "cries": "cry", "waited": "waiting", "hours": "hour", "hurting": "hurt"} {
		if l.of(word, false).base != l.of(same, false).base {
			t.Errorf("%s is %s and %s is %s", word, l.of(word, false).base, same, l.of(same, false).base)
		}
	}
	for word, same := range map[string]string{"matarme": "kill", "esperando": "waiting", "pastillas": "pills", "enfermera": "nurse"} {
		if l.of(word, true).base != l.of(same, false).base {
			t.Errorf("%s is %s and %s is %s", word, l.of(word, true).base, same, l.of(same, false).base)
		}
	}
	for said, want := range map[string]bool{"quiero morirme": true, "I want to die": false, "La doctora me habló": true, "": false} {
		if is := read(said).spanish(l); is != want {
			t.Errorf("%q: Spanish is %v", said, is)
		}
	}
}

func TestBrokenWeightsNameTheirLine(t *testing.T) {
	good := fstest.MapFS{wordsFile: {Data: []byte("a 1 2 3 4 5 6 7")}, pairsFile: {Data: []byte("a b crisis:1\na .. b crisis:2")}, marksFile: {Data: []byte("crisis 1 2 3")}}
	if _, err := readWeights(good, learnedLexicon()); err != nil {
		t.Fatal(err)
	}
	for name, lines := range map[string][]string{
		wordsFile: {"a 1 2 3", "a 1 2 3 4 5 6 x"}, pairsFile: {"a b", "a b crisis:x", "a b none:1", "a"}, marksFile: {"crisis 1 2", "none 1 2 3", "crisis 1 2 x"},
	} {
		for _, line := range lines {
			broken := fstest.MapFS{wordsFile: good[wordsFile], pairsFile: good[pairsFile], marksFile: good[marksFile]}
			broken[name] = &fstest.MapFile{Data: []byte(line)}
			if _, err := readWeights(broken, learnedLexicon()); err == nil || !strings.Contains(err.Error(), line) {
				t.Errorf("%s: %q: %v", name, line, err)
			}
		}
	}
}

// The weights are read when the first text comes, which must not have to wait for it.
func TestWeightsAreReadQuickly(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	best := time.Hour
	for range 5 {
		start := processorTime()
		if _, err := readWeights(weightFiles, learnedLexicon()); err != nil {
			t.Fatal(err)
		}
		best = min(best, processorTime()-start)
	}
	if best > 60*time.Millisecond*slowed {
		t.Errorf("reading the weights takes %v", best)
	}
	t.Logf("%v", best)
}
