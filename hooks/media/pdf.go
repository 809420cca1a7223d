package media

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

func isPDF(head []byte) bool { return bytes.HasPrefix(head, []byte("%PDF-")) }

const (
	// mostPages bounds the work on one document.
	mostPages = 2000
	// mostDepth is how deep dictionaries may lie in each other, and groups of pages in groups: what reads a document goes down with them.
	mostDepth = 64
	// mostObjects is of how many parts a document may be made; a book of a thousand pages has fewer.
	mostObjects = 50_000
	// mostDecoded is how much one packed part of a document may hold, in bytes.
	mostDecoded = 64 << 20
)

// goes are the entries that tell who made a document, when, with what and from what (ISO 32000-1, 14.3 and 14.5), for whom its layers
// are (8.11.4.4), and what its signatures allow (12.8.4).
var goes = []string{"Metadata", "PieceInfo", "LastModified", "SpiderInfo", "Thumb", "CreatorInfo", "User", "Perms", "SigFlags", "DSS"}

// acts are entries that make a document do something by itself or bring something with it that nobody has looked at
// (12.6 actions, 7.11.4 embedded files, 13.2 media, 12.7.8 XFA). A document that has one is refused rather than mended: it would
// not do what its author meant.
var acts = []string{"JS", "JavaScript", "AA", "EmbeddedFiles", "EF", "RichMediaContent", "XFA"}

// actions are the kinds of action that a document may not have; going to a page or an address is not among them.
var actions = []string{"JavaScript", "Launch", "SubmitForm", "ImportData", "Rendition", "Movie", "Sound", "GoToE", "RichMediaExecute"}

// cleanPDF reads a document, refuses what acts, and writes it anew without what goes: earlier versions of it, which stay in a
// file that was changed, are not written either.
func cleanPDF(in File, size int64, out, _ io.Writer) (cleaned Cleaned, err error) {
	defer func() {
		if recover() != nil { // a library's mistake on a document made to hurt it
			err = Damaged
		}
	}()
	api.DisableConfigDir() // it would write its settings into the home folder
	settings := model.NewDefaultConfiguration()
	settings.Offline, settings.Optimize, settings.OptimizeBeforeWriting = true, false, false
	settings.Limits.MaxStreamBytes, settings.Limits.MaxDecodeBytes = size+1, mostDecoded
	settings.Limits.MaxObjectCount, settings.Limits.MaxXRefEntries, settings.Limits.MaxObjectStreamCount = mostObjects, mostObjects, mostObjects
	if piecesOf(in, size) > 2*mostObjects {
		return Cleaned{}, Unusual
	}
	document, err := api.ReadContext(io.NewSectionReader(in, 0, size), settings)
	if err != nil {
		if errors.Is(err, pdfcpu.ErrWrongPassword) || strings.Contains(err.Error(), "password") {
			return Cleaned{}, Locked
		}
		return Cleaned{}, Damaged
	}
	if document.Encrypt != nil {
		return Cleaned{}, Locked
	}
	if err := bounded(document); err != nil {
		return Cleaned{}, err
	}
	if err := api.ValidateContext(document); err != nil {
		return Cleaned{}, Damaged
	}
	if document.PageCount == 0 || document.PageCount > mostPages {
		return Cleaned{}, Unusual
	}
	if err := emptyDocument(document); err != nil {
		return Cleaned{}, err
	}
	var written bytes.Buffer
	if err := api.WriteContext(document, &written); err != nil {
		return Cleaned{}, Damaged
	}
	if !opens(written.Bytes(), settings) {
		return Cleaned{}, Damaged
	}
	if _, err := out.Write(written.Bytes()); err != nil {
		return Cleaned{}, err
	}
	return Cleaned{Kind: Document, Type: "application/pdf", Ending: ".pdf"}, nil
}

// opens reports whether what was written can be read: of a document that was cut off in its midst, what is left may be written
// and yet not be one.
func opens(written []byte, settings *model.Configuration) bool {
	limits := settings.Limits
	limits.MaxStreamBytes = int64(len(written)) + 1
	again := *settings
	again.Limits = limits
	document, err := api.ReadContext(bytes.NewReader(written), &again)
	return err == nil && api.ValidateContext(document) == nil && document.PageCount > 0
}

