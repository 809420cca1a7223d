package media_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"

	"kinward/hooks/media"
)

// unit is a unit of a sample, behind its length of so many bytes.
func unit(width int, text string) string {
	return string(binary.BigEndian.AppendUint32(nil, uint32(len(text)))[4-width:]) + text
}

// Units of messages of H.264: one of free text, one of something else, and what becomes of the first.
const (
	telling = "\x06\x05\x14uuiduuiduuiduuid" + "GPS!" + "\x80"
	idle    = "\x06\x01\x02ab\x80"
	silent  = "\x06\x03\x14\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x80"
)

// clip is a video whose samples all lie in one chunk, cut into units by lengths of so many bytes.
func clip(codec string, width int, samples ...string) []byte {
	config := atom("avcC", "\x01\x64\x00\x1f", string(rune(width-1)), "\x00\x00")
	if strings.HasPrefix(codec, "h") {
		config = atom("hvcC", strings.Repeat("\x00", 21), string(rune(width-1)), "\x00")
	}
	sizes := make([]uint32, len(samples))
	for i, sample := range samples {
		sizes[i] = uint32(len(sample))
	}
	start := atom("ftyp", "isom", u32(0), "isom")
	movie := atom("moov", atom("mvhd", strings.Repeat("\x00", 100)), trak("vide", atom(codec, u32(0, 1)+strings.Repeat("\x00", 70), config), []uint32{uint32(len(start) + 8)}, sizes))
	movie = strings.Replace(movie, u32(0, 1, 1, 1, 1), u32(0, 1, 1, uint32(len(samples)), 1), 1)
	return []byte(start + atom("mdat", samples...) + movie)
}

// TestASampleSpoilsItselfAlone: what does not fit in one sample leaves nothing in the next one as it was, and is not told itself.
func TestASampleSpoilsItselfAlone(t *testing.T) {
	for _, width := range []int{1, 2, 3, 4} {
		picture, marks := unit(width, "\x65picture"), strings.Repeat("\xff", width)
		for name, stray := range map[string]string{
			"none":                      "",
			"one byte":                  "!",
			"fewer than a length":       strings.Repeat("!", width-1),
			"a length of nothing":       strings.Repeat("\x00", width),
			"zeros":                     strings.Repeat("\x00", 9),
			"a length beyond the end":   marks + "stray",
			"free text that is cut off": marks + telling,
			"free text behind nothing":  strings.Repeat("\x00", width) + unit(width, telling),
		} {
			first, second := unit(width, idle)+picture, unit(width, telling)+picture
			c := mustClean(t, clip("avc1", width, first+stray, second))
			want := first + strings.Repeat("\x00", len(stray)) + unit(width, silent) + picture
			if got := c.out[len(c.out)-len(want):]; string(got) != want {
				t.Errorf("lengths of %d, %s: the samples are %q, want %q", width, name, got, want)
			}
			if again := mustClean(t, c.out); !bytes.Equal(again.out, c.out) {
				t.Errorf("lengths of %d, %s: cleaned twice it is another file", width, name)
			}
		}
	}
	hevc := func(text string) string { return "\x4e\x01" + text[1:] }
	c := mustClean(t, clip("hvc1", 4, unit(4, "\x26\x01picture")+"stray", "", unit(4, hevc(telling))))
	if want := unit(4, "\x26\x01picture") + "\x00\x00\x00\x00\x00" + unit(4, hevc(silent)); !bytes.HasSuffix(c.out, []byte(want)) {
		t.Errorf("the samples of H.265 are %q, want %q", c.out[len(c.out)-len(want):], want)
	}
}

