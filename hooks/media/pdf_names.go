package media

import (
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// Names of people stand in a document where nobody who made it thinks of them: each note in its margin says whose it is and when it was
// written, and a signature brings the certificate of who signed. What a note says stays, and what is seen of a signature.

// ofNotes tell of a note who wrote it, when, and by what name its program knows it (ISO 32000-1, 12.5.2 and 12.5.6.2).
var ofNotes = []string{"T", "M", "CreationDate", "NM"}

// ofSignatures tell who signed (12.8.1). What is written anew is another document, which nobody signed: nothing of them stays.
var ofSignatures = []string{"Name", "M", "Location", "Reason", "ContactInfo", "Contents", "Cert", "ByteRange", "Reference", "Changes", "Prop_Build"}

// nameless takes from a dictionary the people whom it names because of what it is.
func nameless(document *model.Context, dict types.Dict) error {
	if _, signed := dict["ByteRange"]; signed {
		remove(dict, ofSignatures)
	}
	kind, err := nameOf(document, dict, "FT")
	if err != nil {
		return err
	}
	if kind == "Sig" {
		dict.Delete("V")
	}
	if kind, err = nameOf(document, dict, "Type"); err != nil {
		return err
	}
	if kind == "Thread" {
		dict.Delete("I") // what it says of itself, as a document does
	}
	if !dict.HasEntry("Rect") || !dict.HasEntry("Subtype") {
		return nil
	}
	if kind, err = nameOf(document, dict, "Subtype"); err != nil {
		return err
	}
	if kind == "Widget" { // what is called so is a field to fill in: its T is the name of the field
		remove(dict, ofNotes[1:])
	} else {
		remove(dict, ofNotes)
	}
	return nil
}

func remove(dict types.Dict, names []string) {
	for _, name := range names {
		dict.Delete(name)
	}
}

// nameOf gives the name that stands under a key, in an object of its own too; "" where none does.
func nameOf(document *model.Context, dict types.Dict, key string) (string, error) {
	object, err := document.Dereference(dict[key])
	if err != nil {
		return "", Damaged
	}
	name, _ := object.(types.Name)
	return string(name), nil
}
