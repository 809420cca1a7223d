package export_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"image"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kinward/hooks/clinic"
	"kinward/hooks/export"
	"kinward/hooks/hookstest"
)

type object = map[string]any

// made exports a member, and gives every file of the archive by its name.
func made(t *testing.T, c *hookstest.Clinic, who string) (map[string]string, *export.Summary) {
	t.Helper()
	var out bytes.Buffer
	summary, err := export.Write(t.Context(), c.App, c.House, who, &out)
	if err != nil {
		t.Fatal(err)
	}
	archive, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, file := range archive.File {
		from, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(from)
		if err != nil {
			t.Fatal(err)
		}
		files[file.Name] = string(content)
	}
	read, err := export.Read(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil || read.Member != summary.Member || read.Files != summary.Files {
		t.Errorf("about.json says %+v, %v", read, err)
	}
	return files, summary
}

func rows(t *testing.T, files map[string]string, table string) (out []object) {
	t.Helper()
	if err := json.Unmarshal([]byte(files[table+".json"]), &out); err != nil {
		t.Fatalf("%s: %v", table, err)
	}
	return out
}

func done(t *testing.T, r *hookstest.Response) *hookstest.Response {
	t.Helper()
	if r.Status >= 300 {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	return r
}

func TestAMemberIsGivenWhatIsHeldOfThem(t *testing.T) {
	r := hookstest.NewRoom(t)
	type id struct{ ID string }
	write := func(by *hookstest.Client, words string) string {
		return hookstest.Into[id](done(t, by.Post("/communities/"+r.ID+"/posts", object{"kind": "discussion", "title": words, "body": words}))).ID
	}
	mine, theirs := write(r.Author, "Walking in the evening"), write(r.Other, "Somebody else's secret")
	done(t, r.Author.Post("/posts/"+theirs+"/comments", object{"body": "What I answered"}))
	done(t, r.Other.Post("/posts/"+mine+"/comments", object{"body": "Their answer"}))
	done(t, r.Author.Patch("/posts/"+mine, object{"kind": "discussion", "title": "Walking", "body": "Walking in the morning"}))
	done(t, r.Author.Put("/posts/"+theirs+"/save", nil))
	done(t, r.Author.Put("/members/"+r.Other.ID+"/block", nil))
	done(t, r.Other.Put("/members/"+r.Author.ID+"/block", nil))
	done(t, r.Founder().Get("/members/"+r.Author.ID))
	done(t, r.Founder().Get("/members/"+r.Other.ID))

	files, summary := made(t, r.Clinic, " "+strings.ToUpper(r.Author.Email))
	if summary.Member != r.Author.ID || summary.Rows["posts"] != 1 || len(summary.Missing) != 0 {
		t.Errorf("%+v", summary)
	}
	if got := rows(t, files, "users"); len(got) != 1 || got[0]["email"] != r.Author.Email || got[0]["role"] != "patient" || got[0]["password"] != nil {
		t.Errorf("the account: %v", got)
	}
	if got := rows(t, files, "posts"); len(got) != 1 || got[0]["body"] != "Walking in the morning" || got[0]["community"] != r.ID {
		t.Errorf("posts: %v", got)
	}
	if got := rows(t, files, "post_versions"); len(got) != 1 || got[0]["body"] != "Walking in the evening" {
		t.Errorf("as it was before: %v", got)
	}
	if got := rows(t, files, "comments"); len(got) != 1 || got[0]["body"] != "What I answered" {
		t.Errorf("comments: %v", got)
	}
	if got := rows(t, files, "blocks"); len(got) != 1 || got[0]["blocked"] != r.Other.ID {
		t.Errorf("blocks: %v", got)
	}
	if got := rows(t, files, "communities"); len(got) != 1 || got[0]["id"] != r.ID {
		t.Errorf("communities: %v", got)
	}
	looked := slices.ContainsFunc(rows(t, files, "audit_entries"), func(line object) bool {
		return line["action"] == "member.view" && line["actor"] == r.Founder().ID && line["actor_name"] != ""
	})
	if !looked || len(rows(t, files, "acknowledgements")) == 0 || len(rows(t, files, "memberships")) != 1 || len(rows(t, files, "sessions")) == 0 || len(rows(t, files, "saves")) != 1 {
		t.Errorf("who looked: %t; %v", looked, summary.Rows)
	}
	member, err := r.App.FindRecordById(clinic.Users, r.Author.ID)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range files {
		for what, secret := range map[string]string{
			"another's words": "Somebody else's secret", "another's answer": "Their answer", "a hash": member.GetString("password:hash"), "a key": member.TokenKey(),
			"a session": clinic.Hash(r.Author.Token), "another's address": r.Other.Email,
		} {
			if secret != "" && strings.Contains(content, secret) {
				t.Errorf("%s holds %s", name, what)
			}
		}
	}
}

// Who looked at whose account is on the record of whom it concerns, and the export of one tells of no other.
func TestAnExportIsOnTheRecordAndTellsOfNobodyElse(t *testing.T) {
	c := hookstest.New(t)
	provider, patient := c.Founder(), c.Patient()
	done(t, provider.Get("/members/"+patient.ID))
	files, _ := made(t, c, provider.ID)
	if strings.Contains(files["audit_entries.json"], patient.ID) {
		t.Errorf("whom a provider looked at: %s", files["audit_entries.json"])
	}
	made(t, c, patient.ID)
	type line struct{ Action string }
	seen := hookstest.Into[struct{ Items []line }](patient.Get("/me/record")).Items
	if len(seen) == 0 || seen[0].Action != "member.export" {
		t.Errorf("their own record says %v", seen)
	}
}

func TestAnExportOfNobody(t *testing.T) {
	c := hookstest.New(t)
	for _, who := range []string{"", "nobody@mail.example", "nosuchmember0id", "%", c.Founder().Email + "' OR 1=1 --"} {
		var out bytes.Buffer
		if _, err := export.Write(t.Context(), c.App, c.House, who, &out); !errors.Is(err, export.ErrUnknown) || out.Len() > 0 {
			t.Errorf("%q: %v, %d bytes", who, err, out.Len())
		}
	}
}

// What they uploaded comes with it, under its name; one that the practice itself has lost is named.
func TestAnExportHoldsTheFiles(t *testing.T) {
	r := hookstest.NewRoom(t)
	upload := func(by *hookstest.Client, name string) string {
		var picture bytes.Buffer
		if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 20, 10))); err != nil {
			t.Fatal(err)
		}
		began := done(t, by.Post("/files", object{"name": name, "bytes": picture.Len(), "community": r.ID}))
		id := hookstest.Into[struct{ ID string }](began).ID
		done(t, by.Do("PUT", "/files/"+id+"/content?from=0", picture.String()))
		return id
	}
	id := upload(r.Author, "../../knee.png")
	upload(r.Other, "theirs.png")
	files, summary := made(t, r.Clinic, r.Author.ID)
	if summary.Files != 1 || rows(t, files, "files")[0]["id"] != id {
		t.Fatalf("%+v %s", summary, files["files.json"])
	}
	for name, content := range files {
		if !strings.HasPrefix(name, "files/") {
			continue
		}
		shown, err := png.DecodeConfig(strings.NewReader(content))
		if err != nil || shown.Width != 20 || !filepath.IsLocal(name) || strings.Count(name, "/") != 1 {
			t.Errorf("%s: %v", name, err)
		}
	}
	member := filepath.Join(r.Dir(), "storage")
	if err := os.RemoveAll(member); err != nil {
		t.Fatal(err)
	}
	if _, summary := made(t, r.Clinic, r.Author.ID); summary.Files != 0 || len(summary.Missing) != 1 || !strings.Contains(summary.Missing[0], id) {
		t.Errorf("of a lost file: %+v", summary)
	}
}

