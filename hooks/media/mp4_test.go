package media_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"runtime"
	"strings"
	"testing"

	"kinward/hooks/media"
)

// atom is one box.
func atom(name string, parts ...string) string {
	body := strings.Join(parts, "")
	return string(binary.BigEndian.AppendUint32(nil, uint32(8+len(body)))) + name + body
}

func u32(values ...uint32) string {
	var out []byte
	for _, v := range values {
		out = binary.BigEndian.AppendUint32(out, v)
	}
	return string(out)
}

// trak is a track with one sample a chunk: its kind, its codec's entry, and where its samples lie.
func trak(kind, entry string, places []uint32, sizes []uint32, extra ...string) string {
	header := u32(0, 0xdddd, 0xdddd, 1, 0, 0) + strings.Repeat("\x00", 52) + u32(640<<16, 480<<16)
	table := atom("stbl", atom("stsd", u32(0, 1), entry), atom("stts", u32(0, 1, uint32(len(sizes)), 1)),
		atom("stsc", u32(0, 1, 1, 1, 1)), atom("stsz", u32(0, 0, uint32(len(sizes))), u32(sizes...)),
		atom("stco", u32(0, uint32(len(places))), u32(places...)), atom("udta", "secret in the table"))
	return atom("trak", append([]string{atom("tkhd", header), atom("mdia", atom("mdhd", u32(0, 0xdddd, 0xdddd, 1000, 5, 0)),
		atom("hdlr", u32(0, 0), kind, u32(0, 0, 0), "secret handler\x00"),
		atom("minf", atom("vmhd", u32(0, 0, 0)), atom("dinf", atom("dref", u32(0, 1), atom("url ", u32(1)))), table)),
		atom("udta", atom("\xa9nam", "secret name")), atom("meta", "secret")}, extra...)...)
}

// video is an entry whose samples are cut into units by lengths of one byte.
func video(codec string) string {
	return atom(codec, u32(0, 1)+strings.Repeat("\x00", 34)+"\x13secret compressor"+strings.Repeat("\x00", 14)+strings.Repeat("\x00", 4),
		atom("avcC", "\x01codd"), atom("uuid", "secret"), atom("colr", "prof"+strings.Repeat("secret", 9)))
}

func sound() string {
	return atom("mp4a", u32(0, 1)+strings.Repeat("\x00", 20), atom("esds", "\x00\x00\x00\x00esdata"))
}

// movie is a file with a video track, a sound track and a track of places. With late, its header stands behind its samples.
func movie(late bool, change func(m string) string) []byte {
	start := atom("ftyp", "qt  ", u32(0), "qt  ") + atom("uuid", "secret uuid box") + atom("free", "secret in free")
	samples := []string{"\x08IDEO-ONE", "sound-one", "secret GPS 40.7128", "\x09IDEO-TWO!", "sound-two"}
	build := func(base uint32) string {
		places := make([]uint32, len(samples))
		for i, at := 0, base; i < len(samples); i++ {
			places[i] = at
			at += uint32(len(samples[i]))
		}
		return change(atom("moov", atom("mvhd", u32(0, 0xdddd, 0xdddd, 1000, 5000)+strings.Repeat("\x00", 80)),
			trak("vide", video("avc1"), []uint32{places[0], places[3]}, []uint32{9, 10}),
			trak("soun", sound(), []uint32{places[1], places[4]}, []uint32{9, 9}),
			trak("meta", atom("mebx", u32(0, 1), "secret keys"), []uint32{places[2]}, []uint32{18}),
			atom("udta", atom("\xa9xyz", "\x00\x12\x15\xc7+40.7128-074.0060/secret")), atom("meta", "secret com.apple.quicktime.location.ISO6709")))
	}
	data := atom("mdat", strings.Join(samples, ""))
	if late {
		return []byte(start + data + build(uint32(len(start)+8)))
	}
	length := uint32(len(build(0)))
	return []byte(start + build(uint32(len(start))+length+8) + data)
}

func same(m string) string { return m }

func TestVideosKeepPictureAndSoundAlone(t *testing.T) {
	for _, late := range []bool{false, true} {
		c := mustClean(t, movie(late, same))
		tellsNothing(t, "the video", c.out)
		for _, said := range []string{"com.apple", "mebx", "\xa9xyz", "udta", "uuid", "\xdd\xdd"} {
			if bytes.Contains(c.out, []byte(said)) {
				t.Errorf("the video still says %q", said)
			}
		}
		if c.Kind != media.Video || c.Type != "video/mp4" || c.Width != 640 || c.Height != 480 {
			t.Errorf("it is %+v", c.Cleaned)
		}
		if !bytes.HasSuffix(c.out, []byte("\x08IDEO-ONEsound-one\x09IDEO-TWO!sound-two")) {
			t.Errorf("its samples are %q", c.out[max(0, len(c.out)-60):])
		}
		for _, sample := range []struct {
			track, index int
			want         string
		}{{0, 0, "\x08IDEO-ONE"}, {0, 1, "\x09IDEO-TWO!"}, {1, 0, "sound-one"}, {1, 1, "sound-two"}} {
			at := placeIn(t, c.out, sample.track, sample.index)
			if got := string(c.out[at : int(at)+len(sample.want)]); got != sample.want {
				t.Errorf("track %d, sample %d begins with %q, want %q", sample.track, sample.index, got, sample.want)
			}
		}
		if again := mustClean(t, c.out); !bytes.Equal(again.out, c.out) {
			t.Error("cleaned twice it is another file")
		}
	}
}

