package media_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"kinward/hooks/clinic"
	"kinward/hooks/media"
)

// cleaned is what came out of a file.
type cleaned struct {
	media.Cleaned
	out, small []byte
}

func clean(content []byte) (cleaned, error) {
	var out, small bytes.Buffer
	c, err := media.Clean(context.Background(), bytes.NewReader(content), int64(len(content)), &out, &small)
	return cleaned{c, out.Bytes(), small.Bytes()}, err
}

func mustClean(t *testing.T, content []byte) cleaned {
	t.Helper()
	c, err := clean(content)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return c
}

// halves is a picture whose left is red and whose right is blue.
func halves(width, height int) image.Image {
	drawn := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			dot := color.RGBA{200, 0, 0, 255}
			if x >= width/2 {
				dot = color.RGBA{0, 0, 200, 255}
			}
			drawn.SetRGBA(x, y, dot)
		}
	}
	return drawn
}

func asJPEG(t testing.TB, picture image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, picture, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func asPNG(t testing.TB, picture image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// exif is an Exif segment's TIFF: an orientation, a camera's name, and a place (GPSLatitudeRef and GPSLatitude).
func exif(turn uint16) []byte {
	be := binary.BigEndian
	entry := func(out []byte, tag, kind uint16, count, value uint32) []byte {
		out = be.AppendUint16(out, tag)
		out = be.AppendUint16(out, kind)
		out = be.AppendUint32(out, count)
		return be.AppendUint32(out, value)
	}
	text := append([]byte("MM\x00*"), 0, 0, 0, 8, 0, 3)
	text = entry(text, 0x0110, 2, 14, 50)
	text = entry(text, 0x0112, 3, 1, uint32(turn)<<16)
	text = entry(text, 0x8825, 4, 1, 70)
	text = append(text, 0, 0, 0, 0)
	text = append(text, "SecretCamera9\x00"...)
	for len(text) < 70 {
		text = append(text, 0)
	}
	text = append(text, 0, 2)
	text = entry(text, 1, 2, 2, uint32('N')<<24)
	text = entry(text, 2, 5, 3, 100)
	text = append(text, 0, 0, 0, 0)
	return append(text, "40.7128N,74.0060W-secret-place"...)
}

// withSegments puts segments behind the beginning of a JPEG.
func withSegments(picture []byte, segments ...[]byte) []byte {
	out := append([]byte{}, picture[:2]...)
	for _, s := range segments {
		out = append(out, 0xff, s[0])
		out = binary.BigEndian.AppendUint16(out, uint16(len(s)+1))
		out = append(out, s[1:]...)
	}
	return append(out, picture[2:]...)
}

func segment(marker byte, parts ...string) []byte {
	return append([]byte{marker}, strings.Join(parts, "")...)
}

var secrets = []string{"secret", "Secret", "GPS", "Exif", "<script", "onerror", "ICC_PROFILE", "http://ns.adobe", "40.7128"}

func tellsNothing(t *testing.T, what string, content []byte) {
	t.Helper()
	for _, secret := range secrets {
		if bytes.Contains(content, []byte(secret)) {
			t.Errorf("%s still says %q", what, secret)
		}
	}
}

func TestPhotographsLoseWhereTheyWereTakenAndStandUpright(t *testing.T) {
	for turn := uint16(1); turn <= 8; turn++ {
		content := withSegments(asJPEG(t, halves(80, 40)), segment(0xe1, "Exif\x00\x00", string(exif(turn))),
			segment(0xe1, "http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>secret</x:xmpmeta>"), segment(0xe2, "ICC_PROFILE\x00\x01\x01secret"),
			segment(0xed, "Photoshop 3.0\x00secret"), segment(0xfe, "secret comment"))
		c := mustClean(t, content)
		tellsNothing(t, "the picture", c.out)
		tellsNothing(t, "its thumbnail", c.small)
		if c.Kind != media.Picture || c.Type != "image/jpeg" {
			t.Errorf("it is %v", c.Cleaned)
		}
		drawn, err := jpeg.Decode(bytes.NewReader(c.out))
		if err != nil {
			t.Fatal(err)
		}
		width, height := 80, 40
		if turn >= 5 {
			width, height = 40, 80
		}
		if got := drawn.Bounds(); got.Dx() != width || got.Dy() != height || c.Width != width || c.Height != height {
			t.Errorf("orientation %d gives %v, told %d×%d", turn, got, c.Width, c.Height)
		}
		// Where the left of the stored picture, which is red, is seen (CIPA DC-008, table 4.6.4: rows and columns of the stored picture).
		red := map[uint16]image.Point{1: {5, 20}, 2: {75, 20}, 3: {75, 20}, 4: {5, 20}, 5: {20, 5}, 6: {20, 5}, 7: {20, 75}, 8: {20, 75}}[turn]
		if r, _, b, _ := drawn.At(red.X, red.Y).RGBA(); r < b {
			t.Errorf("orientation %d: at %v it is not red", turn, red)
		}
	}
}

// chunk is one of a PNG.
func chunk(name, content string) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(content)))
	out = append(out, name+content...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

func TestPNGsLoseTheirWords(t *testing.T) {
	plain := asPNG(t, halves(60, 30))
	content := append(append([]byte{}, plain[:33]...), chunk("tEXt", "Comment\x00secret <script>alert(1)</script>")...)
	content = append(content, chunk("eXIf", string(exif(8)))...)
	content = append(append(content, plain[33:]...), "<script>secret</script>"...)
	c := mustClean(t, content)
	tellsNothing(t, "the picture", c.out)
	if c.Type != "image/png" || c.Width != 30 || c.Height != 60 {
		t.Errorf("it is %v", c.Cleaned)
	}
}

func TestThePublicSuiteOfFiles(t *testing.T) {
	folder := filepath.Join(os.Getenv("KINWARD_SUITES"), "files")
	if os.Getenv("KINWARD_SUITES") == "" {
		folder = "../../../shared/suites/files"
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Skip("the public suites are not beside the project")
	}
	for _, entry := range entries {
		content, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		c, err := clean(content)
		var fault *clinic.Fault
		if err != nil && !errors.As(err, &fault) {
			t.Errorf("%s: %v", entry.Name(), err)
		}
		if strings.HasSuffix(entry.Name(), ".svg") && err == nil {
			t.Errorf("%s was taken", entry.Name())
		}
		if err == nil {
			for _, payload := range []string{"alert", "<script", "<svg", "onmouseover", "onerror", "javascript"} {
				if bytes.Contains(bytes.ToLower(c.out), []byte(payload)) || bytes.Contains(bytes.ToLower(c.small), []byte(payload)) {
					t.Errorf("%s still holds %q", entry.Name(), payload)
				}
			}
		}
		t.Logf("%s: %v %v", entry.Name(), c.Type, err)
	}
}

// bomb is a PNG of a few bytes that claims to be huge.
func bomb(width, height uint32) []byte {
	header := binary.BigEndian.AppendUint32(nil, width)
	header = binary.BigEndian.AppendUint32(header, height)
	header = append(header, 8, 6, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", string(header))...)
	out = append(out, chunk("IDAT", strings.Repeat("\x00", 48<<10))...)
	return append(out, chunk("IEND", "")...)
}

func TestBombsAreRefusedCheaply(t *testing.T) {
	var huge bytes.Buffer
	huge.WriteString("GIF89a")
	huge.Write([]byte{0xff, 0xff, 0xff, 0xff, 0x80, 0, 0, 0, 0, 0, 255, 255, 255})
	flat := asJPEG(t, halves(64, 64))
	at := bytes.Index(flat, []byte{0xff, 0xc0})
	tall := append([]byte{}, flat...)
	binary.BigEndian.PutUint16(tall[at+5:], 65000)
	binary.BigEndian.PutUint16(tall[at+7:], 65000)
	for name, content := range map[string][]byte{"a PNG of 48 kB": bomb(20_000, 20_000), "a PNG of no height": bomb(40_000, 0),
		"a GIF": huge.Bytes(), "a JPEG": tall, "dots of 16 bit": bytes.Replace(bomb(6000, 6000), []byte{8, 6, 0, 0, 0}, []byte{16, 6, 0, 0, 0}, 1)} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := clean(content)
		runtime.ReadMemStats(&after)
		if err == nil {
			t.Errorf("%s was taken", name)
		}
		if took := after.TotalAlloc - before.TotalAlloc; took > 2<<20 {
			t.Errorf("%s took %d kB before it was refused", name, took>>10)
		}
	}
	if _, err := clean(bomb(20_000, 20_000)); !errors.Is(err, media.TooManyPixels) {
		t.Errorf("the PNG: %v", err)
	}
}

func TestLargePicturesAreShrunkInBoundedMemory(t *testing.T) {
	large := image.NewGray(image.Rect(0, 0, 8000, 5000)) // as many dots as may be
	content := asJPEG(t, large)
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	c := mustClean(t, content)
	runtime.ReadMemStats(&after)
	if c.Width != 2560 || c.Height < 1598 || c.Height > 1600 {
		t.Errorf("it is %d×%d", c.Width, c.Height)
	}
	if took := after.TotalAlloc - before.TotalAlloc; took > 400<<20 {
		t.Errorf("it took %d MB in all", took>>20)
	}
	small, err := jpeg.DecodeConfig(bytes.NewReader(c.small))
	if err != nil || small.Width != 960 {
		t.Errorf("the thumbnail is %d wide, %v", small.Width, err)
	}
}

func TestAnAnimationIsItsFirstPicture(t *testing.T) {
	frames := &gif.GIF{}
	for i := range 300 {
		frame := image.NewPaletted(image.Rect(0, 0, 50, 50), color.Palette{color.RGBA{uint8(200 * (1 - min(i, 1))), 0, 0, 255}, color.White})
		frames.Image, frames.Delay = append(frames.Image, frame), append(frames.Delay, 5)
	}
	var out bytes.Buffer
	if err := gif.EncodeAll(&out, frames); err != nil {
		t.Fatal(err)
	}
	c := mustClean(t, append(out.Bytes(), "<script>secret</script>"...))
	drawn, err := png.Decode(bytes.NewReader(c.out))
	if err != nil {
		t.Fatal(err)
	}
	if r, _, _, _ := drawn.At(10, 10).RGBA(); r>>8 != 200 || drawn.Bounds().Dx() != 50 {
		t.Errorf("it is not the first picture: %v", drawn.At(10, 10))
	}
	tellsNothing(t, "the picture", c.out)
}

func TestWhatIsNoPictureOrHasTwoNatures(t *testing.T) {
	picture := asJPEG(t, halves(40, 40))
	for name, c := range map[string]struct {
		content string
		want    error
	}{
		"SVG":             {`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, media.KindRefused},
		"XML":             {`<?xml version="1.0"?><svg/>`, media.KindRefused},
		"HTML":            {"<!doctype html><script>alert(1)</script>", media.KindRefused},
		"a program":       {"MZ\x90\x00" + strings.Repeat("\x00", 100), media.KindRefused},
		"a ZIP":           {"PK\x03\x04" + strings.Repeat("\x00", 100), media.KindRefused},
		"nothing":         {"", media.KindRefused},
		"words":           {"hello, doctor", media.KindRefused},
		"HEIC":            {"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", media.HEIC},
		"AVIF":            {"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1avif", media.HEIC},
		"only a head":     {string(picture[:20]), media.Damaged},
		"a GIF of script": {"GIF89a/*" + strings.Repeat("\x00", 20) + "*/=1;alert(1)//", media.TooManyPixels},
		"moving WebP":     {"RIFF\x24\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02\x00\x00\x00\x09\x00\x00\x09\x00\x00ANIM\x06\x00\x00\x00\x00\x00\x00\x00\x00\x00", media.Animated},
	} {
		if _, err := clean([]byte(c.content)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	polyglot := append(append([]byte{}, picture...), "%PDF-1.7 <html><script>secret</script></html> PK\x03\x04secret"...)
	c := mustClean(t, polyglot)
	tellsNothing(t, "the picture", c.out)
	if bytes.Contains(c.out, []byte("%PDF")) || bytes.Contains(c.out, []byte("<html")) {
		t.Error("the second nature of a picture came along")
	}
}

func TestTruncatedPicturesAreDamaged(t *testing.T) {
	for name, content := range map[string][]byte{"JPEG": asJPEG(t, halves(300, 300)), "PNG": asPNG(t, halves(300, 300))} {
		for at := 30; at < len(content)-40; at += len(content) / 15 {
			if _, err := clean(content[:at]); !errors.Is(err, media.Damaged) && !errors.Is(err, media.TooManyPixels) {
				t.Errorf("a %s cut after %d of %d bytes: %v", name, at, len(content), err)
			}
		}
	}
}
