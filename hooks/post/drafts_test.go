package post_test

import (
	"net/http"
	"testing"

	"kinward/hooks/hookstest"
)

type kept struct{ Place, Title, Body, Kind, Updated string }

func TestDraftsWaitWhereOneWrites(t *testing.T) {
	r := newRoom(t)
	about := r.write(t, r.patient, "Sore hands", "In the mornings.")
	comment := r.comment(t, r.lead, about.ID, "Warm water helps.", "")
	place := "comment:" + comment.ID

	if none := r.patient.Get("/drafts/" + place); none.Status != http.StatusOK || hookstest.Into[kept](none).Body != "" {
		t.Errorf("nothing waits: %d %s", none.Status, none.Body)
	}
	if bad := r.patient.Get("/drafts/somewhere"); bad.Status != http.StatusBadRequest {
		t.Errorf("no such place: %d %s", bad.Status, bad.Body)
	}
	if put := r.patient.Do(http.MethodPut, "/drafts/"+place, map[string]any{"body": "Thank"}); put.Status != http.StatusOK {
		t.Fatalf("keeping: %d %s", put.Status, put.Body)
	}
	if mine := hookstest.Into[kept](r.patient.Get("/drafts/" + place)); mine.Body != "Thank" || mine.Updated == "" {
		t.Errorf("kept: %+v", mine)
	}
	if others := hookstest.Into[kept](r.lead.Get("/drafts/" + place)); others.Body != "" {
		t.Errorf("a draft was shown to somebody else: %+v", others)
	}
	r.comment(t, r.patient, about.ID, "Thank you!", comment.ID)
	if sent := hookstest.Into[kept](r.patient.Get("/drafts/" + place)); sent.Body != "" {
		t.Errorf("a sent answer is still a draft: %+v", sent)
	}
}
