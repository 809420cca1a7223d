package media_test

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"kinward/hooks/media"
)

// told are the words that the recordings in testdata say of who, where, when and with what, and the program that put them together;
// testdata/README.md says how they were made.
var told = []string{"Quintanilla", "Marigold", "40.7128", "Rosaphone", "2024-03-09", "Lavf", "FFMP", "x264 - core", "x265 (build"}

// emptied is how many packets of a recording have messages that go: they are as long as they were.
var emptied = map[string]int{"messages.mp4": 1}

// TestRealRecordingsTellNothing: what was planted in real recordings is in no byte of what comes out, and every packet of sound and
// picture is.
func TestRealRecordingsTellNothing(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]media.Cleaned{
		"video.mp4":         {Kind: media.Video, Type: "video/mp4", Ending: ".mp4", Width: 64, Height: 48},
		"video.mov":         {Kind: media.Video, Type: "video/mp4", Ending: ".mp4", Width: 64, Height: 48},
		"hevc.mp4":          {Kind: media.Video, Type: "video/mp4", Ending: ".mp4", Width: 64, Height: 48},
		"messages.mp4":      {Kind: media.Video, Type: "video/mp4", Ending: ".mp4", Width: 64, Height: 48},
		"messages-hevc.mp4": {Kind: media.Video, Type: "video/mp4", Ending: ".mp4", Width: 64, Height: 48},
		"sound.m4a":         {Kind: media.Audio, Type: "audio/mp4", Ending: ".m4a"},
		"video.webm":        {Kind: media.Video, Type: "video/webm", Ending: ".webm", Width: 64, Height: 48},
		"vorbis.webm":       {Kind: media.Video, Type: "video/webm", Ending: ".webm", Width: 64, Height: 48},
		"sound.webm":        {Kind: media.Audio, Type: "audio/webm", Ending: ".webm"},
		"opus.ogg":          {Kind: media.Audio, Type: "audio/ogg", Ending: ".ogg"},
		"vorbis.ogg":        {Kind: media.Audio, Type: "audio/ogg", Ending: ".ogg"},
		"sound.mp3":         {Kind: media.Audio, Type: "audio/mpeg", Ending: ".mp3"},
		"sound.aac":         {Kind: media.Audio, Type: "audio/aac", Ending: ".aac"},
		"sound.wav":         {Kind: media.Audio, Type: "audio/wav", Ending: ".wav"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			content, err := os.ReadFile(filepath.Join("testdata", name))
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Contains(content, []byte("Quintanilla")) {
				t.Fatal("nothing is planted in it")
			}
			c := mustClean(t, content)
			if folder := os.Getenv("CLEANED"); folder != "" { // for who wants to play them
				if err := os.WriteFile(filepath.Join(folder, name), c.out, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if c.Cleaned != want {
				t.Errorf("it is %+v, want %+v", c.Cleaned, want)
			}
			for _, word := range told {
				if bytes.Contains(c.out, []byte(word)) {
					t.Errorf("it still says %q", word)
				}
			}
			hasPackets(t, c.out, name)
			if again := mustClean(t, c.out); !bytes.Equal(again.out, c.out) {
				t.Error("cleaned twice it is another file")
			}
		})
	}
}

// hasPackets looks for every packet of a recording, as ffmpeg read them from it before, each stream's one after the other.
func hasPackets(t *testing.T, content []byte, name string) {
	t.Helper()
	list, err := os.ReadFile(filepath.Join("testdata", name+".packets"))
	if err != nil {
		t.Fatal(err)
	}
	packets, missing, reached := 0, 0, map[string]int{}
	for line := range strings.Lines(string(list)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Split(line, ",") // stream, two times, length, size, sum
		size, err := strconv.Atoi(strings.TrimSpace(fields[4]))
		if err != nil {
			t.Fatal(err)
		}
		at := packetAt(content, reached[fields[0]], size, strings.TrimSpace(fields[5]))
		if at < 0 {
			missing++
			continue
		}
		reached[fields[0]] = at + size
		packets++
	}
	if packets == 0 || missing != emptied[name] {
		t.Errorf("%d packets of it are there, %d are missing", packets, missing)
	}
}

// packetAt gives where a packet of this sum lies, from a place on.
func packetAt(content []byte, from, size int, sum string) int {
	for at := from; at+size <= len(content); at++ {
		if got := md5.Sum(content[at : at+size]); hex.EncodeToString(got[:]) == sum {
			return at
		}
	}
	return -1
}