// placeIn reads where a chunk lies from the n-th stco of a file.
func placeIn(t *testing.T, content []byte, n, index int) uint32 {
	t.Helper()
	rest, at := content, 0
	for i := 0; i <= n; i++ {
		next := bytes.Index(rest, []byte("stco"))
		if next < 0 {
			t.Fatal("no table of places")
		}
		at += next + 4
		rest = content[at:]
	}
	return binary.BigEndian.Uint32(content[at+8+4*index:])
}

func TestSoundInMP4IsSound(t *testing.T) {
	length := uint32(len(atom("ftyp", "M4A ", u32(0))) + 8)
	content := atom("ftyp", "M4A ", u32(0)) + atom("mdat", "sounds") + atom("moov", atom("mvhd", strings.Repeat("\x00", 100)),
		trak("soun", sound(), []uint32{length}, []uint32{6}), atom("udta", atom("meta", "ilst secret cover")))
	c := mustClean(t, []byte(content))
	tellsNothing(t, "the sound", c.out)
	if c.Kind != media.Audio || c.Type != "audio/mp4" || c.Ending != ".m4a" {
		t.Errorf("it is %+v", c.Cleaned)
	}
}

func TestVideosThatCannotBeCleaned(t *testing.T) {
	for name, c := range map[string]struct {
		content []byte
		want    error
	}{
		"another codec": {movie(false, func(m string) string { return strings.Replace(m, "avc1", "drm1", 1) }), media.Unusual},
		"a stream":      {append(movie(false, same), atom("moof", "")...), media.Unusual},
		"places outside": {movie(false, func(m string) string {
			return strings.ReplaceAll(m, u32(0, 0, 2)+u32(9, 10), u32(0, 0, 2)+u32(9, 1<<30))
		}), media.Damaged},
		"no header":         {[]byte(atom("ftyp", "isom", u32(0)) + atom("mdat", "x")), media.Damaged},
		"a box without end": {[]byte(atom("ftyp", "isom", u32(0)) + u32(1<<20) + "moov"), media.Damaged},
		"more samples than it has bytes": {movie(false, func(m string) string {
			of := strings.LastIndex(m, u32(0, 1, 1, 1, 1)) // the sound's: what lies behind a sample of the picture is none of its units
			return m[:of] + u32(0, 1, 1, 2, 1) + m[of+20:]
		}), nil},
	} {
		if _, err := clean(c.content); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	whole := movie(false, same)
	for at := 20; at < len(whole)-1; at += 37 {
		if c, err := clean(whole[:at]); err == nil && bytes.Contains(c.out, []byte("secret")) {
			t.Errorf("cut after %d bytes it still tells", at)
		}
	}
}

// empty is a video of so many tracks with so many chunks each, of no samples at all.
func empty(tracks, chunks int) []byte {
	one := atom("trak", atom("tkhd", strings.Repeat("\x00", 84)), atom("mdia", atom("mdhd", strings.Repeat("\x00", 24)), atom("hdlr", u32(0, 0), "vide", u32(0, 0, 0, 0)),
		atom("minf", atom("vmhd", u32(0, 0, 0)), atom("stbl", atom("stsd", u32(0, 1), atom("mp4v", strings.Repeat("\x00", 78))),
			atom("stsz", u32(0, 0, 0)), atom("stsc", u32(0, 0)), atom("stco", u32(0, uint32(chunks)), strings.Repeat("\x00", 4*chunks))))))
	return []byte(atom("ftyp", "isom", u32(0)) + atom("moov", atom("mvhd", strings.Repeat("\x00", 100)), strings.Repeat(one, tracks)))
}

func TestTheTablesOfAllTracksAreBoundedTogether(t *testing.T) {
	if c := mustClean(t, empty(4, 1000)); c.Kind != media.Video {
		t.Errorf("an ordinary one is %+v", c.Cleaned)
	}
	for name, content := range map[string][]byte{"one track of many chunks": empty(1, 1_000_001), "many of few": empty(31, 40_000), "many of many": empty(4, 4_000_000)} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := clean(content)
		runtime.ReadMemStats(&after)
		if !errors.Is(err, media.Unusual) {
			t.Errorf("%s: %v", name, err)
		}
		if took := after.TotalAlloc - before.TotalAlloc; took > 300<<20 {
			t.Errorf("%s took %d MB in all before it was refused", name, took>>20)
		}
	}
}
