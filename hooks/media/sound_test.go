package media_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"kinward/hooks/media"
)

// mp3 is so many frames of MPEG-1 Layer III, 128 kbit/s, 44.1 kHz: 417 bytes each.
func mp3(frames int) []byte {
	one := append([]byte{0xff, 0xfb, 0x90, 0x00}, bytes.Repeat([]byte{0x11}, 413)...)
	return bytes.Repeat(one, frames)
}

func id3(text string) []byte {
	n := len(text)
	return append([]byte{'I', 'D', '3', 4, 0, 0, byte(n >> 21 & 127), byte(n >> 14 & 127), byte(n >> 7 & 127), byte(n & 127)}, text...)
}

func TestMP3IsItsFrames(t *testing.T) {
	sound := mp3(20)
	v1 := append([]byte("TAG"), bytes.Repeat([]byte("secret"), 21)[:125]...)
	content := append(append(id3("TIT2 secret place "+strings.Repeat("x", 5000)), id3("secret again")...), sound...)
	content = append(append(content, "APETAGEX secret"...), v1...)
	c := mustClean(t, content)
	if !bytes.Equal(c.out, sound) || c.Type != "audio/mpeg" || c.Kind != media.Audio {
		t.Errorf("%d bytes came out of %d, want %d: %v", len(c.out), len(content), len(sound), c.Cleaned)
	}
	between := append(append(mp3(5), "secret between"...), mp3(5)...)
	if c := mustClean(t, between); !bytes.Equal(c.out, mp3(9)) { // the frame before it cannot be told from chance
		t.Errorf("what stands between frames came along: %d bytes", len(c.out))
	}
	if _, err := clean(id3("only a tag, no sound")); !errors.Is(err, media.Damaged) {
		t.Errorf("a tag alone: %v", err)
	}
	if _, err := clean(append(id3("x"), bytes.Repeat([]byte("<html>secret"), 30_000)...)); !errors.Is(err, media.Damaged) {
		t.Errorf("a page behind a tag: %v", err)
	}
}

func TestAACIsItsFrames(t *testing.T) {
	one := append([]byte{0xff, 0xf1, 0x50, 0x80, byte(200 >> 3), byte(200&7)<<5 | 0x1f, 0xfc}, bytes.Repeat([]byte{0x22}, 193)...)
	sound := bytes.Repeat(one, 12)
	c := mustClean(t, append(id3("secret"), sound...))
	if !bytes.Equal(c.out, sound) || c.Type != "audio/aac" {
		t.Errorf("%d bytes, want %d: %v", len(c.out), len(sound), c.Cleaned)
	}
}

// The longest frames there are: behind a tag, and then alone.
func TestLongFramesAreTakenAgain(t *testing.T) {
	sound := bytes.Repeat(append([]byte{0xff, 0xf1, 0x50, 0x80 | 8191>>11, 8191 >> 3 & 0xff, 8191&7<<5 | 0x1f, 0xfc}, make([]byte, 8184)...), 3)
	c := mustClean(t, append(id3("secret"), sound...))
	if again := mustClean(t, c.out); !bytes.Equal(c.out, sound) || !bytes.Equal(again.out, sound) {
		t.Errorf("%d and %d bytes, want %d", len(c.out), len(again.out), len(sound))
	}
}

