package policy

import (
	"regexp"
	"strings"
	"time"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// change is a run of words that two texts share, or that only one of them has.
type change struct {
	Op   string `json:"op"` // equal, insert, delete
	Text string `json:"text"`
}

// piece is what a text is compared by: a word, a run of spaces, a line's end, or one other mark.
var piece = regexp.MustCompile(`[\p{L}\p{N}_'’]+|[ \t]+|\n|[^\p{L}\p{N}_'’ \t\n]`)

// diffFor bounds the search for the shortest difference; past it the answer is still right, if longer than it need be.
const diffFor = time.Second

// compareWords says word by word how a text became another: whole words, since half of one marked as new is hard to read. The
// answer puts both texts together again: equal and delete give the old one, equal and insert the new one.
func compareWords(old, now string) []change {
	known := map[string]rune{}
	var pieces []string
	letters := func(text string) []rune {
		var out []rune
		for _, word := range piece.FindAllString(text, -1) {
			letter, seen := known[word]
			if !seen {
				letter = letterOf(len(pieces))
				known[word], pieces = letter, append(pieces, word)
			}
			out = append(out, letter)
		}
		return out
	}
	a, b := letters(old), letters(now)
	compare := diffmatchpatch.New()
	compare.DiffTimeout = diffFor
	out := []change{}
	for _, d := range compare.DiffCleanupSemantic(compare.DiffMainRunes(a, b, false)) {
		var text strings.Builder
		for _, letter := range d.Text {
			text.WriteString(pieces[placeOf(letter)])
		}
		out = append(out, change{opNames[d.Type], text.String()})
	}
	return out
}

var opNames = map[diffmatchpatch.Operation]string{
	diffmatchpatch.DiffEqual: "equal", diffmatchpatch.DiffInsert: "insert", diffmatchpatch.DiffDelete: "delete",
}

// Each piece stands for one letter while the texts are compared. The letters begin in a private area, where none has a case or is a
// space to the library, and pass over the surrogates, which are none.
const (
	firstLetter    = 0xF0000
	lettersInPlane = 0x10FFFF - firstLetter + 1
	firstSpare     = 0x3400 // ideographs: more than any text of MaxDocumentBytes has left over
	spareEnd       = 0xD7FF
	secondSpare    = 0x20000
)

func letterOf(place int) rune {
	switch spares := spareEnd - firstSpare + 1; {
	case place < lettersInPlane:
		return rune(firstLetter + place)
	case place < lettersInPlane+spares:
		return rune(firstSpare + place - lettersInPlane)
	default:
		return rune(secondSpare + place - lettersInPlane - spares)
	}
}

func placeOf(letter rune) int {
	switch spares := spareEnd - firstSpare + 1; {
	case letter >= firstLetter:
		return int(letter) - firstLetter
	case letter <= spareEnd:
		return int(letter) - firstSpare + lettersInPlane
	default:
		return int(letter) - secondSpare + lettersInPlane + spares
	}
}
