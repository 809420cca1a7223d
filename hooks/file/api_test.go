package file_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kinward/hooks/clinic"
	"kinward/hooks/file"
	"kinward/hooks/hookstest"
)

// told is a file as its doors tell of it.
type told struct {
	ID, Kind, Name, Type, Status, Alt, Captions, Post string
	Bytes, Received                                   int64
	Width, Height                                     int
	Inline, Transcript                                bool
	Can                                               struct{ Describe, Delete bool }
}

// photo is a JPEG of a camera, with a place in its Exif segment.
func photo(t testing.TB) []byte {
	t.Helper()
	drawn := image.NewRGBA(image.Rect(0, 0, 640, 480))
	for i := range drawn.Pix {
		drawn.Pix[i] = uint8(i * 7)
	}
	drawn.SetRGBA(0, 0, color.RGBA{1, 2, 3, 255})
	var out bytes.Buffer
	if err := jpeg.Encode(&out, drawn, nil); err != nil {
		t.Fatal(err)
	}
	exif := "Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x00 GPS 40.7128 secret place"
	head := append([]byte{0xff, 0xd8, 0xff, 0xe1}, binary.BigEndian.AppendUint16(nil, uint16(len(exif)+2))...)
	return append(append(head, exif...), out.Bytes()[2:]...)
}

// begin makes room for a file.
func begin(who *hookstest.Client, community, name string, bytes int) *hookstest.Response {
	return who.Post("/files", map[string]any{"name": name, "bytes": bytes, "community": community})
}

func send(who *hookstest.Client, id string, from int, content []byte) *hookstest.Response {
	return who.Do("PUT", fmt.Sprintf("/files/%s/content?from=%d", id, from), string(content))
}

// upload brings a whole file in two pieces.
func upload(t *testing.T, who *hookstest.Client, community, name string, content []byte) told {
	t.Helper()
	r := begin(who, community, name, len(content))
	if r.Status != http.StatusCreated {
		t.Fatalf("beginning: %d %s", r.Status, r.Body)
	}
	id := hookstest.Into[told](r).ID
	half := max(len(content)/2, 1)
	if r := send(who, id, 0, content[:half]); half < len(content) && r.Status != http.StatusOK {
		t.Fatalf("the first half: %d %s", r.Status, r.Body)
	}
	r = send(who, id, half, content[half:])
	if r.Status != http.StatusCreated {
		t.Fatalf("the second half: %d %s", r.Status, r.Body)
	}
	return hookstest.Into[told](r)
}

type piece struct {
	ID, HTML, Status, Body, Updated string
	Files                           []told
}

func post(t *testing.T, who *hookstest.Client, community string, form map[string]any) piece {
	t.Helper()
	return write(t, who, "POST", "/communities/"+community+"/posts", form)
}

// write sends words with files to a door, and says that what is asked about them is meant.
func write(t *testing.T, who *hookstest.Client, method, path string, form map[string]any) piece {
	t.Helper()
	r := who.Do(method, path, form)
	if r.Code() == "confirm_findings" { // that a picture may show a real person
		asked := hookstest.Into[struct {
			Data map[string]struct{ Params struct{ Findings []piece } }
		}](r)
		confirmed := []string{}
		for _, finding := range asked.Data["error"].Params.Findings {
			confirmed = append(confirmed, finding.ID)
		}
		form["confirm"] = confirmed
		r = who.Do(method, path, form)
	}
	if r.Status > http.StatusAccepted {
		t.Fatalf("%s %s: %d %s", method, path, r.Status, r.Body)
	}
	return hookstest.Into[piece](r)
}

