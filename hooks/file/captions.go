package file

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"kinward/hooks/clinic"
)

// Captions come as WebVTT (w3.org/TR/webvtt1) or SubRip, and are kept as WebVTT with nothing but times and words.

var (
	timing = regexp.MustCompile(`^\s*((?:\d{1,3}:)?\d{2}:\d{2}[.,]\d{3})\s+-->\s+((?:\d{1,3}:)?\d{2}:\d{2}[.,]\d{3})(?:\s.*)?$`)
	// markup in a cue: styles and voices. A voice's name is kept as words, since it says who speaks.
	voice  = regexp.MustCompile(`<v(?:\.[^ \t>]*)?[ \t]+([^>]*)>`)
	markup = regexp.MustCompile(`<[^>]*>`)
)

// mostCues bounds the work of a player.
const mostCues = 10_000

// Captions reads captions and gives them as they are kept: cues of times and plain words. Notes, styles, regions, places and
// whatever else a file may hold are left out. Without one cue, or with a time that cannot be read, it gives a fault with the line.
func Captions(text string) (string, *clinic.Fault) {
	if len(text) > maxCaptionsBytes {
		return "", clinic.TooLong.With("max", maxCaptionsBytes)
	}
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return "", BadCaptions.With("line", 1)
	}
	text = strings.TrimPrefix(text, "\uFEFF")
	lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n")
	var out strings.Builder
	out.WriteString("WEBVTT\n")
	cues := 0
	for i := 0; i < len(lines); i++ {
		if !strings.Contains(lines[i], "-->") {
			continue // a heading, a number, a note, a style
		}
		m := timing.FindStringSubmatch(lines[i])
		if m == nil || cues >= mostCues {
			return "", BadCaptions.With("line", i+1)
		}
		var words []string
		for i+1 < len(lines) && strings.TrimSpace(lines[i+1]) != "" && !strings.Contains(lines[i+1], "-->") {
			i++
			if said := plainCue(lines[i]); said != "" {
				words = append(words, said)
			}
		}
		if len(words) == 0 {
			continue
		}
		cues++
		out.WriteString("\n" + clock(m[1]) + " --> " + clock(m[2]) + "\n" + strings.Join(words, "\n") + "\n")
	}
	if cues == 0 {
		return "", BadCaptions.With("line", 1)
	}
	return out.String(), nil
}

func clock(time string) string { return strings.Replace(time, ",", ".", 1) }

// plainCue gives the words of a line of a cue, escaped as WebVTT wants it.
func plainCue(line string) string {
	line = voice.ReplaceAllString(line, "$1: ")
	line = oneLine(markup.ReplaceAllString(line, ""))
	line = strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace(line)
	return line
}
