package check

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// What is asked before a long shape is looked for never hides what the shape would find: in the words that the shapes are made of, put
// together in many ways.
func TestWhatIsAskedFirstHidesNothing(t *testing.T) {
	platform := regexp.MustCompile(`\b` + platforms + `\b`)
	pieces := map[*regexp.Regexp][]string{
		dateShape: strings.Fields("jan feb febuary mar may may, june july sept. sepember december enero fevrero mayo setiembre 3enero 3de de del of the day first second twenty-first twenty thirtieth " +
			"primero uno treinta y veintiun 3 3rd 31st 2020 20 3/4 3-4-61 1961.3.4 _may maybe may_ x3"),
		ageShape: strings.Fields("is was mom mom, iscien wascien iswascien mom( (95) 95 9 129 130 ninety-one ninety noventa y uno cien ciento paciente ciencia hundred one a years old yearsold 95yo " +
			"anos cumplio de a los now already i'm"),
		platform: strings.Fields("ig ig's my_ig x 1x x-ray tik tok tiktok tik-tok tictok face surface fb: @fb on the snap snapped"),
	}
	asks := map[*regexp.Regexp]func(*text) bool{dateShape: (*text).mayDate, ageShape: (*text).mayAge, platform: (*text).mayNamePlatform}
	random := rand.New(rand.NewPCG(5, 6))
	for shape, words := range pieces {
		found := 0
		for range 15_000 {
			var said strings.Builder
			for range 1 + random.IntN(6) {
				said.WriteString(words[random.IntN(len(words))])
				said.WriteString([]string{" ", " ", " ", "", ", ", "\n", ". ", "-", "ñ"}[random.IntN(9)])
			}
			one := read(said.String())
			if shape.Match(one.bytes) {
				found++
				if !asks[shape](one) {
					t.Fatalf("%q has %q, which is not looked for", said.String(), shape.Find(one.bytes))
				}
			}
		}
		if found < 300 {
			t.Errorf("only %d of the lines have what is looked for", found)
		}
	}
}

// The runs are where a regular expression sees the edges of words.
func TestRunsAreWhatRegularExpressionsCallWords(t *testing.T) {
	words := regexp.MustCompile(`\w+`)
	for _, said := range []string{"", "a", "May, the 3rd_of x-ray's 'n' ñandú ٣ &#64; I’m\nhere", "_ __ 1_a"} {
		one := read(said)
		var is []string
		for _, run := range one.runs() {
			is = append(is, string(one.bytes[run[0]:run[1]]))
		}
		if want := words.FindAllString(string(one.bytes), -1); !slices.Equal(is, want) {
			t.Errorf("%q: %q, not %q", said, is, want)
		}
	}
}

// The addresses of pages are those that the shape finds in the whole text.
func TestAddressesOfPagesStandBetweenSpaces(t *testing.T) {
	pieces := strings.Fields("https://a.example/b/c http:// a.example/ x/y.z/w / // . , ( ) [b](https://c.example/d?e=f) <g.example/h> i.example \"j.example/k\" ñ/l.m/n")
	random := rand.New(rand.NewPCG(7, 8))
	for range 5_000 {
		var said strings.Builder
		for range random.IntN(8) {
			said.WriteString(pieces[random.IntN(len(pieces))])
			said.WriteString([]string{" ", "", "\n", "\u00a0"}[random.IntN(4)])
		}
		one := read(said.String())
		if is, want := one.links(), linkShape.FindAllIndex(one.bytes, -1); !slices.EqualFunc(is, want, slices.Equal[[]int]) {
			t.Fatalf("%q: %v, not %v", said.String(), is, want)
		}
	}
}
