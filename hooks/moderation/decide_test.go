package moderation_test

import (
	"strings"
	"testing"
	"time"

	"kinward/hooks/hookstest"
)

var because = map[string]any{"reason": "It names a number that is somebody's."}

func TestWhatIsHeldWaitsOnTheDeskWithItsFindings(t *testing.T) {
	r := newRoom(t)
	post := r.write(t, r.author, "secret number")
	if post.Status != "held" {
		t.Fatalf("stored as %+v", post)
	}
	hold := r.only(t)
	if hold.State != "open" || hold.Source != "check" || hold.Post != post.ID || hold.Kind != "post" || hold.Lane != "privacy" || !hold.Can.Decide {
		t.Errorf("the hold: %+v", hold)
	}
	if hold.Clause == nil || hold.Clause.Clause != "no-names" || len(hold.Findings) != 1 || hold.Words.Body != "secret number" || hold.Author.ID != r.author.ID {
		t.Errorf("what was found: %+v", hold)
	}
	mine := own(t, r.author)
	if mine.State != "open" || !mine.Can.Resubmit || mine.Can.SecondLook || mine.Clause.Title == "" || mine.Findings[0].Say == "" {
		t.Errorf("the author's view: %+v", mine)
	}
}

func TestReasonsToBeginWithComeInTheAuthorsLanguage(t *testing.T) {
	r := newRoom(t)
	want(t, r.author.Patch("/me", map[string]any{"language": "es"}), 200)
	r.write(t, r.author, "secret number")
	got := hookstest.Into[struct {
		Reads   string
		Presets map[string]string
	}](r.lead.Get("/desk/" + r.only(t).ID))
	if got.Reads != "es" || len(got.Presets) < 6 || !strings.Contains(got.Presets["moderation.preset.return.1"], "Quite") {
		t.Errorf("%+v", got)
	}
}

func TestPublishing(t *testing.T) {
	r := newRoom(t)
	earlier := r.write(t, r.other, "before")
	post := r.write(t, r.author, "secret number")
	later := r.write(t, r.other, "later one")
	r.Pass(5 * time.Minute)
	hold := r.only(t)
	refused(t, r.lead.Post("/desk/"+hold.ID+"/publish", map[string]any{}), 400, "reason:required")
	want(t, r.lead.Post("/desk/"+hold.ID+"/publish", map[string]any{"reason": "It is a help line.", "note": "This is a public help line.", "seen": hold.Seen}), 200)
	page := hookstest.Into[feed](r.other.Get("/communities/" + r.id + "/posts"))
	if len(page.Items) != 3 || page.Items[0].ID != post.ID || page.Items[1].ID != later.ID || page.Items[2].ID != earlier.ID {
		t.Fatalf("published on Monday, it is Monday's: %+v", page.Items)
	}
	if page.Items[0].Note != "This is a public help line." || page.Items[0].Created <= later.Created {
		t.Errorf("the published post: %+v", page.Items[0])
	}
	if mine := own(t, r.author); mine.State != "published" || mine.Reason != "It is a help line." || mine.Can.Resubmit || mine.Can.SecondLook {
		t.Errorf("the author reads: %+v", mine)
	}
	if room := hookstest.Into[struct {
		Posts    int
		LastPost string `json:"last_post"`
	}](r.other.Get("/communities/" + r.id)); room.Posts != 3 || room.LastPost != page.Items[0].Created {
		t.Errorf("the community counts %+v", room)
	}
	refused(t, r.moderator.Post("/desk/"+hold.ID+"/remove", because), 409, "hold_decided")
}

