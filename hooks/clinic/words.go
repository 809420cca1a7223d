package clinic

import (
	"encoding/json"
	"html"
	"path"
	"slices"
	"strings"
)

// FileSaid is what a file that goes with a post or comment says in words: its name, and what who cannot see or hear it is told.
type FileSaid struct {
	ID         string `db:"id"`
	Kind       string `db:"kind"` // as package media names it
	Name       string `db:"name"`
	Alt        string `db:"alt"`
	Transcript string `db:"transcript"`
	Captions   string `db:"captions"` // as they are kept
}

// Beside are the files that go with a post or comment, in its text or beside it.
type Beside []FileSaid

// Said is one stretch of what a post or comment says. Each is read for itself: what is found in one counts from its beginning.
type Said struct {
	Field    string // SaidInTitle and so on
	File     string // in SaidInFiles, which
	FileName string
	Text     string
}

// Where words stand.
const (
	SaidInTitle   = "title"
	SaidInBody    = "body"
	SaidInChoices = "choices" // of a poll, one a line
	SaidInFiles   = "files"
)

// WordsOf gathers all that a post or comment says, as the checks read it: when it is posted, while it is written, and when other checks
// are tried on it later. Nothing else decides what of a piece is words.
func WordsOf(title, body string, choices []string, files []FileSaid) []Said {
	all := []Said{{Field: SaidInTitle, Text: title}, {Field: SaidInBody, Text: body}, {Field: SaidInChoices, Text: oneEach(choices)}}
	inText := FilesIn(body)
	for _, f := range files {
		all = append(all, f.said(slices.Contains(inText, f.ID)))
	}
	return slices.DeleteFunc(all, func(s Said) bool { return s.Text == "" })
}

// said gives what a file says. A picture beside the text stands there as one in it would: it may show a real person all the same.
func (f FileSaid) said(inText bool) Said {
	words := []string{strings.TrimSuffix(f.Name, path.Ext(f.Name)), f.Alt, f.Transcript, Spoken(f.Captions)}
	if f.Kind == "picture" && !inText {
		words = []string{"![" + f.Alt + "](" + FileAddress + f.ID + ")"}
	}
	return Said{SaidInFiles, f.ID, f.Name, strings.Join(slices.DeleteFunc(words, func(s string) bool { return s == "" }), "\n\n")}
}

// What who cannot see or hear a file is told of it, by the names of its fields.
const (
	SaidInAlt        = "alt"
	SaidInTranscript = "transcript"
	SaidInCaptions   = "captions"
)

// WordsOfFile gathers what a file says to who cannot see or hear it, each for itself, from its fields: for words that come to it while
// others see it already.
func WordsOfFile(field func(name string) string) []Said {
	words := map[string]string{SaidInAlt: field("alt"), SaidInTranscript: field("transcript"), SaidInCaptions: Spoken(field("captions"))}
	var all []Said
	for _, name := range []string{SaidInAlt, SaidInTranscript, SaidInCaptions} {
		if words[name] != "" {
			all = append(all, Said{name, field("id"), field("name"), words[name]})
		}
	}
	return all
}

// oneEach puts what can be chosen one a line, as a poll keeps it.
func oneEach(choices []string) string {
	var lines []string
	for _, choice := range choices {
		if choice = strings.Join(strings.Fields(choice), " "); choice != "" {
			lines = append(lines, choice)
		}
	}
	return strings.Join(lines, "\n")
}

// ChoicesIn gives what can be chosen in a poll as it stands on its post; none where there is no poll.
func ChoicesIn(poll string) []string {
	var p Poll
	if poll == "" || json.Unmarshal([]byte(poll), &p) != nil {
		return nil
	}
	return p.Choices
}

// Spoken gives the words of captions as they are kept, without the times: who looks for what is said would stumble over those.
func Spoken(captions string) string {
	var out []string
	for line := range strings.Lines(strings.TrimPrefix(captions, "WEBVTT\n")) {
		if line = strings.TrimSpace(line); line != "" && !strings.Contains(line, "-->") {
			out = append(out, html.UnescapeString(line))
		}
	}
	return strings.Join(out, "\n")
}

// FileAddress is how words name a file.
const FileAddress = APIPrefix + "/files/"

// MostFiles is how many files one post or comment carries.
const MostFiles = 10

// FilesIn gives the ids of files that words name, each once, in their order; of more than a piece carries, one beyond.
func FilesIn(body string) []string {
	var ids []string
	for rest := body; len(ids) <= MostFiles; {
		_, after, found := strings.Cut(rest, FileAddress)
		if !found {
			break
		}
		end := strings.IndexFunc(after, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
		if end < 0 {
			end = len(after)
		}
		if id := after[:end]; len(id) == 15 && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
		rest = after[end:]
	}
	return ids
}
