package media_test

import (
	"bytes"
	"errors"
	"testing"

	"kinward/hooks/media"
)

// frame writes a JPEG's frame header of kind SOF0 or SOF2 for a square picture of these colours.
func frame(marker byte, side int, colours byte) []byte {
	text := []byte{marker, 8, byte(side >> 8), byte(side), byte(side >> 8), byte(side), colours}
	for i := range colours {
		text = append(text, i+1, 0x11, 0)
	}
	return text
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
