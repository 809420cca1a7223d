package moderation_test

import (
	"testing"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

func TestASecondLookCanAskForAChangeOfWhatWasRemoved(t *testing.T) {
	r := newRoom(t)
	post := r.write(t, r.other, "before")
	comment := r.comment(t, r.author, post.ID, "good words")
	want(t, r.other.Post("/comments/"+comment.ID+"/report", map[string]any{"reason": "conduct"}), 201)
	hold := r.only(t)
	want(t, r.moderator.Post("/desk/"+hold.ID+"/remove", because), 200)
	if stone := hookstest.Into[thread](r.other.Get("/posts/" + post.ID)); stone.Count != 0 || len(stone.Comments.Items) != 1 || stone.Comments.Items[0].By != "practice" {
		t.Errorf("a tombstone stays: %+v", stone)
	}
	want(t, r.author.Post("/holds/"+hold.ID+"/second-look", map[string]any{}), 200)
	want(t, r.lead.Post("/desk/"+hold.ID+"/return", map[string]any{"reason": "Say it softer."}), 200)
	mine := own(t, r.author)
	if mine.State != "returned" || mine.Words.Body != "good words" || !mine.Can.Resubmit || mine.Can.SecondLook {
		t.Errorf("the author has the words back: %+v", mine)
	}
	if got := hookstest.Into[thread](r.other.Get("/posts/" + post.ID)); len(got.Comments.Items) != 0 {
		t.Errorf("and others do not see them yet: %+v", got)
	}
	want(t, r.author.Post("/holds/"+hold.ID+"/resubmit", map[string]any{"body": "soft words"}), 200)
	want(t, r.moderator.Post("/desk/"+hold.ID+"/publish", map[string]any{"reason": "Thank you."}), 200)
	if got := hookstest.Into[thread](r.other.Get("/posts/" + post.ID)); got.Count != 1 || got.Comments.Items[0].Created != comment.Created {
		t.Errorf("in its place, since it was seen before: %+v", got)
	}
}

func TestACommunityWhoseLeadIsPausedHasAnAdminAtItsDesk(t *testing.T) {
	r := newRoom(t)
	sole := r.Provider()
	small := r.Community(clinic.KindCondition, []*hookstest.Client{sole}, r.author)
	want(t, r.author.Post("/communities/"+small+"/posts", map[string]any{"body": "secret number"}), 202)
	admin := r.Founder()
	if len(r.desk(admin, "").Items) != 0 {
		t.Error("while its lead is there, it is theirs")
	}
	want(t, admin.Post("/members/"+sole.ID+"/suspend", map[string]any{"reason": "away"}), 200)
	items := r.desk(admin, "").Items
	if len(items) != 1 || !items[0].Can.Decide {
		t.Fatalf("the admin's desk: %+v", items)
	}
	refused(t, admin.Post("/desk/"+items[0].ID+"/publish", because), 409, "community_without_lead")
	want(t, admin.Post("/desk/"+items[0].ID+"/return", because), 200)
}

func TestWhoHasLeftTheCommunityFindsNothingOfItHere(t *testing.T) {
	r := newRoom(t)
	r.write(t, r.author, "secret number")
	hold := r.only(t)
	want(t, r.lead.Post("/desk/"+hold.ID+"/return", because), 200)
	want(t, r.lead.Delete("/communities/"+r.id+"/members/"+r.author.ID), 204)
	if got := hookstest.Into[list](r.author.Get("/holds")); len(got.Items) != 0 {
		t.Errorf("%+v", got)
	}
	for _, path := range []string{"/resubmit", "/second-look"} {
		refused(t, r.author.Post("/holds/"+hold.ID+path, map[string]any{"body": "x"}), 404, "not_found")
	}
	refused(t, r.author.Get("/holds/"+hold.ID), 404, "not_found")
}
