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
	// Choices are those of a poll.
	Choices []string `json:"choices"`
	// Files are the ids of those that it will carry beside its words; without them, those that it carries already.
	Files []string `json:"files"`
	// Post and Comment name what is being changed: it has its files already. Of a comment both are named.
	Post    string `json:"post"`
	Comment string `json:"comment"`
}

func (f *previewForm) validate() error {
	var choices, files *clinic.Fault
	if len(f.Choices) > mostListed {
		choices = clinic.TooLong.At("choices").With("max", mostListed)
	}
	if len(f.Files) > mostListed {
		files = clinic.TooLong.At("files").With("max", mostListed)
	}
	return clinic.Faults(choices, files)
}

// mostListed bounds the lists of a preview; what is posted has fewer.
const mostListed = 20

// preview gives the HTML that a text would have as a post or comment, by the same renderer, and what the practice's checks would find
// in it, in what can be chosen and in what its files say. It stores nothing.
func (d *desk) preview(e *access.Event) error {
	var form previewForm
	if err := e.Bind(&form); err != nil {
		return err
	}
	if err := form.validate(); err != nil {
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
	if said, fault := Title(form.Title); fault == nil {
		form.Title = said // as it would be kept, so that what is found stands at the same places
	}
	findings, err := d.look(e, Writing{form.Community, form.Post, form.Comment, form.Title, form.Text, form.Choices, form.Files})
	if err != nil {
		return err
	}
	return e.Write(http.StatusOK, map[string]any{"html": html, "findings": findings})
}
