package post_test

import (
	"net/http"
	"testing"

	"kinward/hooks/hookstest"
	"kinward/hooks/policy"
)

// Who may not write for now can still take back what they wrote: after taking back an authorization, that is the point of it.
func TestWhoOwesBeforeTheyMayWriteDeletesTheirOwnWords(t *testing.T) {
	r := newRoom(t)
	post := r.write(t, r.patient, "A title", "My story")
	mine, others := r.comment(t, r.patient, post.ID, "More of it", ""), r.comment(t, r.other, post.ID, "An answer", "")
	_, err := policy.Publish(r.App, r.House, "privacy", policy.Edition{Class: policy.Material,
		Texts: []policy.Words{{Language: "en", Title: "Privacy", Body: "1. New. {#new}", Reason: "new"}}})
	if err != nil {
		t.Fatal(err)
	}
	owing := r.SignedIn(r.patient.ID)
	seen := hookstest.Into[struct {
		Can      map[string]bool
		Comments struct {
			Items []struct{ Can map[string]bool }
		}
	}](owing.Get("/posts/" + post.ID))
	if len(seen.Comments.Items) != 2 || !seen.Can["delete"] || seen.Can["edit"] || seen.Can["comment"] {
		t.Fatalf("what the author may do: %+v", seen)
	}
	if first, second := seen.Comments.Items[0].Can, seen.Comments.Items[1].Can; !first["delete"] || second["delete"] {
		t.Errorf("of the comments: %v and %v", first, second)
	}
	if got := owing.Patch("/comments/"+mine.ID, map[string]any{"body": "Other words"}); got.Code() != "policy_acknowledgement_required" {
		t.Errorf("an edit: %d %s", got.Status, got.Code())
	}
	if got := owing.Delete("/comments/" + others.ID); got.Status != http.StatusForbidden {
		t.Errorf("somebody else's: %d", got.Status)
	}
	if got := r.SignedIn(r.lead.ID).Do("DELETE", "/comments/"+others.ID, map[string]any{"reason": "It names a person."}); got.Code() != "policy_acknowledgement_required" {
		t.Errorf("by a lead who owes: %d %s", got.Status, got.Code())
	}
	for _, path := range []string{"/comments/" + mine.ID, "/posts/" + post.ID} {
		if got := owing.Delete(path); got.Status != http.StatusNoContent {
			t.Errorf("DELETE %s: %d %s", path, got.Status, got.Body)
		}
	}
}
