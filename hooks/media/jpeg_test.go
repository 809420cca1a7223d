package media_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"kinward/hooks/media"
	"kinward/hooks/media/mediatest"
)

// frame writes a JPEG's frame header of kind SOF0 or SOF2 for a square picture of these colours.
func frame(marker byte, side int, colours byte) []byte {
	text := []byte{marker, 8, byte(side >> 8), byte(side), byte(side >> 8), byte(side), colours}
	for i := range colours {
		text = append(text, i+1, 0x11, 0)
	}
	return text
}

// codes is a Huffman table with one code of one bit, for this symbol.
func codes(class, symbol byte) []byte {
	return append(append([]byte{0xc4, class, 1}, make([]byte, 15)...), symbol)
}

func ones() []byte { return append([]byte{0xdb, 0}, bytes.Repeat([]byte{1}, 64)...) }

// passes is a grey progressive JPEG of one scan that draws it, and n more of a few bytes that draw nothing: runs of empty blocks.
func passes(side, n int, between ...[]byte) []byte {
	blocks := ((side + 7) / 8) * ((side + 7) / 8)
	if blocks >= 1<<14 {
		panic("one run of empty blocks is not enough")
	}
	run := 0
	for blocks>>(run+1) > 0 {
		run++
	}
	// The code, a bit 0, then how many blocks beyond a power of two: so many bits.
	bits := uint32(blocks-1<<run) << (31 - run)
	empty := []byte{byte(bits >> 24), byte(bits >> 16), byte(bits >> 8), byte(bits)}
	out := withSegments([]byte("\xff\xd8"), ones(), frame(0xc2, side, 1), codes(0x00, 0), codes(0x10, byte(run<<4)), []byte{0xda, 1, 1, 0, 0, 0, 0})
	out = append(out, make([]byte, (blocks+7)/8)...)
	for _, stray := range between {
		out = append(out, stray...)
	}
	for range n {
		out = append(out, withSegments([]byte("\xff\xd8"), []byte{0xda, 1, 1, 0, 1, 63, 0})[2:]...)
		out = append(out, empty...)
	}
	return append(out, 0xff, 0xd9)
}

func TestAPictureOfManyPassesIsRefused(t *testing.T) {
	c := mustClean(t, passes(80, 60))
	if c.Width != 80 || c.Kind != media.Picture {
		t.Errorf("it is %+v", c.Cleaned)
	}
	end := withSegments([]byte("\xff\xd8"), []byte{0xfe, 0xff, 0xd9})[2:] // a comment that looks like the end
	for name, content := range map[string][]byte{
		"passes":                      passes(80, 150),
		"after a comment":             passes(80, 150, end),
		"after stray bytes":           passes(80, 150, []byte{0, 1, 2, 3}),
		"after fill bytes":            passes(80, 150, []byte{0xff, 0xff, 0xff}),
		"thousands, and many dots":    passes(1000, 5000),
		"passes of an ordinary frame": append(bytes.TrimSuffix(asJPEG(t, halves(16, 16)), []byte{0xff, 0xd9}), passes(80, 150)[2:]...),
	} {
		if _, err := clean(content); !errors.Is(err, media.TooManyScans) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// What only looks like passes: in the picture that a camera puts into its notes, and behind the end, where a short film may stand.
	ordinary := asJPEG(t, halves(80, 40))
	many := strings.Repeat("\xff\xda\x00\x08", 300)
	for name, content := range map[string][]byte{"in a comment": withSegments(ordinary, segment(0xfe, many)), "behind the end": append(ordinary, many...)} {
		if _, err := clean(content); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestPassesWeighWhatTheyTake: a picture that is kept whole until its end may have fewer dots, however it hides what it is.
func TestPassesWeighWhatTheyTake(t *testing.T) {
	const side = 6300 // 40 million dots
	for name, before := range map[string][]byte{"as it is written": nil, "behind a stray byte": {0}, "behind a zero": {0xff, 0}, "behind fill bytes": {0xff, 0xff}, "behind a restart": {0xff, 0xd3}} {
		content := withSegments([]byte("\xff\xd8"), ones())
		content = append(content, before...)
		content = append(content, withSegments([]byte("\xff\xd8"), frame(0xc2, side, 3))[2:]...)
		content = append(content, 0xff, 0xda, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0, 0, 0)
		if _, err := clean(content); !errors.Is(err, media.TooManyPixels) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestStrayBytesHideNoNote: what lies between the parts of a picture keeps nobody from seeing which way up it is.
func TestStrayBytesHideNoNote(t *testing.T) {
	content := withSegments(asJPEG(t, halves(80, 40)), segment(0xe1, "Exif\x00\x00", string(exif(6))))
	content = append([]byte("\xff\xd8\xff\x00\x01\x02"), content[2:]...)
	if c := mustClean(t, content); c.Width != 40 || c.Height != 80 {
		t.Errorf("it is %d×%d", c.Width, c.Height)
	}
}

func TestWhoWaitsTooLongIsToldSo(t *testing.T) {
	content := leaflet("", "")
	first := mediatest.Hold(content)
	done := make(chan error)
	go func() {
		_, err := media.Clean(context.Background(), first, int64(len(content)), io.Discard, io.Discard)
		done <- err
	}()
	<-first.Opened
	ended, end := context.WithCancel(context.Background())
	end()
	picture := asJPEG(t, halves(8, 8))
	if _, err := media.Clean(ended, bytes.NewReader(picture), int64(len(picture)), io.Discard, io.Discard); !errors.Is(err, media.Busy) {
		t.Errorf("beside another: %v", err)
	}
	talk := mp3(4)
	if _, err := media.Clean(ended, bytes.NewReader(talk), int64(len(talk)), io.Discard, io.Discard); err != nil {
		t.Errorf("sound is not opened up, and waits for nobody: %v", err)
	}
	close(first.Let)
	if err := <-done; err != nil {
		t.Errorf("the first: %v", err)
	}
	if _, err := clean(picture); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}
