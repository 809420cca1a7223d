package hooks_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

// tongue is what the practice says in one language, and the number that its sentence names.
type tongue struct{ hours, emergency, number string }

// speaks asks every door that tells the hours or what to do in an emergency, as somebody who reads a language.
func speaks(t *testing.T, r *hookstest.Room, language string) map[string]*hookstest.Response {
	t.Helper()
	reader, editor, guest := r.Patient(), r.Staff, r.Guest()
	r.Join(r.ID, reader, false)
	for _, one := range []*hookstest.Client{reader, editor} {
		if answer := one.Patch("/me", fields{"language": language}); answer.Status != http.StatusOK {
			t.Fatalf("%d %s", answer.Status, answer.Body)
		}
	}
	made := func(who *hookstest.Client, path string, body any) string {
		t.Helper()
		answer := who.Post(path, body)
		if answer.Status != http.StatusCreated {
			t.Fatalf("POST %s: %d %s", path, answer.Status, answer.Body)
		}
		return hookstest.Into[struct{ ID string }](answer).ID
	}
	posts := "/communities/" + r.ID + "/posts"
	post := made(r.Author, posts, fields{"body": "Good morning."})
	invited := made(r.Lead, "/invitations", fields{"email": language + "@people.example", "role": "patient", "language": language})
	// The language of a browser or of a program is not the member's.
	other := http.Header{"Accept-Language": {map[string]string{"en": "es", "es": "en"}[language]}}
	asks := "{{hours}} {{emergency}}"
	return map[string]*hookstest.Response{
		"the practice, to a guest":    guest.Do("GET", "/practice", nil, http.Header{"Accept-Language": {language}}),
		"the practice, to a member":   reader.Do("GET", "/practice", nil, other),
		"the practice, as was wished": guest.Do("GET", "/practice?language="+language, nil, other),
		"a report":                    reader.Do("POST", "/posts/"+post+"/report", fields{"reason": "crisis"}, other),
		"the offer of a call":         reader.Do("POST", posts, fields{"body": "I have pressure in my chest and my arm is numb"}, other),
		"the printed letter":          r.Lead.Do("GET", "/invitations/"+invited+"/letter", nil, other),
		"a posted policy":             guest.Do("GET", "/policies/urgent-questions?language="+language, nil, other),
		"a policy that is written":    r.Staff.Post("/manage/policies/urgent-questions/look", fields{"language": language, "title": "A", "summary": asks, "body": asks}),
		"a case that is written":      r.Staff.Post("/manage/cases/look", fields{"language": language, "title": asks}),
		"the texts for outside":       guest.Do("GET", "/policies/kit?language="+language, nil, other),
	}
}

// Whoever reads is told in their own language when the practice answers and what to do in an emergency, wherever that stands.
func TestEveryDoorSpeaksTheLanguageOfWhoReads(t *testing.T) {
	r := hookstest.NewRoom(t)
	r.Staff = r.Clinic.Staff("policies")
	said := map[string]tongue{
		"en": {"Mon to Fri, 8 to 5", "Call 911.", "911"},
		"es": {"Lunes a viernes, 8 a 17 horas", "Llame al 112.", "112"},
	}
	set := fields{"hours_other": said["es"].hours, "emergency_other": said["es"].emergency}
	if answer := r.Founder().Patch("/practice/settings", set); answer.Status != http.StatusOK {
		t.Fatalf("%d %s", answer.Status, answer.Body)
	}
	// What a door tells: the hours (h), the sentence (s), its number (n).
	tells := map[string]string{
		"the practice, to a guest": "hs", "the practice, to a member": "hs", "the practice, as was wished": "hs", "a report": "s",
		"the offer of a call": "hs", "the printed letter": "h", "a posted policy": "hn", "a policy that is written": "hn",
		"a case that is written": "hn", "the texts for outside": "n",
	}
	for _, language := range clinic.Languages {
		own, others := said[language], said[map[string]string{"en": "es", "es": "en"}[language]]
		for door, answer := range speaks(t, r, language) {
			for part, words := range map[string][2]string{"h": {own.hours, others.hours}, "s": {own.emergency, others.emergency}, "n": {own.number, others.number}} {
				says := func(words string) bool {
					return regexp.MustCompile(`\b` + regexp.QuoteMeta(strings.TrimRight(words, ".")) + `\b`).Match(answer.Body)
				}
				if strings.Contains(tells[door], part) && (!says(words[0]) || says(words[1])) {
					t.Errorf("%s, %s: not %q, or %q: %d %s", language, door, words[0], words[1], answer.Status, answer.Body)
				}
			}
		}
	}
}
