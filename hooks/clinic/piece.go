package clinic

// What a post or comment carries for everybody who sees it, beside its words, as JSON in a field of its own. The capability that the
// field belongs to writes it; package post shows it.

// Review is what a provider said of the words of a post or comment, in its field "review".
type Review struct {
	Verdict    string `json:"verdict"`             // one of the verdicts
	Note       string `json:"note,omitzero"`       // what readers should know beside it
	Correction string `json:"correction,omitzero"` // the comment that corrects it
	By         string `json:"by"`                  // the provider's id
	At         string `json:"at"`                  // as the database writes dates
	Until      string `json:"until"`               // from then on it is no longer valid
	Edited     bool   `json:"edited,omitzero"`     // the words are others since
}

// The verdicts of a review.
const (
	Accurate     = "accurate"
	AccurateNote = "note"      // accurate, with a note
	Corrected    = "corrected" // wrong, and a comment says what is right
	Withdrawn    = "withdrawn" // the mark was taken back
)

// Poll is a poll as everybody sees it, in the field "poll" of its post. It is written when it is asked, when results are let out, and
// when it ends; never when somebody votes.
type Poll struct {
	Choices []string `json:"choices"`
	Ends    string   `json:"ends"` // as the database writes dates
	// Results says when there are any: while it runs, or at its end.
	Results string `json:"results"`
	// Votes are counted for each choice; none until the first are let out.
	Votes []int `json:"votes,omitempty"`
	// Counted is how many votes the results are made of; Withheld of them are in none of Votes, since those who voted so would be known.
	Counted  int `json:"counted,omitzero"`
	Withheld int `json:"withheld,omitzero"`
	// Closed: it has ended, after Voted votes. Those after Counted are too few to show.
	Closed bool `json:"closed,omitzero"`
	Voted  int  `json:"voted,omitzero"`
	// Turnout is who was missing at the end; nil before.
	Turnout *Turnout `json:"turnout,omitempty"`
}

// Turnout says how many members of a community have voted, and how many of whom are missing. It names nobody.
type Turnout struct {
	Members int `json:"members"`
	Voted   int `json:"voted"`
	Missing int `json:"missing"`
	// Groups are roles of which there are enough that a number is about nobody in particular; together they are all members. There are
	// none where there would be fewer than two.
	Groups []TurnoutGroup `json:"groups"`
}

// TurnoutGroup is one or more roles of a Turnout.
type TurnoutGroup struct {
	Roles   []Role `json:"roles"`
	Members int    `json:"members"`
	Missing int    `json:"missing"`
}

// When a poll shows results.
const (
	ResultsRunning = "running"
	ResultsAtEnd   = "end"
)
