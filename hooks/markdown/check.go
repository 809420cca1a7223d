package markdown

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"kinward/hooks/clinic"
)

// MaxDocumentBytes is the most that a policy or another document may hold, and that Document and Render will parse.
const MaxDocumentBytes = 100_000

// Unreadable is the fault of a text whose bytes are not text: not UTF-8, or with a NUL in it. It happens with a program
// or a damaged file, hardly ever with a person's keyboard.
var Unreadable = &clinic.Fault{Status: http.StatusBadRequest, Code: "text_unreadable"}

// Check says whether a post or comment may be stored as it is: clinic.TooLong (params.max and params.is, both in
// bytes), Unreadable, or nil. It does not ask that there be any text.
func Check(source string) error { return check(source, clinic.MaxPostBytes) }

// CheckDocument is Check with a document's larger limit, MaxDocumentBytes.
func CheckDocument(source string) error { return check(source, MaxDocumentBytes) }

func check(source string, limit int) error {
	if len(source) > limit {
		return clinic.TooLong.With("max", limit).With("is", len(source))
	}
	if !utf8.ValidString(source) || strings.ContainsRune(source, 0) {
		return Unreadable
	}
	return nil
}
