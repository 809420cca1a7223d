// Package poll asks a community a question and counts what it answers, so that nobody can tell who chose what.
//
// It promises: no row, order, time or line of a log joins a voter to a choice. That somebody has voted stands in one table, without a
// time and in the order of ids; what was chosen is added to sums that stand sealed in one field, as long with every vote; neither the
// audit record nor the record of repeated requests hears of a vote. Sums are let out when at least Batch votes have come together,
// and then not before as many more have, so that who watches the results and the voters sees crowds and never a person. And where
// nearly all of such a crowd chose alike, so that each of them would be known, two of their votes are left out.
//
// A vote is not changed and not taken back: to subtract it one would have to know what it was.
package poll

import (
	"encoding/binary"
	"errors"
	"net/http"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"kinward/hooks/clinic"
)

const (
	// Batch is how many votes are let out together at the least. It is the smallest number of people that the Centers for Medicare
	// and Medicaid Services let a published cell stand for (the CMS cell size suppression policy: nothing under 11).
	Batch = 11
	// spare is how many votes stay out of a batch in which nearly all chose alike. Two, so that not even one who voted otherwise, and
	// knows that they were the only one to, learns what all others chose.
	spare       = 2
	leastChoice = 2
	mostChoices = 10
	mostRunes   = 120
	longest     = 92 * 24 * time.Hour
)

// The faults of this noun.
var (
	NeedsChoices = &clinic.Fault{Status: http.StatusBadRequest, Code: "poll_needs_choices"} // params: least, most
	ChoiceTwice  = &clinic.Fault{Status: http.StatusBadRequest, Code: "poll_choice_twice"}
	EndsWrong    = &clinic.Fault{Status: http.StatusBadRequest, Code: "poll_ends_wrong"} // params.days
	Ended        = &clinic.Fault{Status: http.StatusConflict, Code: "poll_ended"}
	VotedAlready = &clinic.Fault{Status: http.StatusConflict, Code: "poll_voted_already"}
	HasVotes     = &clinic.Fault{Status: http.StatusConflict, Code: "poll_has_votes"}
	OnlyPolls    = &clinic.Fault{Status: http.StatusBadRequest, Code: "poll_on_other_kind"}
)

// Asked puts in order what a new post asks, or gives the faults of its fields.
func Asked(p clinic.Poll, ends, now time.Time) (clinic.Poll, error) {
	var choices, date, results *clinic.Fault
	out := clinic.Poll{Ends: p.Ends, Results: p.Results}
	seen := map[string]bool{}
	for _, choice := range p.Choices {
		choice = strings.Join(strings.Fields(choice), " ")
		folded := strings.ToLower(choice)
		switch {
		case choice == "":
			continue
		case !utf8.ValidString(choice), strings.ContainsFunc(choice, unseen):
			choices = clinic.Invalid.At("choices")
		case utf8.RuneCountInString(choice) > mostRunes:
			choices = clinic.TooLong.At("choices").With("max", mostRunes)
		case seen[folded]:
			choices = ChoiceTwice.At("choices")
		}
		seen[folded] = true
		out.Choices = append(out.Choices, choice)
	}
	if n := len(out.Choices); choices == nil && (n < leastChoice || n > mostChoices) {
		choices = NeedsChoices.At("choices").With("least", leastChoice).With("most", mostChoices)
	}
	if !ends.After(now) || ends.After(now.Add(longest)) {
		date = EndsWrong.At("ends").With("days", int(longest.Hours()/24))
	}
	switch out.Results {
	case "":
		out.Results = clinic.ResultsRunning
	case clinic.ResultsRunning, clinic.ResultsAtEnd:
	default:
		results = clinic.Invalid.At("results")
	}
	return out, clinic.Faults(choices, date, results)
}

// unseen are characters that would break a line or reorder what stands after them.
func unseen(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }

// sums are the votes that were not let out yet, one for each choice. They are as long in every poll and with every vote.
type sums [mostChoices]uint32

func (s *sums) total() (n int) {
	for _, one := range s {
		n += int(one)
	}
	return n
}

func (s *sums) bytes() []byte {
	out := make([]byte, 0, 4*mostChoices)
	for _, one := range s {
		out = binary.BigEndian.AppendUint32(out, one)
	}
	return out
}

func readSums(plain []byte) (s sums, err error) {
	if len(plain) != 4*mostChoices {
		return s, errors.New("an urn of another size")
	}
	for i := range s {
		s[i] = binary.BigEndian.Uint32(plain[4*i:])
	}
	return s, nil
}

// release adds the votes in an urn to the results of a poll, and empties it. There must be Batch of them at least.
//
// Of votes that were let out together everyone may know who cast them. So that no one of them is known to have chosen anything, what
// is told must fit to several ways in which they may have chosen, even for one who knows their own choice: a choice that got all but
// spare votes, or more, is told as if it had got all but spare, and those spare votes as votes that stand nowhere.
func release(p *clinic.Poll, urn *sums) {
	if p.Votes == nil {
		p.Votes = make([]int, len(p.Choices))
	}
	n := urn.total()
	p.Counted += n
	for i := range p.Choices {
		if int(urn[i]) >= n-spare {
			p.Votes[i] += n - spare
			p.Withheld += spare
			*urn = sums{}
			return
		}
	}
	for i := range p.Choices {
		p.Votes[i] += int(urn[i])
	}
	*urn = sums{}
}
