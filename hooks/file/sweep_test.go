package file_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"kinward/hooks/clinic"
	"kinward/hooks/file"
	"kinward/hooks/hookstest"
)

// sweep runs the hourly work now.
func sweep(t *testing.T, c *hookstest.Clinic) {
	t.Helper()
	for _, job := range c.App.Cron().Jobs() {
		if job.Id() == "kinward_files" {
			job.Run()
			return
		}
	}
	t.Fatal("nobody sweeps")
}

func TestWhatIsUsedByNothingGoes(t *testing.T) {
	c := hookstest.New(t)
	author := c.Patient()
	room := c.Community(clinic.KindCondition, []*hookstest.Client{c.Provider()}, author)
	loose, drafted, shown, tomb := upload(t, author, room, "a.jpg", photo(t)), upload(t, author, room, "b.jpg", photo(t)),
		upload(t, author, room, "c.jpg", photo(t)), upload(t, author, room, "d.jpg", photo(t))
	half := hookstest.Into[told](begin(author, room, "e.jpg", 9000))
	send(author, half.ID, 0, photo(t)[:4000])
	if r := author.Put("/drafts/community:"+room, map[string]any{"body": "", "files": []string{drafted.ID}}); r.Status != http.StatusOK {
		t.Fatalf("the draft: %d %s", r.Status, r.Body)
	}
	if kept := hookstest.Into[struct{ Files []string }](author.Get("/drafts/community:" + room)); !slices.Equal(kept.Files, []string{drafted.ID}) {
		t.Errorf("the draft keeps %v", kept.Files)
	}
	post(t, author, room, map[string]any{"body": "shown", "files": []string{shown.ID}})
	author.Put("/drafts/community:"+room, map[string]any{"body": "", "files": []string{drafted.ID}})
	gone := post(t, author, room, map[string]any{"body": "not for long", "files": []string{tomb.ID}})
	author.Put("/drafts/community:"+room, map[string]any{"body": "", "files": []string{drafted.ID}})
	author.Delete("/posts/" + gone.ID)
	there := func() (ids []string) {
		records, err := c.App.FindAllRecords(clinic.Files)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range records {
			ids = append(ids, r.Id)
		}
		return ids
	}
	check := func(when string, want ...string) {
		t.Helper()
		sweep(t, c)
		got := there()
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s there are %v, want %v", when, got, want)
		}
	}
	check("at once", loose.ID, drafted.ID, shown.ID, tomb.ID, half.ID)
	c.Pass(25 * time.Hour)
	check("after a day", drafted.ID, shown.ID, tomb.ID)
	for _, id := range []string{loose.ID, half.ID} {
		left, _ := filepath.Glob(filepath.Join(c.App.DataDir(), "storage", "*", id, "*"))
		waiting, _ := filepath.Glob(filepath.Join(c.App.DataDir(), ".kinward_uploads", id+"*"))
		if len(left)+len(waiting) > 0 {
			t.Errorf("on the disk are left %v %v", left, waiting)
		}
	}
	c.Pass(91 * 24 * time.Hour)
	check("after three months", drafted.ID, shown.ID)
}

func TestWhatACrashLeftGoes(t *testing.T) {
	c := hookstest.New(t)
	folder := filepath.Join(c.App.DataDir(), ".kinward_uploads")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, age := range map[string]time.Duration{"nothingthere000.clean": 2 * time.Hour, "nothingthere111": time.Minute} {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Time{}, time.Now().Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	sweep(t, c)
	if left, _ := os.ReadDir(folder); len(left) != 1 || left[0].Name() != "nothingthere111" {
		t.Errorf("left: %v", left)
	}
}

func TestThereIsRoomForSoMuch(t *testing.T) {
	c := hookstest.New(t)
	author, staff := c.Patient(), c.Staff()
	room := c.Community(clinic.KindCondition, []*hookstest.Client{c.Provider()}, author, staff)
	begun := begin(author, room, "a.mp4", file.MaxVideo)
	if begun.Status != http.StatusCreated {
		t.Fatalf("%d %s", begun.Status, begun.Body)
	}
	r := begin(author, room, "b.mp4", file.MaxVideo)
	if r.Code() != "member_files_full" {
		t.Errorf("more than there is room for: %d %s", r.Status, r.Body)
	}
	if r := begin(staff, room, "b.mp4", file.MaxVideo); r.Status != http.StatusCreated {
		t.Errorf("who works here has more room: %d %s", r.Status, r.Body)
	}
	author.Delete("/files/" + hookstest.Into[told](begun).ID)
	if r := begin(author, room, "b.mp4", file.MaxVideo); r.Status != http.StatusCreated {
		t.Errorf("with the first one gone: %d %s", r.Status, r.Body)
	}
	other := c.Patient()
	c.Join(room, other, false)
	for range 20 {
		begin(other, room, "x.jpg", 1000)
	}
	if r := begin(other, room, "x.jpg", 1000); r.Code() != "files_on_their_way" {
		t.Errorf("many at once: %d %s", r.Status, r.Body)
	}
	ids := []string{}
	for i := range clinic.MostFiles + 1 {
		ids = append(ids, upload(t, staff, room, fmt.Sprintf("%d.jpg", i), photo(t)).ID)
	}
	if r := staff.Post("/communities/"+room+"/posts", map[string]any{"body": "many", "files": ids}); r.Code() != "files:too_many_files" {
		t.Errorf("too many in one post: %d %s", r.Status, r.Body)
	}
	list := hookstest.Into[struct {
		Items     []told
		Used, Max int64
	}](staff.Get("/files"))
	if len(list.Items) != len(ids) || list.Max != file.MaxOfWorker || list.Used <= 0 {
		t.Errorf("one's own files: %d, %d of %d", len(list.Items), list.Used, list.Max)
	}
}