func TestAPictureIsPutToAPost(t *testing.T) {
	c := hookstest.New(t)
	lead, author, reader := c.Provider(), c.Patient(), c.Patient()
	room := c.Community(clinic.KindCondition, []*hookstest.Client{lead}, author, reader)
	content := photo(t)
	f := upload(t, author, room, `C:\my holiday.JPEG`, content)
	if f.Kind != "picture" || f.Type != "image/jpeg" || f.Name != "my holiday.jpg" || f.Width != 640 || f.Height != 480 || f.Status != "ready" {
		t.Errorf("it is %+v", f)
	}
	for _, who := range []*hookstest.Client{reader, lead} {
		if r := who.Get("/files/" + f.ID); r.Status != http.StatusNotFound {
			t.Errorf("before it is shown, another gets %d", r.Status)
		}
	}
	author.Patch("/files/"+f.ID, map[string]string{"alt": `A "boat" <b>at sea</b>`})
	p := post(t, author, room, map[string]any{"body": "Look: ![](/api/clinic/files/" + f.ID + ")"})
	want := `<img src="/api/clinic/files/` + f.ID + `" alt="A &#34;boat&#34; &lt;b&gt;at sea&lt;/b&gt;" width="640" height="480" loading="lazy" decoding="async">`
	if !strings.Contains(p.HTML, want) {
		t.Errorf("the text is %s", p.HTML)
	}
	if len(p.Files) != 1 || p.Files[0].ID != f.ID || !p.Files[0].Inline {
		t.Errorf("its files are %+v", p.Files)
	}
	for path, kind := range map[string]string{"": "image/jpeg", "/thumbnail": "image/jpeg"} {
		r := reader.Get("/files/" + f.ID + path)
		if r.Status != http.StatusOK || r.Header.Get("Content-Type") != kind || bytes.Contains(r.Body, []byte("secret")) || bytes.Contains(r.Body, []byte("Exif")) {
			t.Errorf("%q: %d %v, %d bytes", path, r.Status, r.Header, len(r.Body))
		}
		for header, value := range map[string]string{"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff",
			"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox", "Content-Disposition": `inline; filename="my holiday.jpg"`} {
			if got := r.Header.Get(header); got != value {
				t.Errorf("%q: %s is %q, want %q", path, header, got, value)
			}
		}
		if r := reader.Do("HEAD", "/files/"+f.ID+path, nil); r.Status != http.StatusOK || len(r.Body) != 0 {
			t.Errorf("HEAD %q: %d", path, r.Status)
		}
	}
	onDisk(t, c, f.ID)
	feed := hookstest.Into[struct{ Items []piece }](reader.Get("/communities/" + room + "/posts"))
	if len(feed.Items) != 1 || len(feed.Items[0].Files) != 1 || feed.Items[0].Files[0].Alt != `A "boat" <b>at sea</b>` {
		t.Errorf("the feed has %+v", feed.Items)
	}
	lead.Patch("/files/"+f.ID, map[string]string{"alt": "A boat"})
	if feed := hookstest.Into[struct{ Items []piece }](reader.Get("/communities/" + room + "/posts")); feed.Items[0].Files[0].Alt != "A boat" ||
		!strings.Contains(feed.Items[0].HTML, `alt="A boat"`) {
		t.Errorf("after the lead's words the feed has %+v", feed.Items)
	}
	if r := reader.Patch("/files/"+f.ID, map[string]string{"alt": "mine"}); r.Code() != "not_allowed" {
		t.Errorf("a reader describes it: %d", r.Status)
	}
}

