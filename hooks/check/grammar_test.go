package check

import (
	"testing"

	"kinward/hooks/clinic"
)

// finds says whether a grammar of one detector finds anything in a text.
func finds(t *testing.T, source, said string, role clinic.Role) bool {
	t.Helper()
	g, err := compile("", map[string]string{"crisis": source}, []string{"crisis"})
	if err != nil {
		t.Fatal(err)
	}
	hits, _ := g.judged(read(said), func(r *rule) bool { return forRole(r.whose, role) })
	return len(hits) > 0
}

func TestSignsSayWhatSparesWhat(t *testing.T) {
	for _, c := range []struct {
		source string
		want   bool
	}{
		{"+ red apple", true},
		{"+ red apple\n- apple pie", false},
		{"! red apple\n- apple pie", true},
		{"! red apple\n/ apple pie", false},
		{"+ red apple\n/ apple pie", false},
		{"! red apple\n~ every day", false},
		{"* red apple\n~ every day\n/ apple pie\n= every day", true},
		{"+ [staff] red apple", false},
		{"+ [patient] red apple", true},
	} {
		if is := finds(t, c.source, "A red apple pie every day", clinic.Patient); is != c.want {
			t.Errorf("%q: %v", c.source, is)
		}
	}
}

func TestAGapIsUpToSoManyWords(t *testing.T) {
	for said, want := range map[string]bool{
		"red apple": true, "red big apple": true, "red big ripe apple": true, "red big ripe sweet apple": false, "red red red apple": true,
		"apple red": false, "red big. Apple": false,
	} {
		if is := finds(t, "+ red ..2 apple", said, clinic.Patient); is != want {
			t.Errorf("%q: %v", said, is)
		}
	}
}

func TestNumbersOfARange(t *testing.T) {
	for said, want := range map[string]bool{
		"sugar is 40": true, "sugar is 54.9": true, "sugar is 55": false, "sugar is 1,200": false, "sugar is 41,5": true, "sugar is 50/70": true,
		"sugar is 410": true, "sugar is forty": false, "sugar is 99999999999999999999": false,
	} {
		if is := finds(t, "+ sugar ..2 #15-54|#400-600", said, clinic.Patient); is != want {
			t.Errorf("%q: %v", said, is)
		}
	}
}

func TestNumbersSaidInWords(t *testing.T) {
	for said, want := range map[string]bool{
		"five five five zero one four seven":                                   true,
		"call six one two, five five five, oh one nine three":                  true,
		"apunten mi numero: seis cinco cinco, doce, treinta y cuatro, noventa": true,
		"one two three four five six seven eight":                              false,
		"uno dos tres cuatro cinco seis siete ocho":                            false,
		"twenty thirty forty fifty":                                            false,
	} {
		if is := len(spokenNumbers(read(said))) > 0; is != want {
			t.Errorf("%q: %v", said, is)
		}
	}
}
