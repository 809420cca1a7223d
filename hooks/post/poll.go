package post

import (
	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// What package poll keeps on a post is shown here, as everybody sees it: never what one voter did.

type shownPoll struct {
	Choices []shownChoice `json:"choices"`
	Ends    string        `json:"ends"`
	// Ended: nobody can vote any more.
	Ended   bool   `json:"ended"`
	Results string `json:"results"`
	// Counted votes make the results; Withheld of them stand at no choice. Zero: there are no results yet.
	Counted  int `json:"counted"`
	Withheld int `json:"withheld"`
	// Voted is how many voted in a poll that is closed.
	Voted  int  `json:"voted"`
	Closed bool `json:"closed"`
	// Turnout is who was missing at its end.
	Turnout *clinic.Turnout `json:"turnout,omitempty"`
}

type shownChoice struct {
	Label string `json:"label"`
	Votes *int   `json:"votes"` // null: no results
}

func showPoll(p *clinic.Poll, now string) *shownPoll {
	if p == nil {
		return nil
	}
	out := &shownPoll{Ends: access.Moment(p.Ends), Ended: p.Closed || p.Ends <= now, Results: p.Results, Counted: p.Counted,
		Withheld: p.Withheld, Voted: p.Voted, Closed: p.Closed, Turnout: p.Turnout}
	for i, label := range p.Choices {
		choice := shownChoice{Label: label}
		if i < len(p.Votes) {
			choice.Votes = &p.Votes[i]
		}
		out.Choices = append(out.Choices, choice)
	}
	return out
}