// TestSamplesThatAreNotCutAsTheirTrackSaysAreRefused: what cannot be looked at is not copied.
func TestSamplesThatAreNotCutAsTheirTrackSaysAreRefused(t *testing.T) {
	fine := unit(4, "\x65picture")
	change := func(old, new string) []byte {
		content := clip("avc1", 4, fine)
		if !bytes.Contains(content, []byte(old)) {
			t.Fatalf("there is no %q in it", old)
		}
		return bytes.Replace(content, []byte(old), []byte(new), 1)
	}
	for name, content := range map[string][]byte{
		"marks between units":       clip("avc1", 4, "\x00\x00\x00\x01\x65picture\x00\x00\x00\x01"+telling),
		"a first unit of nothing":   clip("avc1", 4, fine, "\x00\x00\x00\x00"+fine),
		"a first unit too long":     clip("avc1", 4, fine, "\x00\x00\x00\x09\x65picture"),
		"less than a length":        clip("avc1", 4, fine, "\x00\x00"),
		"how it is cut is not said": change("avcC", "free"),
		"how H.265 is cut is said":  change("avc1", "hvc1"),
		"many messages in one unit": clip("avc1", 4, unit(4, "\x06"+strings.Repeat("\x01\x02ab", 1<<18)+"\x80")),
	} {
		if _, err := clean(content); !errors.Is(err, media.Unusual) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := clean(change(atom("avcC", "\x01\x64\x00\x1f\x03\x00\x00"), atom("avcC", "\x01\x64\x00")+"\x00\x00\x00\x00")); err == nil {
		t.Error("how it is cut is cut off, and it is taken")
	}
	one := atom("avc1", u32(0, 1)+strings.Repeat("\x00", 70), atom("avcC", "\x01\x64\x00\x1f\x03\x00\x00"))
	other := strings.Replace(one, "\x1f\x03", "\x1f\x01", 1)
	for second, want := range map[string]error{one: nil, other: media.Unusual} {
		movie := bytes.ReplaceAll(clip("avc1", 4, fine), []byte(u32(0, 1)+one), []byte(u32(0, 2)+one+second))
		if _, err := clean(lengthened(movie, len(second))); !errors.Is(err, want) {
			t.Errorf("two entries: %v, want %v", err, want)
		}
	}
}

// lengthened adds to the length of every box around the entries of a clip.
func lengthened(content []byte, by int) []byte {
	for _, name := range []string{"moov", "trak", "mdia", "minf", "stbl", "stsd"} {
		at := bytes.Index(content, []byte(name)) - 4
		binary.BigEndian.PutUint32(content[at:], binary.BigEndian.Uint32(content[at:])+uint32(by))
	}
	return content
}

// TestMessagesAreBoundedInMemory: however long a unit of messages says that it is, little is taken for it.
func TestMessagesAreBoundedInMemory(t *testing.T) {
	long := func(length int) []byte {
		return clip("avc1", 4, unit(4, "\x06\x05"+strings.Repeat("\xff", length/256)+"\x00"+strings.Repeat("GPS!", length/4)+"\x80"))
	}
	for name, one := range map[string]struct {
		content []byte
		want    error
	}{"half a megabyte": {long(1 << 19), nil}, "sixteen": {long(16 << 20), media.Unusual}} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := media.Clean(context.Background(), bytes.NewReader(one.content), int64(len(one.content)), io.Discard, io.Discard)
		runtime.ReadMemStats(&after)
		if !errors.Is(err, one.want) {
			t.Errorf("%s: %v, want %v", name, err, one.want)
		}
		if took := after.TotalAlloc - before.TotalAlloc; took > 4<<20 {
			t.Errorf("%s took %d kB", name, took>>10)
		}
	}
	if c := mustClean(t, long(1<<19)); bytes.Contains(c.out, []byte("GPS!")) {
		t.Error("half a megabyte of free text is still there")
	}
}

// counted counts how often a file is read and written.
type counted struct {
	*bytes.Reader
	reads, writes int
}

func (c *counted) ReadAt(to []byte, at int64) (int, error) {
	c.reads++
	return c.Reader.ReadAt(to, at)
}

func (c *counted) Write(text []byte) (int, error) {
	c.writes++
	return len(text), nil
}

// TestShortUnitsAreReadAndWrittenTogether: the disk is not asked for each.
func TestShortUnitsAreReadAndWrittenTogether(t *testing.T) {
	const length = 8 << 20
	for name, one := range map[string]struct {
		sample string
		want   error
	}{
		"zeros":              {strings.Repeat("\x00", length), media.Unusual},
		"zeros behind a one": {"\x02\x65p" + strings.Repeat("\x00", length-3), nil},
		"units of one byte":  {"\x02\x65p" + strings.Repeat("\x01\x65", length/2), nil},
		"idle messages":      {strings.Repeat(unit(1, idle), length/8), nil},
		"free text":          {strings.Repeat(unit(1, "\x06\x05\x01a\x80"), length/8), nil},
	} {
		content := &counted{Reader: bytes.NewReader(clip("avc1", 1, one.sample))}
		if _, err := media.Clean(context.Background(), content, content.Size(), content, io.Discard); !errors.Is(err, one.want) {
			t.Errorf("%s: %v, want %v", name, err, one.want)
		}
		if content.reads > 500 || content.writes > 500 {
			t.Errorf("%s: read %d times, written %d times", name, content.reads, content.writes)
		}
	}
}
