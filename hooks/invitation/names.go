package invitation

import (
	"strings"

	"kinward/hooks/clinic"
)

// The words that pseudonyms are made of: calm, of no gender, age, place or illness. The Spanish adjectives have one form.
var pseudonyms = map[string]struct {
	first, second []string
}{
	"en": {
		first: []string{"Amber", "Brave", "Bright", "Calm", "Clear", "Gentle", "Golden", "Green", "Kind", "Lively", "Merry", "Quiet",
			"Silver", "Steady", "Sunny", "Warm"},
		second: []string{"Brook", "Cedar", "Finch", "Harbor", "Heron", "Juniper", "Lantern", "Maple", "Meadow", "Otter", "Pebble",
			"River", "Robin", "Sparrow", "Willow", "Wren"},
	},
	"es": {
		first: []string{"Alondra", "Arce", "Bosque", "Brisa", "Cedro", "Colina", "Faro", "Garza", "Gorrión", "Lago", "Nube", "Petirrojo",
			"Puerto", "Río", "Roble", "Sauce"},
		second: []string{"Alegre", "Amable", "Audaz", "Azul", "Brillante", "Celeste", "Fiel", "Firme", "Fuerte", "Gentil", "Grande", "Libre",
			"Noble", "Suave", "Valiente", "Verde"},
	},
}

// suggest gives three different pseudonyms in a language that taken refuses none of; random returns a number below n.
// After a while it adds a number, so that it ends however many are taken.
func suggest(language string, random func(n int) int, taken func(string) bool) []string {
	words, ok := pseudonyms[language]
	if !ok {
		words = pseudonyms[clinic.DefaultLanguage]
	}
	var out []string
	for try := 0; len(out) < 3 && try < 60; try++ {
		name := words.first[random(len(words.first))] + " " + words.second[random(len(words.second))]
		if try >= 15 {
			name += " " + string(rune('1'+random(9))) + string(rune('0'+random(10)))
		}
		repeated := false
		for _, other := range out {
			repeated = repeated || other == name
		}
		if !repeated && !taken(name) {
			out = append(out, name)
		}
	}
	return out
}

// formal is how a letter names someone who works here: "Dr. Ada Park", or "Ada Park, RN".
func formal(name, title string) string {
	switch {
	case title == "":
		return name
	case strings.HasSuffix(title, "."):
		return title + " " + name
	}
	return name + ", " + title
}
