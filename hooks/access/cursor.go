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

// ReadCursor reads what WriteCursor wrote into place. Anything else is a fault at the field before.
func ReadCursor(cursor string, place any) error {
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || json.Unmarshal(text, place) != nil {
		return clinic.Faults(clinic.Invalid.At("before"))
	}
	return nil
}
