package post

import (
	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// What package review keeps on a post or comment is shown here, as everybody sees it.

// reviewed is a review with who made it, as they are now.
type reviewed struct {
	clinic.Review
	by access.Face
}

type shownReview struct {
	Verdict string        `json:"verdict"`
	Note    string        `json:"note,omitempty"`
	By      access.Person `json:"by"`
	At      string        `json:"at"`
	Until   string        `json:"until"`
	// Correction is the comment that says what is right.
	Correction string `json:"correction,omitempty"`
	// State is in_force, edited (the words are others since) or expired.
	State string `json:"state"`
}

// The states of a review.
const (
	InForce = "in_force"
	Edited  = "edited"
	Expired = "expired"
)

// show gives a review while it says something. One that is over, or that nobody stands for any more, says nothing; a correction goes
// on to correct, and says that it has not been looked at again.
func (r *reviewed) show(see eye) *shownReview {
	if r == nil {
		return nil
	}
	state := InForce
	switch {
	case r.Edited:
		state = Edited
	case r.Until <= see.now || r.by.Status == clinic.Removed || r.by.Role != string(clinic.Provider):
		state = Expired
	}
	if state == Expired && r.Verdict != clinic.Corrected {
		return nil
	}
	return &shownReview{Verdict: r.Verdict, Note: r.Note, By: r.by.Person(r.By, see.language),
		At: access.Moment(r.At), Until: access.Moment(r.Until), Correction: r.Correction, State: state}
}

// readLinked reads the comments that a post points at.
func (d *desk) readLinked(p *line) ([]line, error) {
	correction := ""
	if p.reviewed != nil {
		correction = p.reviewed.Correction
	}
	if p.helped == "" && correction == "" {
		return nil, nil
	}
	return d.commentLines(linkedQuery, p.helped, correction, p.id)
}
