package media_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/bits"
	"strings"
	"testing"

	"kinward/hooks/media"
)

// el is one element of EBML, with a size of eight bytes.
func el(id uint32, parts ...string) string {
	body := strings.Join(parts, "")
	size := binary.BigEndian.AppendUint64(nil, uint64(len(body)))
	size[0] = 1
	return idOf(id) + string(size) + body
}

// endless is one whose size is not told.
func endless(id uint32, parts ...string) string {
	return idOf(id) + "\x01\xff\xff\xff\xff\xff\xff\xff" + strings.Join(parts, "")
}

func idOf(id uint32) string {
	text := binary.BigEndian.AppendUint32(nil, id)
	return string(text[bits.LeadingZeros32(id)/8:])
}

func webm(cluster func(id uint32, parts ...string) string, more ...string) []byte {
	header := el(0x1a45dfa3, el(0x4286, "\x01"), el(0x4282, "webm"), el(0xec, "secret void"))
	info := el(0x1549a966, el(0x2ad7b1, "\x0f\x42\x40"), el(0x7ba9, "secret title"), el(0x4461, "secretdt"), el(0x4d80, "secret muxer"), el(0x5741, "secret app"))
	tracks := el(0x1654ae6b,
		el(0xae, el(0xd7, "\x01"), el(0x83, "\x01"), el(0x86, "V_VP9"), el(0x536e, "secret track name"), el(0xe0, el(0xb0, "\x02\x80"), el(0xba, "\x01\xe0"))),
		el(0xae, el(0xd7, "\x02"), el(0x83, "\x02"), el(0x86, "A_OPUS"), el(0x63a2, "OpusHead"), el(0xe1, el(0x9f, "\x01"))))
	body := []string{el(0x114d9b74, el(0x4dbb, el(0x53ab, "\x1f\x43\xb6\x75"), el(0x53ac, "\x10"))), info, tracks,
		el(0x1254c367, el(0x7373, "secret tag GPS 40.7128 "+strings.Repeat("long ", 40))), el(0x1941a469, el(0x61a7, "secret attachment")),
		cluster(0x1f43b675, el(0xe7, "\x00"), el(0xa3, "\x81\x00\x00\x80VIDEO"), el(0xa0, el(0xa1, "\x82\x00\x00\x00sound"), el(0x75a1, "secret more"))),
		cluster(0x1f43b675, el(0xe7, "\x05"), el(0xa3, "\x81\x00\x00\x80VIDEO2")), el(0x1043a770, "secret chapters")}
	return []byte(header + cluster(0x18538067, append(body, more...)...))
}

func TestWebMKeepsPictureAndSoundAlone(t *testing.T) {
	for name, cluster := range map[string]func(uint32, ...string) string{"sizes told": el, "sizes not told": endless} {
		content := webm(cluster)
		c := mustClean(t, content)
		tellsNothing(t, "the video", c.out)
		for _, kept := range []string{"VIDEO", "sound", "VIDEO2", "V_VP9", "A_OPUS", "OpusHead"} {
			if bytes.Index(c.out, []byte(kept)) != bytes.Index(content, []byte(kept)) {
				t.Errorf("%s: %q is not in its place", name, kept)
			}
		}
		if len(c.out) != len(content) || c.Kind != media.Video || c.Type != "video/webm" || c.Width != 640 || c.Height != 480 {
			t.Errorf("%s: %d bytes of %d, %+v", name, len(c.out), len(content), c.Cleaned)
		}
		if again := mustClean(t, c.out); !bytes.Equal(again.out, c.out) {
			t.Errorf("%s: cleaned twice it is another file", name)
		}
	}
	behind := append(webm(el), "secret behind the end"...)
	tellsNothing(t, "the video", mustClean(t, behind).out)
}

func TestWebMThatCannotBeCleaned(t *testing.T) {
	for name, c := range map[string]struct {
		content []byte
		want    error
	}{
		"another codec":           {bytes.Replace(webm(el), []byte("V_VP9"), []byte("V_XYZ"), 1), media.Unusual},
		"a track of words":        {bytes.Replace(webm(el), []byte(el(0x83, "\x02")), []byte(el(0x83, "\x11")), 1), media.Unusual},
		"samples of no track":     {bytes.Replace(webm(el), []byte("\x82\x00\x00\x00sound"), []byte("\x85\x00\x00\x00sound"), 1), media.Damaged},
		"Matroska":                {bytes.Replace(webm(el), []byte("webm"), []byte("mkv_"), 1), media.KindRefused},
		"an element without end":  {webm(el, "\xa3\x01\x00\x00\x00\x00\xff\xff\xff"), nil},
		"only a head":             {webm(el)[:60], media.Damaged},
		"nothing to see and hear": {[]byte(el(0x1a45dfa3, el(0x4282, "webm")) + el(0x18538067, el(0x1549a966, ""))), media.Damaged},
	} {
		_, err := clean(c.content)
		if c.want != nil && !errors.Is(err, c.want) || err == nil {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestCommentsOfVorbisInWebMAreEmptied(t *testing.T) {
	comments := "\x03vorbis\x06\x00\x00\x00secret\x01\x00\x00\x00\x0b\x00\x00\x00TITLE=Secre\x01"
	private := "\x02\x0d" + string(rune(len(comments))) + "\x01vorbis head.." + comments + "\x05vorbis books"
	content := bytes.Replace(webm(el), []byte(el(0x86, "A_OPUS")+el(0x63a2, "OpusHead")), []byte(el(0x86, "A_VORBIS")+el(0x63a2, private)), 1)
	// the sizes above it have changed: told anew
	header := len(el(0x1a45dfa3, el(0x4286, "\x01"), el(0x4282, "webm"), el(0xec, "secret void")))
	grow := uint64(len(el(0x86, "A_VORBIS")+el(0x63a2, private)) - len(el(0x86, "A_OPUS")+el(0x63a2, "OpusHead")))
	add := func(at int) {
		binary.BigEndian.PutUint64(content[at:], binary.BigEndian.Uint64(content[at:])+grow)
	}
	add(header + 4)
	add(bytes.Index(content, []byte(idOf(0x1654ae6b))) + 4)
	add(bytes.LastIndex(content[:bytes.Index(content, []byte("A_VORBIS"))], []byte(idOf(0xae))) + 1)
	c := mustClean(t, content)
	tellsNothing(t, "the video", c.out)
	if !bytes.Contains(c.out, []byte("\x05vorbis books")) || bytes.Contains(c.out, []byte("TITLE")) {
		t.Error("the comments are there, or the books are not")
	}
}

// What a file is called stands in its header where everybody looks, or it is taken for nothing: once emptied, the same word
// elsewhere would be gone, and the file that was kept could not be read.
func TestWebMIsNamedInItsHeader(t *testing.T) {
	whole := webm(el)
	segment := whole[bytes.Index(whole, []byte(idOf(0x18538067))):]
	for name, header := range map[string]string{
		"only in a void": el(0x1a45dfa3, el(0xec, "webm")),
		"too far behind": el(0x1a45dfa3, el(0xec, "webm"), el(0xec, strings.Repeat("x", 64)), el(0x4282, "webm")),
	} {
		if _, err := clean(append([]byte(header), segment...)); !errors.Is(err, media.KindRefused) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
