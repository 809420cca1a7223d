package reading

import (
	"math"
	"testing"
)

// Figures counted by hand.
func TestGradeOfEnglish(t *testing.T) {
	for text, want := range map[string]float64{
		"The cat sat on the mat.":         0.39*6 + 11.8*1 - 15.59,
		"Call us at once. We are here.":   0.39*7/2 + 11.8*1 - 15.59,
		"The community protects privacy.": 0.39*4 + 11.8*10/4 - 15.59,
	} {
		if got := Of("en", text).Grade; math.Abs(got-want) > 0.01 {
			t.Errorf("%q: grade %.2f, want %.2f", text, got, want)
		}
	}
}

func TestEaseOfSpanish(t *testing.T) {
	for text, beats := range map[string]float64{
		"El perro come pan. La niña lee.":              12.0 / 7, // el pe-rro co-me pan la ni-ña le-e
		"Llame al consultorio y pregunte por su cita.": 15.0 / 8, // lla-me al con-sul-to-rio y pre-gun-te por su ci-ta
	} {
		m := Of("es", text)
		want := 206.84 - 60*beats - 1.02*float64(m.Words)/float64(m.Sentences)
		if math.Abs(m.Ease-math.Min(100, want)) > 0.01 {
			t.Errorf("%q: ease %.2f, want %.2f (%d syllables in %d words)", text, m.Ease, want, m.Syllables, m.Words)
		}
	}
	if easy, hard := Of("es", "Lea la carta. Venga hoy."), Of("es", "La confidencialidad de la información constituye una responsabilidad institucional irrenunciable."); easy.Grade >= hard.Grade || hard.Band != "very_hard" {
		t.Errorf("easy %+v, hard %+v", easy, hard)
	}
}

func TestSyllables(t *testing.T) {
	for word, want := range map[string]int{
		"cat": 1, "care": 1, "people": 2, "table": 2, "asked": 1, "wanted": 2, "medicine": 3, "emergency": 4,
		"private": 2, "phone": 1, "I": 1, "the": 1, "patients": 2, "changes": 2, "quiet": 2, "idea": 3, "police": 2,
	} {
		if got := syllablesEn(word); got != want {
			t.Errorf("%s: %d syllables, want %d", word, got, want)
		}
	}
	for word, want := range map[string]int{
		"casa": 2, "día": 2, "país": 2, "cuidado": 3, "quien": 1, "guerra": 2, "pingüino": 3, "muy": 1, "hoy": 1, "mayo": 2, "ley": 1,
		"leer": 2, "ciudad": 2, "farmacéutico": 5, "Estadounidense": 6, "y": 1, "que": 1, "información": 4, "línea": 3, "ahora": 3,
	} {
		if got := syllablesEs(word); got != want {
			t.Errorf("%s: %d sílabas, want %d", word, got, want)
		}
	}
}

func TestSentences(t *testing.T) {
	got := Sentences("Call 555-0100. Do not wait! ¿Puede esperar? … And then")
	if len(got) != 4 || got[0] != "Call 555-0100." || got[3] != "And then" {
		t.Errorf("%q", got)
	}
	for _, nothing := range []string{"", "...", "  \n"} {
		if m := Of("en", nothing); m.Words != 0 || math.IsNaN(m.Grade) {
			t.Errorf("%q: %+v", nothing, m)
		}
	}
}
