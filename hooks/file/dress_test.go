package file_test

import (
	"net/http"
	"strings"
	"testing"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

// TestWhatADeletedFileSaid: its description goes with it from the text that showed it; what its writer says there stays.
func TestWhatADeletedFileSaid(t *testing.T) {
	c := hookstest.New(t)
	author, reader := c.Patient(), c.Patient()
	room := c.Community(clinic.KindCondition, []*hookstest.Client{c.Provider()}, author, reader)
	for text, want := range map[string]string{"my garden": "my garden", "": "", `a <b> "c" & d`: "", `"mine"`: "&#34;mine&#34;"} {
		gone, stays := upload(t, author, room, "a.jpg", photo(t)).ID, upload(t, author, room, "b.jpg", photo(t)).ID
		for _, id := range []string{gone, stays} {
			author.Patch("/files/"+id, map[string]string{"alt": "Quagmire"})
		}
		p := post(t, author, room, map[string]any{"body": "![" + text + "](/api/clinic/files/" + gone + ") ![](/api/clinic/files/" + stays + ")"})
		if strings.Count(p.HTML, "Quagmire") != 2 {
			t.Errorf("before: %s", p.HTML)
		}
		if r := author.Delete("/files/" + gone); r.Status != http.StatusNoContent {
			t.Fatalf("%d %s", r.Status, r.Body)
		}
		html := hookstest.Into[piece](reader.Get("/posts/" + p.ID)).HTML
		if !strings.Contains(html, `<img src="/api/clinic/files/`+gone+`" alt="`+want+`">`) || strings.Count(html, "Quagmire") != 1 {
			t.Errorf("%q afterwards: %s", text, html)
		}
	}
}
