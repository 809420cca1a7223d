package access

import (
	"encoding/base64"
	"encoding/json"

	"kinward/hooks/clinic"
)

// WriteCursor writes the place in a list from which the next page goes on. To who gets it, it says nothing.
func WriteCursor(place any) string {
	text, err := json.Marshal(place)
	if err != nil {
		panic(err) // places are strings and numbers, which always marshal
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// SealCursor writes a place that would tell its reader something, such as how much was written in other communities: nobody but
// the house reads it again, as a cursor of the same list.
func (h *House) SealCursor(list string, place any) string {
	text, err := json.Marshal(place)
	if err != nil {
		panic(err) // as above
	}
	return base64.RawURLEncoding.EncodeToString(h.Key.Seal(text, "cursor "+list))
}

// OpenCursor reads what SealCursor wrote for a list into place. Anything else is a fault at the field before.
func (h *House) OpenCursor(list, cursor string, place any) error {
	sealed, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		sealed, err = h.Key.Open(sealed, "cursor "+list)
	}
	if err != nil || json.Unmarshal(sealed, place) != nil {
		return clinic.Faults(clinic.Invalid.At("before"))
	}
	return nil
}

// ReadCursor reads what WriteCursor wrote into place. Anything else is a fault at the field before.
func ReadCursor(cursor string, place any) error {
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || json.Unmarshal(text, place) != nil {
		return clinic.Faults(clinic.Invalid.At("before"))
	}
	return nil
}
