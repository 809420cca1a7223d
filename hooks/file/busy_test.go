package file_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"kinward/hooks/clinic"
	"kinward/hooks/file"
	"kinward/hooks/hookstest"
	"kinward/hooks/media"
	"kinward/hooks/media/mediatest"
)

// TestAFileThatWaitedInVainIsKept: while others' files take their time, one's own stays where it is and can be tried again.
func TestAFileThatWaitedInVainIsKept(t *testing.T) {
	c := hookstest.New(t)
	author := c.Patient()
	room := c.Community(clinic.KindCondition, []*hookstest.Client{c.Provider()}, author)
	content := photo(t)
	id := hookstest.Into[told](begin(author, room, "a.jpg", len(content))).ID
	send(author, id, 0, content[:1000])
	if err := os.WriteFile(filepath.Join(c.App.DataDir(), ".kinward_uploads", id), content, 0o600); err != nil {
		t.Fatal(err)
	}
	other := mediatest.Hold([]byte("%PDF-1.7 of somebody else"))
	done := make(chan error)
	go func() {
		_, err := media.Clean(context.Background(), other, other.Size(), io.Discard, io.Discard)
		done <- err
	}()
	<-other.Opened
	ended, end := context.WithCancel(context.Background())
	end()
	if err := file.Keep(ended, c.App, c.House, id); !errors.Is(err, media.Busy) {
		t.Errorf("beside another: %v", err)
	}
	close(other.Let)
	<-done
	if r := author.Get("/files/" + id + "/about"); r.Status != http.StatusOK || hookstest.Into[told](r).Received != int64(len(content)) {
		t.Errorf("afterwards it is %d %s", r.Status, r.Body)
	}
	if r := send(author, id, 1000, content[1000:]); r.Status != http.StatusCreated || hookstest.Into[told](r).Status != "ready" {
		t.Errorf("tried again: %d %s", r.Status, r.Body)
	}
}
