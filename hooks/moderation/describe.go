package moderation

import (
	"encoding/json"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// Words that come to a file which others see already wait here as a piece does, but for one thing: what is shown stays as it was. They
// stand on the hold alone until a person lets them go. Whoever wrote them is the hold's author: the owner of the file, or a lead.

// worded are the fields of a file that hold words.
var worded = []string{"alt", "transcript", "captions", "captions_language"}

// described keeps the new words of a file back where a check holds them, or where words of the same writer wait there already: others take
// their place. Words that are those which are shown take back what waited.
func (d *desk) described(e *core.RecordEvent) error {
	r := e.Record
	by, is := r.Get(clinic.DescribedBy).(clinic.Describer)
	if _, decided := r.Get(clinic.DecidedBy).(clinic.Decision); !is || decided || r.GetString("post") == "" || len(by.Given) == 0 {
		return e.Next()
	}
	hold, err := liveHoldOf(e.App, r.Id, by.Member)
	if err != nil {
		return err
	}
	_, kept := r.Get(clinic.KeptBack).(clinic.Waits)
	if hold == nil && !kept {
		return e.Next()
	}
	words := snapshot{Title: r.GetString("name")}
	if hold != nil {
		words = readSnapshot(hold.GetString("snapshot"))
	}
	words.take(r, by.Given)
	for _, field := range worded {
		r.Set(field, r.Original().GetString(field))
	}
	if err := e.Next(); err != nil {
		return err
	}
	if !words.forFile() {
		return d.conclude(e.App, hold, event{kind: Withdrawn, by: by.Member})
	}
	return d.await(e.App, hold, r, by, words)
}

// await puts the words for a file on the desk: as a new hold, or as news of the one that their writer has.
func (d *desk) await(tx core.App, hold, r *core.Record, by clinic.Describer, words snapshot) error {
	findings, first, families := found(r)
	kind := edited
	if hold == nil {
		var err error
		if hold, err = d.fresh(tx, piece{r, r.GetString("post"), r.GetString("comment")}, ByCheck); err != nil {
			return err
		}
		hold.Set("file", r.Id)
		hold.Set("author", by.Member)
		kind = Open
	} else {
		findings = together(hold.GetString("findings"), findings, by.Given)
	}
	return d.news(tx, hold, event{kind: kind, by: by.Member}, words, findings, first, families)
}

// take puts what a record says now into the words that wait, as far as the writer gave it and it is other than what is shown.
func (s *snapshot) take(r *core.Record, given []string) {
	fields := map[string]**string{"alt": &s.Alt, "transcript": &s.Transcript, "captions": &s.Captions, "captions_language": &s.Spoken}
	for name, to := range fields {
		if !slices.Contains(given, name) {
			continue
		}
		*to = nil
		if now := r.GetString(name); now != r.Original().GetString(name) {
			*to = &now
		}
	}
	if s.Captions == nil && !slices.Contains(given, "captions_language") {
		s.Spoken = nil
	} else if now := r.GetString("captions_language"); s.Captions != nil && s.Spoken == nil {
		s.Spoken = &now
	}
}

// forFile reports whether these are words for a file.
func (s snapshot) forFile() bool {
	return s.Alt != nil || s.Transcript != nil || s.Captions != nil || s.Spoken != nil
}

// together adds what was found in new words to what was found before in those that stay.
func together(before, now string, given []string) string {
	var old, all []map[string]any
	if json.Unmarshal([]byte(before), &old) != nil || json.Unmarshal([]byte(now), &all) != nil {
		return now
	}
	for _, f := range old {
		if field, _ := f["field"].(string); !slices.Contains(given, field) {
			all = append(all, f)
		}
	}
	text, err := json.Marshal(all)
	if err != nil || len(all) == 0 {
		return now
	}
	return string(text)
}

// letGo does what was decided on the words for a file: those that are published are shown; any others stay where they are.
func (d *desk) letGo(e *access.Event, tx core.App, hold *core.Record, state string) error {
	if state != Published {
		return nil
	}
	if err := access.Writable(tx, hold.GetString("community")); err != nil {
		return err
	}
	file, err := tx.FindRecordById(clinic.Files, hold.GetString("file"))
	if access.Missing(err) == clinic.NotFound {
		return PieceGone
	}
	if err != nil {
		return err
	}
	words := readSnapshot(hold.GetString("snapshot"))
	for name, one := range map[string]*string{"alt": words.Alt, "transcript": words.Transcript, "captions": words.Captions, "captions_language": words.Spoken} {
		if one != nil {
			file.Set(name, *one)
		}
	}
	file.Set(clinic.DecidedBy, clinic.Decision{Member: e.Viewer.ID})
	return d.house.Save(tx, file)
}

// undescribed ends what waits at a file that is deleted.
func (d *desk) undescribed(e *core.RecordEvent) error {
	if err := e.Next(); err != nil {
		return err
	}
	return d.endWords(e.App, "file = {:file}", dbx.Params{"file": e.Record.Id})
}

// endWords ends the words for files that wait and of which a condition holds: what they were for is gone.
func (d *desk) endWords(tx core.App, where string, params dbx.Params) error {
	found, err := tx.FindRecordsByFilter(clinic.Holds, "file != '' && "+where+" && "+liveState, "", 0, 0, params)
	for _, hold := range found {
		if err == nil {
			err = d.conclude(tx, hold, event{kind: Withdrawn})
		}
	}
	return err
}

// liveHoldOf reads what waits of a member's words for a file, or nil.
func liveHoldOf(app core.App, file, member string) (*core.Record, error) {
	found, err := app.FindRecordsByFilter(clinic.Holds, "file = {:file} && author = {:member} && "+liveState, "", 1, 0,
		dbx.Params{"file": file, "member": member})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

// wordedFile is a file as it is shown now, for who decides on other words for it.
type wordedFile struct {
	ID         string `json:"id" db:"id"`
	Kind       string `json:"kind" db:"kind"`
	Name       string `json:"name" db:"name"`
	Alt        string `json:"alt" db:"alt"`
	Transcript string `json:"transcript" db:"transcript"`
	Captions   string `json:"captions" db:"captions"`
}

// fileNow reads it; nil where it is gone.
func fileNow(app core.App, id string) (*wordedFile, error) {
	var rows []wordedFile
	err := app.DB().NewQuery("SELECT id, kind, name, alt, transcript, captions FROM files WHERE id = {:id}").Bind(dbx.Params{"id": id}).All(&rows)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}
