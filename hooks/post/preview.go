package post

import (
	"net/http"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

type previewForm struct {
	Text      string `json:"text"`
	Title     string `json:"title"`
	Community string `json:"community"`
}

// preview gives the HTML that a text would have as a post or comment, by the same renderer, and what the practice's checks find
// in it. It stores nothing.
func (d *desk) preview(e *access.Event) error {
	var form previewForm
	if err := e.Bind(&form); err != nil {
		return err
	}
	if err := d.mayPreview(e); err != nil {
		return err
	}
	room := "" // in which nobody can be mentioned
	if e.Viewer.In(form.Community) {
		room = form.Community
	}
	html, fault := write(form.Text, naming(e.App, room, e.Viewer.ID, &clinic.Mentioned{}))
	if fault != nil && !fault.Is(clinic.Required) {
		return clinic.Faults(fault.At("text"))
	}
	findings, err := d.look(e, form.Community, form.Title, form.Text)
	if err != nil {
		return err
	}
	return e.Write(http.StatusOK, map[string]any{"html": html, "findings": findings})
}
