package markdown_test

import (
	"errors"
	"strings"
	"testing"

	"kinward/hooks/clinic"
	"kinward/hooks/markdown"
)

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		name, source   string
		post, document error
	}{
		{"nothing", "", nil, nil},
		{"words", "Hola, ¿qué tal? 👩‍⚕️", nil, nil},
		{"as long as may be", strings.Repeat("é", clinic.MaxPostBytes/2), nil, nil},
		{"a byte too long for a post", strings.Repeat("a", clinic.MaxPostBytes+1), clinic.TooLong, nil},
		{"a byte too long for a document", strings.Repeat("a", markdown.MaxDocumentBytes+1), clinic.TooLong, clinic.TooLong},
		{"not UTF-8", "a\xff", markdown.Unreadable, markdown.Unreadable},
		{"NUL", "a\x00", markdown.Unreadable, markdown.Unreadable},
		{"an override comes with a copied number", "\u202A+1 555 0100\u202C", nil, nil},
	} {
		if got := markdown.Check(c.source); !errors.Is(got, c.post) {
			t.Errorf("post, %s: %v, want %v", c.name, got, c.post)
		}
		if got := markdown.CheckDocument(c.source); !errors.Is(got, c.document) {
			t.Errorf("document, %s: %v, want %v", c.name, got, c.document)
		}
	}
	var fault *clinic.Fault
	if !errors.As(markdown.Check(strings.Repeat("a", 20_001)), &fault) || fault.Params["max"] != 20_000 || fault.Params["is"] != 20_001 {
		t.Errorf("%v does not say how much is allowed", fault)
	}
}