func riff(chunks ...string) []byte {
	body := "WAVE" + strings.Join(chunks, "")
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

func riffChunk(name, content string) string {
	text := string(binary.LittleEndian.AppendUint32([]byte(name), uint32(len(content)))) + content
	return text + strings.Repeat("\x00", len(content)%2)
}

func TestWAVKeepsItsSoundAlone(t *testing.T) {
	format := riffChunk("fmt ", "\x01\x00\x01\x00\x44\xac\x00\x00\x88\x58\x01\x00\x02\x00\x10\x00")
	data := riffChunk("data", strings.Repeat("ab", 501))
	content := riff(riffChunk("bext", "secret place"), format, riffChunk("LIST", "INFOIARTsecret"), data, riffChunk("id3 ", "secret"))
	c := mustClean(t, append(content, "secret at the end"...))
	if want := riff(format, data); !bytes.Equal(c.out, want) || c.Type != "audio/wav" {
		t.Errorf("%d bytes, want %d: %v", len(c.out), len(want), c.Cleaned)
	}
	if _, err := clean(riff(data)); !errors.Is(err, media.Damaged) {
		t.Errorf("without a format: %v", err)
	}
}

// oggPage is one page with whole packets of less than 255 bytes each.
func oggPage(flags byte, serial, number uint32, packets ...string) []byte {
	out := append([]byte("OggS\x00"), flags)
	out = append(out, make([]byte, 8)...)
	out = binary.LittleEndian.AppendUint32(out, serial)
	out = binary.LittleEndian.AppendUint32(out, number)
	out = append(out, 0, 0, 0, 0, byte(len(packets)))
	for _, p := range packets {
		out = append(out, byte(len(p)))
	}
	return append(out, strings.Join(packets, "")...)
}

func TestOggLosesItsComments(t *testing.T) {
	head, tags := "OpusHead\x01\x01\x00\x00\x80\xbb\x00\x00\x00\x00\x00", "OpusTags\x06\x00\x00\x00secret\x01\x00\x00\x00\x0c\x00\x00\x00TITLE=secret"
	opus := bytes.Join([][]byte{oggPage(2, 7, 0, head), oggPage(0, 7, 1, tags), oggPage(0, 7, 2, "sound one", "sound two"), oggPage(4, 7, 3, "sound three")}, nil)
	c := mustClean(t, opus)
	tellsNothing(t, "the sound", c.out)
	for _, sound := range []string{"OpusHead", "OpusTags", "sound onesound two", "sound three"} {
		if !bytes.Contains(c.out, []byte(sound)) {
			t.Errorf("it lacks %q", sound)
		}
	}
	if again := mustClean(t, c.out); !bytes.Equal(again.out, c.out) {
		t.Error("cleaned twice it is another file")
	}
	vorbis := bytes.Join([][]byte{oggPage(2, 9, 0, "\x01vorbis head"), oggPage(0, 9, 1, "\x03vorbis\x06\x00\x00\x00secret\x00\x00\x00\x00\x01", "\x05vorbis books"),
		oggPage(4, 9, 2, "sound")}, nil)
	c = mustClean(t, vorbis)
	tellsNothing(t, "the sound", c.out)
	if !bytes.Contains(c.out, []byte("\x05vorbis books")) {
		t.Error("it lacks its books")
	}
	if c := mustClean(t, append(append([]byte{}, opus...), "OggS cut off"...)); !bytes.HasSuffix(c.out, []byte("sound three")) {
		t.Error("the head of a page that never came is kept")
	}
	for name, content := range map[string][]byte{
		"cut in a head":   append(oggPage(2, 7, 0, head), "OggS"...),
		"two streams":     bytes.Join([][]byte{oggPage(2, 7, 0, head), oggPage(2, 8, 0, "fishead"), oggPage(0, 7, 1, tags), oggPage(4, 7, 2, "s")}, nil),
		"one behind it":   append(append([]byte{}, opus...), opus...),
		"another kind":    bytes.Join([][]byte{oggPage(2, 7, 0, "\x80theora"), oggPage(4, 7, 1, "s")}, nil),
		"no sound":        bytes.Join([][]byte{oggPage(2, 7, 0, head), oggPage(4, 7, 1, tags)}, nil),
		"no end of heads": bytes.Repeat(oggPage(2, 7, 0, "\x01vorbis"), 1),
	} {
		if _, err := clean(content); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

// The sum is worked out here once more, bit by bit.
func TestOggPagesHaveTheirSum(t *testing.T) {
	c := mustClean(t, bytes.Join([][]byte{oggPage(2, 1, 0, "OpusHead"), oggPage(0, 1, 1, "OpusTags\x00\x00\x00\x00\x00\x00\x00\x00"), oggPage(4, 1, 2, "x")}, nil))
	for rest := c.out; len(rest) > 0; {
		length := 27 + int(rest[26])
		for _, n := range rest[27 : 27+int(rest[26])] {
			length += int(n)
		}
		page := append([]byte{}, rest[:length]...)
		told := binary.LittleEndian.Uint32(page[22:])
		clear(page[22:26])
		if got := slowSum(page); got != told {
			t.Errorf("a page says %08x and has %08x", told, got)
		}
		rest = rest[length:]
	}
}

// slowSum is the sum of RFC 3533, section 6, bit by bit.
func slowSum(text []byte) (sum uint32) {
	for _, b := range text {
		sum ^= uint32(b) << 24
		for range 8 {
			top := sum >> 31
			sum <<= 1
			if top == 1 {
				sum ^= 0x04c11db7
			}
		}
	}
	return sum
}
