package access_test

import (
	"testing"

	"kinward/hooks/access"
)

var bilingual = access.Practice{Name: "Ribera", Language: "es", Hours: "De 8 a 17 horas.", HoursOther: "8 to 5", Emergency: "Llame al 112.", EmergencyOther: "Call 112 now."}

func TestThePracticeAsAReaderIsShownIt(t *testing.T) {
	once := access.Practice{Language: "en", Hours: "8 to 5", Emergency: "Call 911."}
	half := once
	half.EmergencyOther = "Llame al 911."
	for name, c := range map[string]struct {
		practice         access.Practice
		language         string
		hours, emergency string
	}{
		"its own language":                  {bilingual, "es", "De 8 a 17 horas.", "Llame al 112."},
		"the other one":                     {bilingual, "en", "8 to 5", "Call 112 now."},
		"said once":                         {once, "es", "8 to 5", "Call 911."},
		"one of the two said in both":       {half, "es", "8 to 5", "Llame al 911."},
		"that one in its own":               {half, "en", "8 to 5", "Call 911."},
		"asked for what it is already":      {bilingual.In("en"), "en", "8 to 5", "Call 112 now."},
		"a practice that has said nothing":  {access.Practice{Language: "en"}, "es", "", ""},
		"nothing but in the other language": {access.Practice{Language: "en", HoursOther: "De 8 a 17"}, "en", "De 8 a 17", ""},
	} {
		got := c.practice.In(c.language)
		if got.Hours != c.hours || got.Emergency != c.emergency || got.HoursOther+got.EmergencyOther != "" || got.Name != c.practice.Name || got.Language != c.practice.Language {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestATextIsFilledInItsLanguage(t *testing.T) {
	numberless := access.Practice{Language: "en", Emergency: "Call 112.", EmergencyOther: "Vaya al hospital o llame al 988."}
	for _, c := range []struct {
		practice       access.Practice
		language, want string
	}{
		{bilingual, "es", "De 8 a 17 horas: 112"},
		{bilingual, "en", "8 to 5: 112"},
		{numberless, "es", "pregúntenos por teléfono: 112"}, // and not 911
		{access.Practice{Language: "en", Emergency: "Call 911.", EmergencyOther: "Llame al 112."}, "es", "pregúntenos por teléfono: 112"},
	} {
		if got := c.practice.Fill("{{hours}}: {{emergency}}", c.language, nil, func(value string) string { return value }); got != c.want {
			t.Errorf("%s: %q, want %q", c.language, got, c.want)
		}
	}
}