func TestReturningMendingAndSendingAgain(t *testing.T) {
	r := newRoom(t)
	post := r.write(t, r.author, "secret number")
	hold := r.only(t)
	want(t, r.lead.Post("/desk/"+hold.ID+"/return", because), 200)
	if len(r.desk(r.lead, "").Items) != 0 || len(r.desk(r.lead, "?state=returned").Items) != 1 {
		t.Error("what was given back waits for its author")
	}
	mine := own(t, r.author)
	if mine.State != "returned" || mine.Reason != because["reason"] || !mine.Can.Resubmit || !mine.Can.SecondLook || mine.SecondLookBy != "desk" {
		t.Errorf("the author reads: %+v", mine)
	}
	refused(t, r.author.Post("/holds/"+hold.ID+"/resubmit", map[string]any{"body": "secret number"}), 409, "hold_nothing_mended")
	want(t, r.author.Post("/holds/"+hold.ID+"/resubmit", map[string]any{"title": "Mended", "body": "call the clinic"}), 200)
	again := r.only(t)
	if again.ID != hold.ID || again.State != "resubmitted" || again.Words.Body != "call the clinic" || len(again.Findings) != 0 || again.Title != "Mended" {
		t.Errorf("sent again: %+v", again)
	}
	refused(t, r.lead.Post("/desk/"+hold.ID+"/publish", map[string]any{"reason": "Fine.", "seen": hold.Seen}), 409, "hold_changed")
	want(t, r.lead.Post("/desk/"+hold.ID+"/publish", map[string]any{"reason": "Fine now.", "seen": again.Seen}), 200)
	if seen := hookstest.Into[piece](r.other.Get("/posts/" + post.ID)); seen.Status != "shown" {
		t.Errorf("published: %+v", seen)
	}
	kinds := ""
	for _, step := range hookstest.Into[held](r.lead.Get("/desk/" + hold.ID)).History {
		kinds += step.Kind + " "
	}
	if kinds != "open returned resubmitted published " {
		t.Errorf("its history: %s", kinds)
	}
}

func TestAnEditOfWhatWasGivenBackIsSentAgain(t *testing.T) {
	r := newRoom(t)
	post := r.write(t, r.author, "secret number")
	hold := r.only(t)
	want(t, r.lead.Post("/desk/"+hold.ID+"/return", because), 200)
	want(t, r.author.Patch("/posts/"+post.ID, map[string]any{"body": "call the clinic"}), 200)
	if now := r.only(t); now.State != "resubmitted" || now.Words.Body != "call the clinic" {
		t.Errorf("after an edit in the thread: %+v", now)
	}
	want(t, r.author.Patch("/posts/"+post.ID, map[string]any{"body": "call them"}), 200)
	if now := r.only(t); now.State != "resubmitted" || now.Words.Body != "call them" || now.History[len(now.History)-1].Kind != "edited" {
		t.Errorf("after an edit while it waits: %+v", now)
	}
}

func TestRemovingAndASecondLookThatTakesItBack(t *testing.T) {
	r := newRoom(t)
	post := r.write(t, r.author, "good words")
	comment := r.comment(t, r.other, post.ID, "an answer")
	want(t, r.author.Patch("/posts/"+post.ID, map[string]any{"body": "good words, secret number"}), 202)
	hold := r.only(t)
	refused(t, r.other.Get("/posts/"+post.ID), 404, "not_found")
	want(t, r.lead.Post("/desk/"+hold.ID+"/remove", because), 200)
	stone := hookstest.Into[thread](r.other.Get("/posts/" + post.ID))
	if stone.Status != "deleted" || stone.By != "practice" || stone.Reason != "" || len(stone.Comments.Items) != 1 || stone.Comments.Items[0].ID != comment.ID {
		t.Errorf("what was seen before leaves a tombstone: %+v", stone)
	}
	mine := own(t, r.author)
	if mine.State != "removed" || !mine.Can.SecondLook || mine.Can.Resubmit || mine.Words.Body != "good words, secret number" {
		t.Errorf("the author reads: %+v", mine)
	}
	want(t, r.author.Post("/holds/"+hold.ID+"/second-look", map[string]any{"words": "It is the practice's own number."}), 200)
	refused(t, r.author.Post("/holds/"+hold.ID+"/second-look", map[string]any{}), 409, "hold_no_second_look")
	if first := r.only(t); first.Can.Decide || first.Why != "second_look" {
		t.Errorf("who decided first sees it and does not decide: %+v", first)
	}
	refused(t, r.lead.Post("/desk/"+hold.ID+"/publish", because), 403, "hold_second_look")
	if r.desk(r.lead, "").Counts["waiting"] != 0 || r.desk(r.moderator, "").Counts["waiting"] != 1 {
		t.Error("a second look waits for somebody else")
	}
	want(t, r.moderator.Post("/desk/"+hold.ID+"/publish", map[string]any{"reason": "It is our number."}), 200)
	back := hookstest.Into[thread](r.other.Get("/posts/" + post.ID))
	if back.Status != "shown" || back.HTML == "" || back.Created != post.Created || len(back.Comments.Items) != 1 {
		t.Errorf("taken back, in its place: %+v", back)
	}
	if last := own(t, r.author); last.State != "published" || last.Can.SecondLook {
		t.Errorf("the author reads: %+v", last)
	}
}