// A table that nobody has decided about, or a column of one that is given, fails this: what is held of somebody must not be forgotten.
func TestEveryTableIsDecided(t *testing.T) {
	c := hookstest.Empty(t)
	var tables []string
	err := c.App.DB().NewQuery(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '\_%' ESCAPE '\'
		AND NOT (name LIKE 'search_%' AND (name LIKE '%_data' OR name LIKE '%_idx' OR name LIKE '%_docsize' OR name LIKE '%_config'))`).Column(&tables)
	if err != nil || len(tables) < 40 {
		t.Fatalf("%d tables, %v", len(tables), err)
	}
	given := export.Given()
	for _, table := range tables {
		decided, is := given[table]
		if reason := export.LeftOut()[table]; is == (reason != "") {
			t.Errorf("%s is neither given nor left out with a reason, or both", table)
		}
		if !is {
			continue
		}
		var has []string
		if err := c.App.DB().NewQuery("SELECT name FROM pragma_table_info('" + table + "')").Column(&has); err != nil {
			t.Fatal(err)
		}
		slices.Sort(has)
		slices.Sort(decided)
		if !slices.Equal(has, decided) {
			t.Errorf("%s has the columns %v; decided about are %v", table, has, decided)
		}
		delete(given, table)
	}
	if len(given) > 0 {
		t.Errorf("tables that are not there: %v", given)
	}
}
