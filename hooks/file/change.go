package file

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/media"
)

// changeForm holds what a file says to who cannot see or hear it; what is not given stays.
type changeForm struct {
	Alt        *string `json:"alt"`
	Transcript *string `json:"transcript"`
	Captions   *string `json:"captions"` // WebVTT; empty takes them away
	Language   *string `json:"captions_language"`
	// Confirm are the ids of findings that the writer has read and stands by.
	Confirm clinic.Confirmed `json:"confirm"`
}

// validate puts the words into the form in which they are kept.
func (f *changeForm) validate(kind string) error {
	var alt, transcript, captions, language *clinic.Fault
	if f.Alt != nil {
		if *f.Alt = oneLine(*f.Alt); utf8.RuneCountInString(*f.Alt) > maxAltRunes {
			alt = clinic.TooLong.At("alt").With("max", maxAltRunes)
		}
	}
	if f.Transcript != nil && len(*f.Transcript) > maxTranscriptBytes {
		transcript = clinic.TooLong.At("transcript").With("max", maxTranscriptBytes)
	}
	if f.Captions != nil && strings.TrimSpace(*f.Captions) != "" {
		text, fault := Captions(*f.Captions)
		if fault != nil {
			captions = fault.At("captions")
		}
		f.Captions = &text
	}
	if f.Language != nil && *f.Language != "" && !slices.Contains(clinic.Languages, *f.Language) {
		language = clinic.Invalid.At("captions_language")
	}
	sounds := kind == string(media.Audio) || kind == string(media.Video)
	if !sounds && f.Captions != nil && captions == nil {
		captions = OnlyForSound.At("captions")
	}
	return clinic.Faults(alt, transcript, captions, language)
}

