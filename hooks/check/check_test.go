package check

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"kinward/hooks/clinic"
)

func about(role string) Context {
	return Context{Role: clinic.Role(role), Names: labelledNames(), Words: labelledWords}
}

func TestEveryDetectorFindsItsExamplesAndSparesItsCounterExamples(t *testing.T) {
	for _, d := range Detectors {
		for _, example := range d.Finds {
			context := about(example.Role)
			context.Only = []string{d.ID}
			if len(Find(example.Text, context)) == 0 {
				t.Errorf("%s does not find %q", d.ID, example.Text)
			}
		}
		for _, example := range d.Spares {
			if found := Find(example.Text, about(example.Role)); len(found) > 0 {
				t.Errorf("%s: %q is harmless, and %s was found: %s", d.ID, example.Text, found[0].Detector, found[0].Rule)
			}
		}
		if d.Version < 1 || len(d.Finds) == 0 || len(d.Spares) == 0 {
			t.Errorf("%s has no version, example or counter-example", d.ID)
		}
	}
}

// A detector that judges otherwise has another version, by which it can be told afterwards what a text was judged by.
func TestPhrasesRise(t *testing.T) {
	const judgesBy = "31c909806e3a5bdfb347377938cc05adbc6152121600010d40bb54a067a06b2a" // of the files, by version 6
	sum := sha256.New()
	for _, folder := range []string{"grammar", "weights"} {
		files, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(filepath.Join(folder, file.Name()))
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(sum, "%s %d\n%s", file.Name(), len(text), text)
		}
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != judgesBy {
		t.Errorf("what the detectors of phrases judge by has changed: raise phrasesVersion in detectors.go, and write %s here", got)
	}
}

// TestBounds holds the figures that a release must reach on both halves of the labelled set.
func TestBounds(t *testing.T) {
	figures, err := Measure(os.DirFS("testdata/labelled"))
	if err != nil {
		t.Fatal(err)
	}
	lines, harmless := 0, 0
	for name, half := range map[string]Half{"tuning": figures.Tuning, "kept": figures.Kept} {
		lines, harmless = lines+half.Lines, harmless+half.Harmless
		for what, is := range map[string][2]float64{
			"overall recall": {half.Overall.Recall(), 0.8}, "recall of crisis": {half.Detectors["crisis"].Recall(), 0.9},
			"recall of identifiers": {half.Identifier.Recall(), 0.9}, "harmless lines left alone": {1 - half.FalseAlarms(), 0.92},
		} {
			if is[0] < is[1] {
				t.Errorf("%s: %s is %.3f and shall be at least %.2f", name, what, is[0], is[1])
			}
		}
		for _, d := range Detectors {
			if c := half.Detectors[d.ID]; c.Right+c.Missed == 0 {
				t.Errorf("%s: no line for %s", name, d.ID)
			}
		}
	}
	if lines < 500 || harmless*100 < lines*45 {
		t.Errorf("%d lines, %d of them harmless: at least 500, about half of them", lines, harmless)
	}
	written := Measured()
	if fmt.Sprint(written.Tuning.Detectors, written.Kept.Detectors, written.Tuning.Alarms, written.Kept.Alarms) !=
		fmt.Sprint(figures.Tuning.Detectors, figures.Kept.Detectors, figures.Tuning.Alarms, figures.Kept.Alarms) {
		t.Error("measured.json is not of these detectors: run make bench-checks")
	}
}

func TestPlacesCountCodePoints(t *testing.T) {
	for text, want := range map[string]string{
		"Escríbame 🙂 a rosa.díaz@gmail.com, señora":      "rosa.díaz@gmail.com",
		"ñandú 👩‍⚕️\r\n\r\nmy ssn: 078-05-1120 ok":       "078-05-1120",
		"I want to k\u200bill m\u00adyself":              "k\u200bill m\u00adyself",
		"mail ro\u0441a58@gm\u0430il.com now":            "ro\u0441a58@gm\u0430il.com",
		"rosa58&#64;gmail.com":                           "rosa58&#64;gmail.com",
		"“rosa58 (at) gmail (dot) com”":                  "rosa58 (at) gmail (dot) com",
		"no quiero vivir":                                "no quiero vivir",
		"e\u0301l dice: ya no quiero vivir":              "ya no quiero vivir",
		"My code is ５５５, call me at ６１７-５５５-０１８２ please": "６１７-５５５-０１８２",
	} {
		found := Find(text, about("patient"))
		if len(found) == 0 {
			t.Errorf("%q: nothing found", text)
			continue
		}
		is := string([]rune(text)[found[0].Start:found[0].End])
		if !strings.Contains(is, want) {
			t.Errorf("%q: found %q", text, is)
		}
	}
}

func TestAnAddressOfAPageIsOneWord(t *testing.T) {
	for _, text := range []string{
		"https://example.org/i-want-to-die/kill-myself", "see example.org/rose-whitfield", "https://example.org/?take=800mg&dr=best-clinic",
	} {
		if found := Find(text, about("patient")); len(found) > 0 {
			t.Errorf("%q: %v", text, found)
		}
	}
}

