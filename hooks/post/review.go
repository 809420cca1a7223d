package post

import (
	"encoding/json"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// What package review keeps on a post or comment is shown here, as everybody sees it.

// reviewed is a review with who made it, as they are now.
type reviewed struct {
	clinic.Review
	name, role, title, status string
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
	case r.Until <= see.now || r.status == clinic.Removed:
		state = Expired
	}
	if state == Expired && r.Verdict != clinic.Corrected {
		return nil
	}
	return &shownReview{Verdict: r.Verdict, Note: r.Note, By: access.NewPerson(see.language, r.By, r.name, r.role, r.title, r.status),
		At: access.Moment(r.At), Until: access.Moment(r.Until), Correction: r.Correction, State: state}
}

// reviewersQuery gives who made the reviews of a page.
const reviewersQuery = `SELECT u.id, u.name, u.role, u.title, u.status FROM json_each(?1) r CROSS JOIN users u INDEXED BY sqlite_autoindex_users_1 ON u.id = r.value`

// nameReviewers puts beside each review who made it: one query for a page, and none for a page without reviews.
func (d *desk) nameReviewers(lines []line) error {
	byID := map[string][]*reviewed{}
	ids := []string{}
	for i := range lines {
		if r := lines[i].reviewed; r != nil {
			if byID[r.By] == nil {
				ids = append(ids, r.By)
			}
			byID[r.By] = append(byID[r.By], r)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	asked, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	rows, err := d.reader().Query(reviewersQuery, string(asked))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var who reviewed
		var id string
		if err := rows.Scan(&id, &who.name, &who.role, &who.title, &who.status); err != nil {
			return err
		}
		for _, r := range byID[id] {
			r.name, r.role, r.title, r.status = who.name, who.role, who.title, who.status
		}
	}
	return rows.Err()
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
	return d.lines(linkedQuery, p.helped, correction, p.id)
}
