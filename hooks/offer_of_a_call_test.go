package hooks_test

import (
	"net/http"
	"testing"
	"time"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

// offered is what the answer carries that offers a call.
type offered struct {
	Message string
	Data    struct {
		Error struct {
			Params struct {
				Phone, Hours, Emergency string
				Number                  string `json:"emergency_number"`
				Crisis                  string `json:"crisis_line"`
				Findings                []struct{ Action, Say string }
			}
		}
	}
}

// Whoever writes what may be better on the phone, and wherever, is offered the practice's own number and hours, in the language that they
// read, whatever their browser says.
func TestTheOfferOfACallTellsWhomToCallAndWhen(t *testing.T) {
	c := hookstest.New(t)
	c.Quiet()
	c.CheckWords(map[string]string{"zzcall": "call"})
	r := c.Room()
	set := fields{"phone": "555-0188", "crisis_line": "555-0199", "hours": "Mon to Fri, 8 to 5", "hours_other": "Lunes a viernes, 8 a 17 horas",
		"emergency": "Call 911.", "emergency_other": "Llame al 112."}
	if answer := r.Provider("admin").Patch("/practice/settings", set); answer.Status != http.StatusOK {
		t.Fatalf("%d %s", answer.Status, answer.Body)
	}
	type told struct{ message, say, phone, hours, emergency, number, crisis string }
	want := map[string]told{
		"en": {"This may be better on the phone. You can call now, change your words, or post them all the same.", "Said in en.",
			"555-0188", "Mon to Fri, 8 to 5", "Call 911.", "911", "555-0199"},
		"es": {"Quizá esto sea mejor por teléfono. Puede llamar ahora, cambiar sus palabras o publicarlas así.", "Said in es.",
			"555-0188", "Lunes a viernes, 8 a 17 horas", "Llame al 112.", "112", "555-0199"},
	}
	for _, role := range clinic.RuledRoles {
		for _, language := range clinic.Languages {
			writer := r.Member(role)
			r.Join(r.ID, writer, false)
			if answer := writer.Patch("/me", fields{"language": language}); answer.Status != http.StatusOK {
				t.Fatalf("%d %s", answer.Status, answer.Body)
			}
			other := http.Header{"Accept-Language": {map[string]string{"en": "es", "es": "en"}[language]}}
			posts := "/communities/" + r.ID + "/posts"
			id := func(answer *hookstest.Response) string { return hookstest.Into[struct{ ID string }](answer).ID }
			post := id(writer.Post(posts, fields{"body": "Good morning."}))
			comment := id(writer.Post("/posts/"+post+"/comments", fields{"body": "And good night."}))
			words := fields{"body": "I am zzcall today"}
			for door, answer := range map[string]*hookstest.Response{
				"a post":              writer.Do("POST", posts, words, other),
				"a post's title":      writer.Do("POST", posts, fields{"title": "zzcall", "body": "Good evening."}, other),
				"a poll":              writer.Do("POST", posts, fields{"kind": "poll", "title": "Which?", "poll": fields{"choices": []string{"a", "zzcall"}, "ends": r.House.Now().Add(48 * time.Hour)}}, other),
				"a comment":           writer.Do("POST", "/posts/"+post+"/comments", words, other),
				"an answer to it":     writer.Do("POST", "/posts/"+post+"/comments", fields{"body": "zzcall", "parent": comment}, other),
				"a changed post":      writer.Do("PATCH", "/posts/"+post, words, other),
				"a comment's changes": writer.Do("PATCH", "/comments/"+comment, words, other),
			} {
				got := hookstest.Into[offered](answer)
				p := got.Data.Error.Params
				if answer.Status != http.StatusConflict || answer.Code() != "offer_callback" || len(p.Findings) != 1 || p.Findings[0].Action != "call" {
					t.Errorf("%s by a %s in %s: %d %s", door, role, language, answer.Status, answer.Body)
					continue
				}
				if said := (told{got.Message, p.Findings[0].Say, p.Phone, p.Hours, p.Emergency, p.Number, p.Crisis}); said != want[language] {
					t.Errorf("%s by a %s in %s: %+v", door, role, language, said)
				}
			}
		}
	}
}