// oneLine makes one line of words, without characters that act and do not show.
func oneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !unicode.IsSpace(r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

// errMoved: a piece took the file up after the viewer's request was looked at.
var errMoved = errors.New("the file goes with another piece now")

// change stores what a file says in words, unless a check has them wait for a person or refuses them.
func (d *desk) change(e *access.Event) error {
	var form changeForm
	if err := e.Bind(&form); err != nil {
		return err
	}
	f, err := d.describable(e, &form)
	if err != nil {
		return err
	}
	findings, err := d.store(e.App, e.Viewer.ID, f, &form)
	if errors.Is(err, errMoved) { // what is shown is looked at as such
		if f, err = d.describable(e, &form); err != nil {
			return err
		}
		findings, err = d.store(e.App, e.Viewer.ID, f, &form)
	}
	if err != nil {
		return err
	}
	if f, err = d.seen(e); err != nil {
		return err
	}
	out := d.describe(e.Viewer, f)
	if out.Waiting, err = waitingWords(e, f.ID); err != nil {
		return err
	}
	status := http.StatusOK
	if out.Waiting != nil {
		status = http.StatusAccepted
	}
	return e.Write(status, changed{out, findings})
}

// changed is a file with what the checks found in its new words.
type changed struct {
	described
	Findings any `json:"findings"`
}

// describable gives the file that a request names, if its viewer may put these words to it where it stands now.
func (d *desk) describable(e *access.Event, form *changeForm) (*row, error) {
	f, err := d.seen(e)
	switch {
	case err != nil:
		return nil, err
	case !mayDescribe(e.Viewer, f):
		return nil, clinic.Forbidden
	case f.Status != ready:
		return nil, NotWhole
	}
	if err := form.validate(f.Kind); err != nil {
		return nil, err
	}
	if err := e.MayWrite(f.Community); err != nil {
		return nil, err
	}
	return f, nil
}

// store writes words to a file, as far as it still stands where it stood when they were looked at: else it gives errMoved. It gives what
// the checks found in them.
func (d *desk) store(app core.App, by string, f *row, form *changeForm) (findings any, err error) {
	findings = []any{}
	err = app.RunInTransaction(func(tx core.App) error {
		record, err := tx.FindRecordById(clinic.Files, f.ID)
		if err != nil {
			return access.Missing(err)
		}
		if record.GetString("post") != f.Post || record.GetString("comment") != f.Comment {
			return errMoved
		}
		form.into(record)
		record.Set(clinic.DescribedBy, clinic.Describer{Member: by, Given: form.given()})
		record.Set(clinic.ConfirmedBy, form.Confirm)
		if err := d.house.Save(tx, record); err != nil {
			return err
		}
		if found := record.Get(clinic.FoundIn); found != nil {
			findings = found
		}
		if f.Owner == by {
			return nil
		}
		return d.house.Audit(tx, by, "file.describe", "files/"+f.ID, "")
	})
	return findings, err
}

// redressed puts what a file says in words on the piece that carries it, whoever wrote it: its own words when they are taken, and when a
// person lets them go.
func (d *desk) redressed(e *core.RecordEvent) error {
	says := func(r *core.Record) [4]string {
		return [4]string{r.GetString("alt"), r.GetString("transcript"), r.GetString("captions"), r.GetString("captions_language")}
	}
	before := says(e.Record.Original())
	if err := e.Next(); err != nil || says(e.Record) == before {
		return err
	}
	return d.again(e.App, e.Record.GetString("post"), e.Record.GetString("comment"), "")
}

// given names the fields that the form says something of.
func (f *changeForm) given() (names []string) {
	for name, one := range map[string]*string{"alt": f.Alt, "transcript": f.Transcript, "captions": f.Captions, "captions_language": f.Language} {
		if one != nil {
			names = append(names, name)
		}
	}
	return names
}

func (f *changeForm) into(r *core.Record) {
	if f.Alt != nil {
		r.Set("alt", *f.Alt)
	}
	if f.Transcript != nil {
		r.Set("transcript", strings.TrimSpace(*f.Transcript))
	}
	if f.Language != nil {
		r.Set("captions_language", *f.Language)
	}
	if f.Captions != nil {
		r.Set("captions", *f.Captions)
	}
	switch {
	case r.GetString("captions") == "":
		r.Set("captions_language", "")
	case r.GetString("captions_language") == "":
		r.Set("captions_language", clinic.DefaultLanguage)
	}
}

// remove takes a file away for good: its owner's own. A piece that carries it goes on without it.
func (d *desk) remove(e *access.Event) error {
	defer d.busy.with(e.Request.PathValue("id"))()
	f, err := d.seen(e)
	switch {
	case err != nil:
		return err
	case f.Owner != e.Viewer.ID:
		return clinic.Forbidden
	}
	err = e.App.RunInTransaction(func(tx core.App) error {
		record, err := tx.FindRecordById(clinic.Files, f.ID)
		if err != nil {
			return access.Missing(err)
		}
		if err := d.house.Delete(tx, record); err != nil {
			return err
		}
		if f.Post == "" {
			return nil
		}
		if err := d.again(tx, f.Post, f.Comment, f.ID); err != nil {
			return err
		}
		return d.house.Audit(tx, e.Viewer.ID, "file.delete", "files/"+f.ID, "")
	})
	if err != nil {
		return err
	}
	d.clear(f.ID)
	return e.Write(http.StatusNoContent, nil)
}

// again writes on a piece anew what everyone sees of its files; gone was one of them. Its words and its date stay as they are.
func (d *desk) again(tx core.App, post, comment, gone string) error {
	collection, id := carrier(post, comment)
	if id == "" {
		return nil
	}
	var piece struct {
		HTML   string `db:"html"`
		Body   string `db:"body"`
		Status string `db:"status"`
	}
	err := tx.DB().NewQuery("SELECT html, body, status FROM " + collection + " WHERE id = {:id}").Bind(dbx.Params{"id": id}).One(&piece)
	if err != nil || piece.Status == clinic.Deleted {
		return ignoreMissing(err)
	}
	rows, err := of(tx, post, comment)
	if err != nil {
		return err
	}
	inText := clinic.FilesIn(piece.Body)
	facts, err := factsOf(rows, inText)
	if err != nil {
		return err
	}
	text := dress(piece.HTML, rows)
	if gone != "" {
		text = undress(text, piece.Body, gone)
	}
	_, err = tx.DB().NewQuery("UPDATE " + collection + " SET files = {:files}, html = {:html} WHERE id = {:id}").
		Bind(dbx.Params{"id": id, "files": facts, "html": text}).Execute()
	return err
}
