package media_test

import (
	"bytes"
	"errors"
	"testing"

	"kinward/hooks/clinic"
	"kinward/hooks/media"
)

// FuzzClean: whatever comes, it is cleaned or refused with a fault; what came out is of the same kind, is at most little larger
// than what went in, and is taken again.
func FuzzClean(f *testing.F) {
	for _, seed := range [][]byte{mp3(4), movie(false, same), movie(true, same), webm(el), webm(endless), leaflet("", ""), riff(riffChunk("fmt ", "0123456789abcdef"), riffChunk("data", "x")),
		bytes.Join([][]byte{oggPage(2, 7, 0, "OpusHead"), oggPage(0, 7, 1, "OpusTags"), oggPage(4, 7, 2, "x")}, nil), bomb(10, 10),
		asJPEG(f, halves(8, 8)), asPNG(f, halves(8, 8)), append(id3("x"), mp3(4)...)} {
		f.Add(seed)
	}
	for _, samples := range [][]string{{unit(4, idle) + unit(4, "\x65picture")}, {unit(4, idle) + "\x00\x00\x00\x00\x00", unit(4, telling) + unit(4, "\x65picture") + "stray"}} {
		f.Add(clip("avc1", 4, samples...))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		c, err := clean(content)
		if err != nil {
			var fault *clinic.Fault
			if !errors.As(err, &fault) {
				t.Fatalf("no fault: %v", err)
			}
			return
		}
		if c.Kind != media.Picture && c.Kind != media.Document && len(c.out) > len(content)+4096 {
			t.Fatalf("%d bytes came out of %d", len(c.out), len(content))
		}
		if again, err := clean(c.out); err != nil || again.Kind != c.Kind {
			t.Fatalf("what came out is refused: %v", err)
		}
	})
}