func TestNames(t *testing.T) {
	for text, want := range map[string]int{
		"MARISOL VEGA wrote that": 1, "marisol, thank you": 1, "Did you ask Rose about it?": 1, "a rose in the garden": 0, "I read that Rose said so": 1,
		"I will go": 0, "Will you come?": 0, "Ask Will": 1, "Hope helps": 0, "I hope so": 0, "May I ask?": 0, "in May 2020": 0, "on May 3": 0,
		"jurgen or Jürgen": 2, "Haas’s post": 1, "marisolvega": 0, "la luz del sol": 0, "vi a Luz ayer": 1, "TAKE THE ROSE AND GO": 0, "@rose hi": 1,
	} {
		context := about("patient")
		context.Only = []string{"member_name"}
		if found := Find(text, context); len(found) != want {
			t.Errorf("%q: %d names, not %d: %v", text, len(found), want, found)
		}
	}
	if found := Find("Marisol Vega", Context{Role: clinic.Patient}); len(found) > 0 {
		t.Error("a name was found that the writer cannot see")
	}
}

func TestOwnNumbersAreNoOnesSecret(t *testing.T) {
	text := "Call us at (555) 010-0100 or write to care@lakeside.example"
	context := about("staff")
	context.Only = Members(Identifier)
	if len(Find(text, context)) != 2 {
		t.Error("both are found of another practice")
	}
	context.Own = []string{"555-010-0100", "care@lakeside.example"}
	if found := Find(text, context); len(found) != 0 {
		t.Errorf("one's own are found: %v", found)
	}
}

// hostile are texts of the longest length that a member may send, made to cost as much as can be.
func hostile() map[string]string {
	out := map[string]string{}
	for _, unit := range []string{
		"i ", "you should take ", "1 ", "1-", "a@", "a.", "at dot ", "kill ", "my chest ", "( ", "&#64;", "\ufdfa", "555 ", "me quiero ", "rose ", "https://a.b/", "> i ",
		"the wait is killing me ", "\n- ", "x", "no ", "5 a b c d ", "may 3 ", "i want to ", "'s ", "é́́",
	} {
		out[unit] = strings.Repeat(unit, clinic.MaxPostBytes/slowed/len(unit))
	}
	return out
}

// TestHostileTextsCostNoMore holds the longest text to a bound of processor time, and its growth to its length. What else the
// machine is doing does not count.
func TestHostileTextsCostNoMore(t *testing.T) {
	Find("warm", about("staff"))
	for unit, text := range hostile() {
		half := text[:len(text)/2]
		one, both := quickest(half), quickest(text)
		if both > mostTime {
			t.Errorf("%q takes %v", unit, both)
		}
		if both > 20*time.Millisecond && both > 4*one {
			t.Errorf("%q: half takes %v, all of it %v", unit, one, both)
		}
	}
}

func quickest(text string) time.Duration {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	best := time.Hour
	for range 3 {
		start := processorTime()
		Find(text, about("staff"))
		best = min(best, processorTime()-start)
	}
	return best
}

// processorTime is what this thread has used so far (getrusage(2), RUSAGE_THREAD).
func processorTime() time.Duration {
	const thisThread = 1
	var used syscall.Rusage
	if err := syscall.Getrusage(thisThread, &used); err != nil {
		panic(err) // fails for a wrong argument only
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func TestABrokenGrammarNamesItsLine(t *testing.T) {
	for _, line := range []string{"no sign", "+ (open", "+ a||b", "+ <none>", "+ ..3", "+ ..x a", "+ a )", "+ x?", "+ ( / )", "+ #x-9", "+ #9", "+ ( a ) $"} {
		if _, err := compile("", map[string]string{"crisis": line}, []string{"crisis"}); err == nil {
			t.Errorf("%q was taken", line)
		}
	}
}

func FuzzFind(f *testing.F) {
	for _, d := range Detectors {
		for _, example := range append(d.Finds, d.Spares...) {
			f.Add(example.Text, "provider")
		}
	}
	f.Add("\xff\xfe&#x110000;\\&#64", "patient")
	f.Fuzz(func(t *testing.T, text, role string) {
		if len(text) > clinic.MaxPostBytes {
			return
		}
		length := utf8.RuneCountInString(text)
		before := -1
		for _, found := range Find(text, about(role)) {
			if found.Start < 0 || found.Start >= found.End || found.End > length || found.Start < before || FamilyOf(found.Detector) == "" {
				t.Fatalf("%q: %+v of %d code points", text, found, length)
			}
			before = found.Start
		}
	})
}

func BenchmarkFindInAPost(b *testing.B) {
	text := "I have had **stiff hands** in the morning for about two years now, and the new treatment helps a little.\n\n- warm water before breakfast\n- a short walk\n\nDoes anyone else find that the second week is the hardest? My nurse said to keep a diary, and I do."
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Find(text, about("patient"))
	}
}

func BenchmarkFindInHostileTexts(b *testing.B) {
	for unit, text := range hostile() {
		b.Run(fmt.Sprintf("%q", unit), func(b *testing.B) {
			for b.Loop() {
				Find(text, about("staff"))
			}
		})
	}
}