// piecesOf counts the parts that are written in a file one by one, those of earlier versions among them: each takes kilobytes once it
// is read.
func piecesOf(in io.ReaderAt, size int64) (pieces int) {
	const begins = " obj"
	text := make([]byte, 64<<10)
	for at := int64(0); at < size; at += int64(len(text) - len(begins) + 1) {
		n, err := in.ReadAt(text, at)
		pieces += bytes.Count(text[:n], []byte(begins))
		if err != nil {
			break
		}
	}
	return pieces
}

// bounded refuses a document of too many parts, or whose pages lie too deep in groups, before anything goes down into it.
func bounded(document *model.Context) error {
	if len(document.Table) > mostObjects {
		return Unusual
	}
	root, err := document.Pages()
	if err != nil || root == nil {
		return Damaged
	}
	level := types.Array{*root}
	for depth := 0; len(level) > 0; depth++ {
		if depth > mostDepth || len(level) > mostObjects {
			return Unusual
		}
		var below types.Array
		for _, one := range level {
			group, err := document.DereferenceDict(one)
			if err != nil {
				return Damaged
			}
			kids, err := document.DereferenceArray(group["Kids"])
			if err != nil {
				return Damaged
			}
			below = append(below, kids...)
		}
		level = below
	}
	return nil
}

// emptyDocument goes through every object.
func emptyDocument(document *model.Context) error {
	for _, entry := range document.Table {
		if entry == nil || entry.Free {
			continue
		}
		// Those that lie compressed with others are read when somebody asks for them: here, and not when they are written.
		if late, ok := entry.Object.(types.LazyObjectStreamObject); ok {
			object, err := late.DecodedObject(context.Background())
			if err != nil {
				return Damaged
			}
			entry.Object = object
		}
		if stream, ok := entry.Object.(types.StreamDict); ok {
			bare, err := emptyPicture(stream)
			if err != nil {
				return err
			}
			entry.Object = bare
		}
		if err := emptyObject(document, entry.Object, 0); err != nil {
			return err
		}
	}
	document.Info = nil
	document.Title, document.Subject, document.Author, document.Creator, document.Producer, document.Keywords = "", "", "", "", "", ""
	document.Properties, document.KeywordList, document.CatalogXMPMeta = map[string]string{}, types.StringSet{}, nil
	document.ID = nil
	return nil
}

func emptyObject(document *model.Context, object types.Object, depth int) error {
	if depth > mostDepth {
		return Unusual
	}
	switch o := object.(type) {
	case types.Dict:
		return emptyDict(document, o, depth)
	case types.StreamDict:
		return emptyDict(document, o.Dict, depth)
	case types.ObjectStreamDict:
		return emptyDict(document, o.Dict, depth)
	case types.XRefStreamDict:
		return emptyDict(document, o.Dict, depth)
	case types.Array:
		for _, one := range o {
			if err := emptyObject(document, one, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

func emptyDict(document *model.Context, dict types.Dict, depth int) error {
	for _, name := range goes {
		dict.Delete(name)
	}
	for _, name := range acts {
		if dict.HasEntry(name) {
			return Acting
		}
	}
	if err := nameHere(document, dict); err != nil {
		return err
	}
	if err := nameless(document, dict); err != nil {
		return err
	}
	if kind := dict.NameEntry("S"); kind != nil && slices.Contains(actions, *kind) {
		return Acting
	}
	for _, value := range dict {
		if err := emptyObject(document, value, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// nameHere puts the name of what a dictionary does into it, where it stands in an object of its own: what was looked at is what is
// written. One that leads to no name is refused: readers differ in what they take it for. Only settings of pages that were taken from
// the web stand under the same key, as a dictionary (14.10.5.3), and name nothing.
func nameHere(document *model.Context, dict types.Dict) error {
	if _, elsewhere := dict["S"].(types.IndirectRef); !elsewhere {
		return nil
	}
	object, err := document.Dereference(dict["S"])
	if err != nil {
		return Damaged
	}
	switch o := object.(type) {
	case types.Name:
		dict["S"] = o
	case types.Dict:
	default:
		return Acting
	}
	return nil
}
