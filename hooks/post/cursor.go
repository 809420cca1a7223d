package post

import (
	"encoding/base64"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// spot is a place in a list that is ordered by time and then by id: where the next page goes on. It survives whatever is
// written or deleted around it, since it names no row, only a place between rows.
type spot struct{ at, id string }

const (
	atLength = len("2006-01-02 15:04:05.000Z")
	idLength = 15
)

// cursor is the spot as a program sees it: opaque, safe in an address, and worth nothing to who changes it, since it only says
// where to go on in a list that its reader may read.
func (s spot) cursor() string { return base64.RawURLEncoding.EncodeToString([]byte(s.at + s.id)) }

// readCursor reads what cursor made; anything else is a fault of the field. An empty cursor is the start.
func readCursor(field, cursor string) (spot, error) {
	if cursor == "" {
		return spot{}, nil
	}
	text, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(text) != atLength+idLength {
		return spot{}, clinic.Faults(CursorInvalid.At(field))
	}
	s := spot{at: string(text[:atLength]), id: string(text[atLength:])}
	if at := access.ParseDate(s.at); at.IsZero() || access.Date(at) != s.at || !isID(s.id) {
		return spot{}, clinic.Faults(CursorInvalid.At(field))
	}
	return s, nil
}

// isID reports whether a text could be a record's id.
func isID(s string) bool {
	for _, b := range []byte(s) {
		if (b < 'a' || b > 'z') && (b < '0' || b > '9') {
			return false
		}
	}
	return len(s) == idLength
}
