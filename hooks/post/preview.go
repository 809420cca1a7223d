package post

import (
	"net/http"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

type previewForm struct {
	Text string `json:"text"`
}

// preview gives the HTML that a text would have as a post or comment, by the same renderer. It stores nothing.
func (d *desk) preview(e *access.Event) error {
	var form previewForm
	if err := e.Bind(&form); err != nil {
		return err
	}
	html, fault := write(form.Text)
	if fault != nil && !fault.Is(clinic.Required) {
		return clinic.Faults(fault.At("text"))
	}
	return e.Write(http.StatusOK, map[string]any{"html": html, "findings": []any{}})
}
