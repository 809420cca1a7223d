// Package post keeps what members write: posts, comments, what they said before, and drafts.
//
// It promises: what anyone sees is HTML that the server made from the author's Markdown, at the record event, whoever wrote
// the record; only an active member of a community writes in it; an edit keeps what was said before, and what is deleted
// leaves a mark in its place; a create that was answered is there once, however often it is sent; and to who is not in a
// community, nothing in it exists.
package post

import (
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"kinward/hooks/clinic"
)

// The kinds of a post.
const (
	Discussion   = "discussion"
	Question     = "question"
	Poll         = "poll"
	Article      = "article"
	Announcement = "announcement"
)

// Kinds lists every kind of a post.
var Kinds = []string{Discussion, Question, Poll, Article, Announcement}

// Who deleted a post or comment, as its tombstone says.
const (
	ByAuthor   = "author"
	ByPractice = "practice"
)

const (
	postsPerPage    = 20
	commentsPerPage = 30
	maxReasonRunes  = 300
	mostPinned      = 3 // in a community: who pins everything pins nothing
	// AnnouncedFor is how long an announcement stands on top if its author says nothing else; mostAnnounced is the longest.
	AnnouncedFor  = 14 * 24 * time.Hour
	mostAnnounced = 366 * 24 * time.Hour
)

// The faults of this noun.
var (
	NotInCommunity  = &clinic.Fault{Status: http.StatusForbidden, Code: "author_not_in_community"}
	KeptAsItIs      = &clinic.Fault{Status: http.StatusConflict, Code: "never_changes"}
	PostDeleted     = &clinic.Fault{Status: http.StatusConflict, Code: "post_deleted"}
	PostWaits       = &clinic.Fault{Status: http.StatusConflict, Code: "post_waits"}
	CommentDeleted  = &clinic.Fault{Status: http.StatusConflict, Code: "comment_deleted"}
	ParentElsewhere = &clinic.Fault{Status: http.StatusBadRequest, Code: "parent_elsewhere"}
	EditedMeanwhile = &clinic.Fault{Status: http.StatusConflict, Code: "edited_meanwhile"} // params: updated, title, body
	ByPracticeOnly  = &clinic.Fault{Status: http.StatusForbidden, Code: "announcement_by_practice_only"}
	ArticleBy       = &clinic.Fault{Status: http.StatusForbidden, Code: "article_by_practice_only"}
	PinsFull        = &clinic.Fault{Status: http.StatusConflict, Code: "pins_full"}        // params.max
	DateTooFar      = &clinic.Fault{Status: http.StatusBadRequest, Code: "date_not_ahead"} // params.days
	NotAsked        = &clinic.Fault{Status: http.StatusConflict, Code: "not_a_question"}
	NotItsComment   = &clinic.Fault{Status: http.StatusBadRequest, Code: "comment_elsewhere"}
	CursorInvalid   = &clinic.Fault{Status: http.StatusBadRequest, Code: "cursor_invalid"}
	PlaceInvalid    = &clinic.Fault{Status: http.StatusBadRequest, Code: "place_invalid"}
)

// Title gives the title of a post as it is stored: one line, single spaces, at most clinic.MaxTitleRunes characters; a post may
// go without. Otherwise it gives the fault of the field.
func Title(title string) (string, *clinic.Fault) {
	title = strings.Join(strings.Fields(strings.Map(unmarked, title)), " ")
	switch n := utf8.RuneCountInString(title); {
	case n > clinic.MaxTitleRunes:
		return "", clinic.TooLong.At("title").With("max", clinic.MaxTitleRunes).With("is", n)
	case !utf8.ValidString(title), strings.ContainsFunc(title, reorders):
		return "", clinic.Invalid.At("title")
	}
	return title, nil
}

// unmarked leaves out the isolates of the bidirectional algorithm (UAX #9): the page itself puts them around a name that is read from the
// right, so that somebody who copies a line brings them along unseen.
func unmarked(r rune) rune {
	if r >= '\u2066' && r <= '\u2069' {
		return -1
	}
	return r
}

// reorders are characters that act without being seen: a title with them could end in the middle of a page's own words.
func reorders(r rune) bool {
	return unicode.IsControl(r) || r >= '\u202A' && r <= '\u202E'
}

// Shows reports whether a text has anything that a reader would see: more than spaces and characters without a shape.
func Shows(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) })
}

// Kind gives the fault of a kind that is none, or nil. An empty one means Discussion.
func Kind(kind string) *clinic.Fault {
	if kind == "" || slices.Contains(Kinds, kind) {
		return nil
	}
	return clinic.Invalid.At("kind")
}
