package file_test

import (
	"bytes"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kinward/hooks/backup"
	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

func TestFilesAreInTheBackup(t *testing.T) {
	c := hookstest.New(t)
	author := c.Patient()
	room := c.Community(clinic.KindCondition, []*hookstest.Client{c.Provider()}, author)
	f := upload(t, author, room, "a.jpg", photo(t))
	half := hookstest.Into[told](begin(author, room, "b.jpg", 9000))
	send(author, half.ID, 0, photo(t)[:4000])
	key := filepath.Join(t.TempDir(), "practice.key")
	if _, err := clinic.LoadKey(key, true); err != nil {
		t.Fatal(err)
	}
	var archive bytes.Buffer
	manifest, err := backup.Make(t.Context(), c.App, &archive, backup.Source{KeyFile: key})
	if err != nil {
		t.Fatal(err)
	}
	if len(manifest.Missing) > 0 || manifest.Rows(clinic.Files) != 2 {
		t.Errorf("%d rows, missing %v", manifest.Rows(clinic.Files), manifest.Missing)
	}
	found := 0
	for _, member := range manifest.Members {
		if strings.Contains(member.Name, ".kinward_uploads") {
			t.Errorf("what is on its way is in it: %s", member.Name)
		}
		if strings.Contains(member.Name, f.ID) && !strings.HasSuffix(member.Name, ".attrs") {
			found++
		}
	}
	if found != 2 {
		t.Errorf("%d of its files are in it", found)
	}
	if _, err := backup.Check(t.Context(), bytes.NewReader(archive.Bytes())); err != nil {
		t.Error(err)
	}
}

// TestPicturesKeepNoSessionAlive: a browser fetches them by itself, and more of a video while nobody sits before it.
func TestPicturesKeepNoSessionAlive(t *testing.T) {
	c := hookstest.New(t)
	author := c.Patient()
	room := c.Community(clinic.KindCondition, []*hookstest.Client{c.Provider()}, author)
	f := upload(t, author, room, "a.jpg", photo(t))
	watching, writing := c.SignedIn(author.ID), c.SignedIn(author.ID)
	for range 3 {
		c.Pass(clinic.IdlePatient - time.Minute)
		writing.Get("/files/" + f.ID + "/about")
		watching.Get("/files/" + f.ID)
		watching.Get("/files/" + f.ID + "/thumbnail")
	}
	if r := watching.Get("/files/" + f.ID); r.Status != http.StatusUnauthorized {
		t.Errorf("pictures alone: %d", r.Status)
	}
	if r := writing.Get("/files/" + f.ID); r.Status != http.StatusOK {
		t.Errorf("with something that a person does: %d", r.Status)
	}
}
