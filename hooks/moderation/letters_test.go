package moderation_test

import (
	"strings"
	"testing"
	"time"

	"kinward/hooks/clinic"
)

// letters counts the letters of a kind that were queued.
func (r *room) letters(t *testing.T, kind string) int {
	t.Helper()
	var n int
	if err := r.App.DB().NewQuery("SELECT COUNT(*) FROM letters WHERE kind = '" + kind + "'").Row(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func (r *room) clock(t *testing.T) {
	t.Helper()
	for _, job := range r.App.Cron().Jobs() {
		if job.Id() == "kinward_desk" {
			job.Run()
		}
	}
}

func TestTheDeskGetsOneLetterAnHour(t *testing.T) {
	r := newRoom(t)
	r.write(t, r.author, "secret 1")
	if n := r.letters(t, "moderation_desk"); n != 2 {
		t.Fatalf("%d letters for a desk of two", n)
	}
	r.write(t, r.author, "secret 2")
	r.Pass(59 * time.Minute)
	r.clock(t)
	if n := r.letters(t, "moderation_desk"); n != 2 {
		t.Errorf("%d letters within the hour", n)
	}
	r.Pass(2 * time.Minute)
	r.clock(t)
	r.clock(t)
	if n := r.letters(t, "moderation_desk"); n != 4 {
		t.Errorf("%d letters when the hour is over and something new waits", n)
	}
	r.Pass(3 * time.Hour)
	r.clock(t)
	if n := r.letters(t, "moderation_desk"); n != 4 {
		t.Errorf("%d letters: what they were told of is not told again", n)
	}
}

func TestLettersSayNothingOfWhatWasWritten(t *testing.T) {
	r := newRoom(t)
	mail := r.Mail()
	r.write(t, r.author, "secret number")
	want(t, r.lead.Post("/desk/"+r.only(t).ID+"/return", because), 200)
	toDesk, toAuthor := mail.To(t, r.lead.Email), mail.To(t, r.author.Email)
	room, err := r.App.FindRecordById(clinic.Communities, r.id)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"desk": toDesk.Subject + toDesk.Text, "author": toAuthor.Subject + toAuthor.Text} {
		for _, word := range []string{"secret", "number", room.GetString("name"), r.id} {
			if strings.Contains(text, word) {
				t.Errorf("the letter to the %s says %q:\n%s", name, word, text)
			}
		}
	}
	if !strings.Contains(toDesk.Text, "/desk") || !strings.Contains(toAuthor.Text, "/holds/"+own(t, r.author).ID) {
		t.Error("the letters do not lead there")
	}
}

func TestWhoFoundNothingWrongWritesToNobody(t *testing.T) {
	r := newRoom(t)
	post := r.write(t, r.author, "hard words")
	want(t, r.other.Post("/posts/"+post.ID+"/report", map[string]any{"reason": "conduct"}), 201)
	want(t, r.lead.Post("/desk/"+r.only(t).ID+"/publish", because), 200)
	if n := r.letters(t, "moderation_answer"); n != 0 {
		t.Errorf("%d letters tell an author of a report that came to nothing", n)
	}
}