// onDisk looks at how a file lies in the data folder: under names that say nothing, with nothing left where it was put together.
func onDisk(t *testing.T, c *hookstest.Clinic, id string) {
	t.Helper()
	found := 0
	err := filepath.Walk(filepath.Join(c.App.DataDir(), "storage"), func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		if strings.Contains(path, id) && !strings.HasSuffix(path, ".attrs") {
			found++
		}
		content, err := os.ReadFile(path)
		for _, said := range []string{"holiday", "secret", "Exif"} {
			if strings.Contains(path, said) || bytes.Contains(content, []byte(said)) {
				t.Errorf("%s says %q", path, said)
			}
		}
		return err
	})
	if err != nil || found != 2 {
		t.Errorf("%d files lie there, %v", found, err)
	}
	if left, _ := os.ReadDir(filepath.Join(c.App.DataDir(), ".kinward_uploads")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestAFileGoesOnWhereItStopped(t *testing.T) {
	c := hookstest.New(t)
	author, other := c.Patient(), c.Patient()
	room := c.Community(clinic.KindCondition, []*hookstest.Client{c.Provider()}, author, other)
	content := photo(t)
	third := len(content) / 3
	key := http.Header{"Idempotency-Key": {"a file"}}
	form := map[string]any{"name": "a.jpg", "bytes": len(content), "community": room}
	first := hookstest.Into[told](author.Do("POST", "/files", form, key))
	if again := hookstest.Into[told](author.Do("POST", "/files", form, key)); again.ID != first.ID {
		t.Errorf("begun again under its key it is %s and %s", first.ID, again.ID)
	}
	got := func(r *hookstest.Response) int64 { return hookstest.Into[told](r).Received }
	if r := send(author, first.ID, 0, content[:third]); got(r) != int64(third) {
		t.Errorf("the first third: %d %s", r.Status, r.Body)
	}
	if r := send(author, first.ID, 0, content[:third]); r.Status != http.StatusOK || got(r) != int64(third) {
		t.Errorf("sent again: %d %s", r.Status, r.Body)
	}
	r := send(author, first.ID, 2*third, content[2*third:])
	if params := hookstest.Into[struct {
		Data map[string]struct{ Params struct{ Received int } }
	}](r); r.Code() != "file_continues_elsewhere" || params.Data["error"].Params.Received != third {
		t.Errorf("a piece too far on: %d %s", r.Status, r.Body)
	}
	if r := send(other, first.ID, third, content[third:]); r.Status != http.StatusNotFound {
		t.Errorf("another goes on with it: %d", r.Status)
	}
	if r := author.Get("/files/" + first.ID + "/about"); got(r) != int64(third) {
		t.Errorf("it says of itself %s", r.Body)
	}
	if r := author.Get("/files/" + first.ID); r.Status != http.StatusNotFound {
		t.Errorf("a third is given: %d", r.Status)
	}
	if r := send(author, first.ID, third, append(slices.Clone(content[third:]), 0)); r.Code() != "bad_request" {
		t.Errorf("a byte too many: %d %s", r.Status, r.Body)
	}
	if r := send(author, first.ID, third, content[third:]); r.Status != http.StatusCreated {
		t.Errorf("the rest: %d %s", r.Status, r.Body)
	}
	if r := send(author, first.ID, third, content[third:]); r.Status != http.StatusOK || hookstest.Into[told](r).Status != "ready" {
		t.Errorf("the rest again: %d %s", r.Status, r.Body)
	}
}

func TestFilesThatAreRefused(t *testing.T) {
	c := hookstest.New(t)
	author := c.Patient()
	room := c.Community(clinic.KindCondition, []*hookstest.Client{c.Provider()}, author)
	for name, try := range map[string]struct {
		content string
		code    string
	}{
		"a page":        {"<!doctype html><script>alert(1)</script>", "file_kind_refused"},
		"a drawing":     {`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, "file_kind_refused"},
		"an iPhone's":   {"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "file_heic"},
		"half a photo":  {string(photo(t)[:5000]), "file_damaged"},
		"a locked book": {"%PDF-1.7 nothing", "file_damaged"},
	} {
		r := begin(author, room, "x.jpg", len(try.content))
		id := hookstest.Into[told](r).ID
		if r := send(author, id, 0, []byte(try.content)); r.Code() != try.code {
			t.Errorf("%s: %d %s", name, r.Status, r.Body)
		}
		if r := author.Get("/files/" + id + "/about"); r.Status != http.StatusNotFound {
			t.Errorf("%s is there after all: %d", name, r.Status)
		}
	}
	if left, _ := os.ReadDir(filepath.Join(c.App.DataDir(), ".kinward_uploads")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	for name, try := range map[string]struct {
		bytes int
		code  string
	}{"nothing": {0, "file_empty"}, "a film": {file.MaxVideo + 1, "file_too_large"}, "less than nothing": {-5, "file_empty"}} {
		if r := begin(author, room, "x.mp4", try.bytes); r.Code() != try.code {
			t.Errorf("%s: %d %s", name, r.Status, r.Body)
		}
	}
	r := begin(author, room, "x.jpg", file.MaxPicture+1)
	if r := send(author, hookstest.Into[told](r).ID, 0, photo(t)); r.Code() != "file_too_large" {
		t.Errorf("a picture of 30 MB is refused only at its end: %d %s", r.Status, r.Body)
	}
	if r := begin(c.Patient(), room, "x.jpg", 10); r.Code() != "community:invalid" {
		t.Errorf("in a community of others: %d %s", r.Status, r.Body)
	}
}

func TestRangesOfSound(t *testing.T) {
	c := hookstest.New(t)
	author := c.Patient()
	room := c.Community(clinic.KindCondition, []*hookstest.Client{c.Provider()}, author)
	frame := append([]byte{0xff, 0xfb, 0x90, 0x00}, bytes.Repeat([]byte{0x11}, 413)...)
	f := upload(t, author, room, "talk.mp3", bytes.Repeat(frame, 40))
	r := author.Do("GET", "/files/"+f.ID, nil, http.Header{"Range": {"bytes=417-833"}})
	if r.Status != http.StatusPartialContent || !bytes.Equal(r.Body, frame) || r.Header.Get("Content-Range") != "bytes 417-833/16680" {
		t.Errorf("%d %v, %d bytes", r.Status, r.Header, len(r.Body))
	}
	if got := r.Header.Get("Content-Disposition"); got != "attachment; filename=talk.mp3" || r.Header.Get("Content-Type") != "audio/mpeg" {
		t.Errorf("it comes as %q, %v", got, r.Header)
	}
	if r := author.Do("GET", "/files/"+f.ID, nil, http.Header{"Range": {"bytes=99999-"}}); r.Status != http.StatusRequestedRangeNotSatisfiable {
		t.Errorf("beyond its end: %d", r.Status)
	}
	if r := author.Patch("/files/"+f.ID, map[string]string{"captions": "WEBVTT\n\n00:01.000 --> 00:02.000\nHello", "captions_language": "en", "transcript": "Hello."}); r.Status != http.StatusOK {
		t.Errorf("captions: %d %s", r.Status, r.Body)
	}
	if r := author.Get("/files/" + f.ID + "/captions"); r.Status != http.StatusOK || !strings.Contains(string(r.Body), "Hello") || r.Header.Get("Content-Type") != "text/vtt; charset=utf-8" {
		t.Errorf("captions: %d %s", r.Status, r.Body)
	}
	if r := author.Patch("/files/"+f.ID, map[string]string{"captions": "hello"}); r.Code() != "captions:captions_unreadable" {
		t.Errorf("what are no captions: %d %s", r.Status, r.Body)
	}
	picture := upload(t, author, room, "a.jpg", photo(t))
	if r := author.Patch("/files/"+picture.ID, map[string]string{"captions": "WEBVTT\n\n00:01.000 --> 00:02.000\nHello"}); r.Code() != "captions:captions_for_audio_video_only" {
		t.Errorf("captions of a picture: %d %s", r.Status, r.Body)
	}
}