func TestNobodyDecidesOnTheirOwn(t *testing.T) {
	r := newRoom(t)
	r.write(t, r.lead, "secret number")
	hold := hookstest.Into[list](r.moderator.Get("/desk")).Items[0]
	for _, what := range []string{"publish", "return", "remove"} {
		refused(t, r.lead.Post("/desk/"+hold.ID+"/"+what, because), 403, "hold_own_writing")
	}
	if len(r.desk(r.lead, "").Items) != 0 {
		t.Error("one's own writing is not on one's desk")
	}
	for _, who := range []*hookstest.Client{r.outside, r.Founder()} {
		refused(t, who.Post("/desk/"+hold.ID+"/publish", because), 404, "not_found")
		refused(t, who.Get("/desk/"+hold.ID), 404, "not_found")
	}
	for _, who := range []*hookstest.Client{r.author, r.other, r.caregiver, r.provider, r.staff} {
		refused(t, who.Post("/desk/"+hold.ID+"/publish", because), 403, "not_allowed")
		refused(t, who.Get("/desk/"+hold.ID), 403, "not_allowed")
		refused(t, who.Get("/desk"), 403, "not_allowed")
	}
	want(t, r.moderator.Post("/desk/"+hold.ID+"/publish", because), 200)
}

func TestWhereNobodyElseIsLeftAnAdminDecides(t *testing.T) {
	r := newRoom(t)
	sole := r.Provider()
	small := r.Community("condition", []*hookstest.Client{sole}, r.author)
	write := func(by *hookstest.Client) held {
		want(t, by.Post("/communities/"+small+"/posts", map[string]any{"body": "secret number"}), 202)
		return own(t, by)
	}
	mine := write(sole)
	admin := r.Founder()
	if items := r.desk(admin, "").Items; len(items) != 1 || !items[0].Can.Decide {
		t.Fatalf("the admin's desk: %+v", items)
	}
	want(t, admin.Post("/desk/"+mine.ID+"/publish", because), 200)

	theirs := write(r.author)
	if len(r.desk(admin, "").Items) != 0 {
		t.Error("while the desk has somebody, it is no admin's business")
	}
	refused(t, admin.Get("/desk/"+theirs.ID), 404, "not_found")
	want(t, sole.Post("/desk/"+theirs.ID+"/return", because), 200)
	if now := own(t, r.author); now.SecondLookBy != "admin" {
		t.Errorf("who would look again: %+v", now)
	}
	want(t, r.author.Post("/holds/"+theirs.ID+"/second-look", map[string]any{}), 200)
	want(t, admin.Post("/desk/"+theirs.ID+"/remove", because), 200)
}

func TestWhereNobodyAtAllIsLeftThatIsSaid(t *testing.T) {
	c := newRoom(t)
	admin := c.Founder()
	alone := c.Community("condition", []*hookstest.Client{admin}, c.author)
	want(t, c.author.Post("/communities/"+alone+"/posts", map[string]any{"body": "secret number"}), 202)
	hold := own(t, c.author)
	want(t, admin.Post("/desk/"+hold.ID+"/return", because), 200)
	if now := own(t, c.author); now.Can.SecondLook || now.SecondLookBy != "" {
		t.Errorf("nobody else is there: %+v", now)
	}
	refused(t, c.author.Post("/holds/"+hold.ID+"/second-look", map[string]any{}), 409, "hold_nobody_else")
}

func TestTheAuthorTakesItBack(t *testing.T) {
	r := newRoom(t)
	post := r.write(t, r.author, "secret number")
	hold := r.only(t)
	want(t, r.author.Delete("/posts/"+post.ID), 204)
	if now := hookstest.Into[held](r.lead.Get("/desk/" + hold.ID)); now.State != "withdrawn" {
		t.Errorf("%+v", now)
	}
	refused(t, r.other.Get("/posts/"+post.ID), 404, "not_found")
}

func TestRemovingInTheThreadCanBeAppealedToo(t *testing.T) {
	r := newRoom(t)
	post := r.write(t, r.author, "good words")
	want(t, r.lead.Do("DELETE", "/posts/"+post.ID, map[string]any{"reason": "Not here."}), 204)
	mine := own(t, r.author)
	if mine.State != "removed" || mine.Reason != "Not here." || !mine.Can.SecondLook || mine.Words.Body != "good words" {
		t.Fatalf("the author reads: %+v", mine)
	}
	want(t, r.author.Post("/holds/"+mine.ID+"/second-look", map[string]any{}), 200)
	want(t, r.moderator.Post("/desk/"+mine.ID+"/publish", because), 200)
	if back := hookstest.Into[piece](r.other.Get("/posts/" + post.ID)); back.Status != "shown" || back.HTML == "" {
		t.Errorf("%+v", back)
	}
}
