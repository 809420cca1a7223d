// Package export gives a person everything that the practice holds of them in one file (45 CFR 164.524; GDPR, articles 15 and 20).
//
// It promises: every table of the database is either in it or named, with the reason, in what is left out, so that a new one cannot be
// forgotten; what others wrote or told in confidence, and what opens a door, is in none; it is read at one moment, and that it was made
// stands on the audit record before anything leaves, where its member sees it.
package export

import (
	"archive/zip"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// ErrUnknown says that there is no such member.
var ErrUnknown = errors.New("nobody has this id or e-mail address here: look it up under People, or with --dir name another data folder")

const aboutName = "about.json"

// Summary is about.json, and what the command tells.
type Summary struct {
	Member   string            `json:"member"`
	Practice string            `json:"practice"`
	Made     time.Time         `json:"made"`
	Rows     map[string]int    `json:"rows"`              // by the name of its file
	Files    int               `json:"files"`             // pictures, documents, sound and video
	Missing  []string          `json:"missing,omitempty"` // files that a row names and that the practice itself has lost
	LeftOut  map[string]string `json:"left_out"`          // by table, with the reason
}

// stored is a file of the member's as it stands in PocketBase's storage.
type stored struct {
	ID      string `db:"id"`
	Name    string `db:"name"`
	Content string `db:"content"`
}

// whole is what was read of a member, at one moment.
type whole struct {
	Summary
	parts map[string][]json.RawMessage
	files []stored
}

// Write writes a ZIP archive of everything that is held of a member, who is named by id or address, to w: a JSON file for each kind of
// thing, and below files/ what they uploaded. After an error what was written is no archive. It returns ErrUnknown where there is no such member.
func Write(ctx context.Context, app core.App, house *access.House, who string, w io.Writer) (*Summary, error) {
	member, err := find(app, who)
	if err != nil {
		return nil, err
	}
	all := &whole{parts: map[string][]json.RawMessage{}, Summary: Summary{
		Member: member, Practice: house.Practice().Name, Made: house.Now().UTC().Truncate(time.Second), Rows: map[string]int{}, LeftOut: leftOut,
	}}
	if err := app.RunInTransaction(func(tx core.App) error {
		if err := house.Audit(tx, "", "member.export", clinic.Users+"/"+member, ""); err != nil {
			return err
		}
		return all.read(ctx, tx)
	}); err != nil {
		return nil, err
	}
	if err := all.write(ctx, app, w); err != nil {
		return nil, err
	}
	return &all.Summary, nil
}

func find(app core.App, who string) (id string, err error) {
	err = app.DB().NewQuery("SELECT id FROM users WHERE id = {:who} OR email = lower({:who})").Bind(dbx.Params{"who": strings.TrimSpace(who)}).Row(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", ErrUnknown
	}
	return id, err
}

func (all *whole) read(ctx context.Context, tx core.App) error {
	member := dbx.Params{"member": all.Member, "subject": clinic.Users + "/" + all.Member}
	for _, p := range parts {
		rows, err := tx.DB().NewQuery(p.query()).Bind(member).WithContext(ctx).Rows()
		if err != nil {
			return fmt.Errorf("%s cannot be read: %w", p.table, err)
		}
		read, err := records(rows)
		if err != nil {
			return fmt.Errorf("%s cannot be read: %w", p.table, err)
		}
		all.parts[p.table], all.Rows[p.table] = read, len(read)
	}
	return tx.DB().NewQuery("SELECT id, name, content FROM files WHERE owner = {:member} AND content != '' ORDER BY created, id").
		Bind(member).WithContext(ctx).All(&all.files)
}

// records gives each row as a JSON object in the order of its columns; a column that holds JSON stays JSON.
func records(rows *dbx.Rows) (out []json.RawMessage, err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	columns, err := rows.ColumnTypes()
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		values := make([]any, len(columns))
		into := make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		record, err := object(columns, values)
		if err != nil {
			return nil, err
		}
		out = append(out, record)
	}
	return out, rows.Err()
}

func object(columns []*sql.ColumnType, values []any) (json.RawMessage, error) {
	var out strings.Builder
	for i, column := range columns {
		value := values[i]
		if bytes, is := value.([]byte); is {
			value = string(bytes)
		}
		if text, is := value.(string); is && strings.EqualFold(column.DatabaseTypeName(), "JSON") && json.Valid([]byte(text)) {
			value = json.RawMessage(text)
		}
		field, err := json.Marshal(map[string]any{column.Name(): value})
		if err != nil {
			return nil, err
		}
		if i > 0 {
			out.WriteString(",")
		}
		out.Write(field[1 : len(field)-1])
	}
	return json.RawMessage("{" + out.String() + "}"), nil
}

func (all *whole) write(ctx context.Context, app core.App, w io.Writer) error {
	archive := zip.NewWriter(w)
	for _, p := range parts {
		rows := all.parts[p.table]
		if rows == nil {
			rows = []json.RawMessage{}
		}
		if err := all.add(archive, p.table+".json", rows); err != nil {
			return err
		}
	}
	store, err := app.NewFilesystem()
	if err != nil {
		return err
	}
	defer store.Close()
	folder, err := app.FindCachedCollectionByNameOrId(clinic.Files)
	if err != nil {
		return err
	}
	for _, f := range all.files {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := all.copy(archive, store, path.Join(folder.Id, f.ID, f.Content), inArchive(f))
		if errors.Is(err, filesystem.ErrNotFound) {
			all.Missing = append(all.Missing, inArchive(f))
			continue
		}
		if err != nil {
			return err
		}
		all.Files++
	}
	if err := all.add(archive, aboutName, all.Summary); err != nil {
		return err
	}
	return archive.Close()
}

// inArchive is the name of a file in the archive: the id keeps two of one name apart, and what they named it cannot leave its folder.
func inArchive(f stored) string {
	name := strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return r
	}, f.Name)
	if strings.Trim(name, ".") == "" {
		name = "file"
	}
	return "files/" + f.ID + "-" + name
}

func (all *whole) add(archive *zip.Writer, name string, content any) error {
	to, err := all.create(archive, name)
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(to)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(content)
}

func (all *whole) copy(archive *zip.Writer, store *filesystem.System, key, name string) error {
	from, err := store.GetReader(key)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := all.create(archive, name)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	return err
}

func (all *whole) create(archive *zip.Writer, name string) (io.Writer, error) {
	return archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: all.Made})
}

// Read gives the summary of an export that is whole.
func Read(archive io.ReaderAt, size int64) (*Summary, error) {
	read, err := zip.NewReader(archive, size)
	if err != nil {
		return nil, err
	}
	about, err := read.Open(aboutName)
	if err != nil {
		return nil, err
	}
	defer about.Close()
	var out Summary
	return &out, json.NewDecoder(about).Decode(&out)
}
