package file_test

import (
	"strings"
	"testing"

	"kinward/hooks/clinic"
	"kinward/hooks/file"
)

func TestNamesSayNoMoreThanTheyShould(t *testing.T) {
	for said, want := range map[string]string{
		"holiday.JPG":                     "holiday.jpg",
		"/home/jane/holiday.jpeg":         "holiday.jpg",
		`C:\Users\jane\holiday.png`:       "holiday.jpg",
		"../../etc/passwd":                "passwd.jpg",
		"":                                "file.jpg",
		" . ":                             "file.jpg",
		"a\x00b\nc\u202Egpj.exe":          "ab cgpj.jpg",
		"<b>\"x\"?.svg":                   "bx.jpg",
		"señora y niño.heic":              "señora y niño.jpg",
		"report v1.2 of the long summary": "report v1.2 of the long summary.jpg",
		strings.Repeat("é", 300) + ".png": strings.Repeat("é", 96) + ".jpg",
	} {
		if got := file.Name(said, ".jpg"); got != want {
			t.Errorf("%q becomes %q, want %q", said, got, want)
		}
	}
}

func TestSizesAreSaidInMegabytes(t *testing.T) {
	for bytes, want := range map[int64]int64{1: 1, 1 << 20: 1, 1_600_000: 2, 30 << 20: 30} {
		if got := file.MB(bytes); got != want {
			t.Errorf("%d bytes are %d MB, want %d", bytes, got, want)
		}
	}
}

func TestOfCaptionsTheChecksReadWhatIsSaid(t *testing.T) {
	kept, fault := file.Captions("WEBVTT\n\n00:00.000 --> 00:01.500\n<v Dr. Chen>Lift your arms.\n\n00:02.000 --> 00:03.000\nThree < four\n")
	if got := clinic.Spoken(kept); fault != nil || got != "Dr. Chen: Lift your arms.\nThree < four" {
		t.Errorf("%q, %v", got, fault)
	}
}

func TestCaptionsAreTimesAndWords(t *testing.T) {
	text := "\uFEFFWEBVTT secret title\r\n\r\nSTYLE\r\n::cue { background: url(https://evil.example/x) }\r\n\r\nNOTE secret\r\n\r\nintro\r\n" +
		"00:01.000 --> 00:03.500 align:start position:10%\r\n<v Dr. Chen>Take it <b>with</b> food.</v>\r\n- <i onmouseover=x>Always</i>?\r\n\r\n" +
		"2\r\n01:00:04,000 --> 01:00:05,000\r\n5 > 3 &amp; done\r\n\r\n00:09.000 --> 00:10.000\r\n\r\n"
	got, fault := file.Captions(text)
	want := "WEBVTT\n\n00:01.000 --> 00:03.500\nDr. Chen: Take it with food.\n- Always?\n\n01:00:04.000 --> 01:00:05.000\n5 &gt; 3 &amp; done\n"
	if fault != nil || got != want {
		t.Errorf("%v\n%s", fault, got)
	}
	if again, fault := file.Captions(got); fault != nil || again != strings.Replace(got, "&gt;", "&gt;", 1) {
		t.Errorf("read again: %v\n%s", fault, again)
	}
	for what, bad := range map[string]string{"no cue": "WEBVTT\n\nhello", "no time": "WEBVTT\n\n1 --> 2\nhello", "bytes": "WEBVTT\n\n00:01.000 --> 00:02.000\n\xff",
		"nothing": "", "too long": "WEBVTT\n\n00:01.000 --> 00:02.000\n" + strings.Repeat("x", 200_000)} {
		if got, fault := file.Captions(bad); fault == nil {
			t.Errorf("%s: %q", what, got)
		}
	}
}
