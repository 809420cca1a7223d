// Package file keeps the pictures, documents, audio and video that members put to what they write.
//
// It promises: what is kept was written anew by package media, without what a file says beside what one sees and hears; it lies
// in the data folder under a name that says nothing, and goes into every backup; it is given to nobody but whom access.SeesFile
// names, asked anew at each request; what was put there and never used goes after a day; and nobody fills the practice's disk.
//
// A file comes in pieces, each with the place where it belongs, and not as one form: over a bad line the next piece goes on
// where the last one arrived, no request lasts longer than the server's deadlines allow, and nothing is sent twice.
package file

import (
	"net/http"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"kinward/hooks/clinic"
)

// How much one file may have, by its kind, how much one piece of it, and how much one member's files together.
const (
	MaxPicture  = 30 << 20
	MaxDocument = 30 << 20
	MaxAudio    = 100 << 20
	MaxVideo    = 300 << 20
	// MaxChunk is the most that one request brings. The page sends less over a slow line.
	MaxChunk = 4 << 20
	// MaxOfPatient and MaxOfWorker are what one member's files may have together, in bytes.
	MaxOfPatient = 500 << 20
	MaxOfWorker  = 5 << 30
	// MaxOfPractice is what all files may have together where the operator has not said otherwise.
	MaxOfPractice = 20 << 30
	// mostOpen is how many files of one member may be on their way at once.
	mostOpen = 20

	maxNameRunes       = 100
	maxAltRunes        = 500
	maxTranscriptBytes = 20_000
	maxCaptionsBytes   = 100_000
)

// The states of a file.
const (
	uploading = "uploading"
	ready     = "ready"
)

// The faults of this noun; those of a file's content are package media's.
var (
	TooLarge      = &clinic.Fault{Status: http.StatusRequestEntityTooLarge, Code: "file_too_large"} // params.max, in MB, and kind
	Empty         = &clinic.Fault{Status: http.StatusUnprocessableEntity, Code: "file_empty"}
	MemberFull    = &clinic.Fault{Status: http.StatusConflict, Code: "member_files_full"}               // params.used and max, in MB
	PracticeFull  = &clinic.Fault{Status: http.StatusInsufficientStorage, Code: "practice_files_full"}  // params.phone
	DiskFull      = &clinic.Fault{Status: http.StatusInsufficientStorage, Code: "disk_full"}            // params.phone
	ManyUploads   = &clinic.Fault{Status: http.StatusConflict, Code: "files_on_their_way"}              // params.max
	ElsewhereNow  = &clinic.Fault{Status: http.StatusConflict, Code: "file_continues_elsewhere"}        // params.received: where it goes on
	NotWhole      = &clinic.Fault{Status: http.StatusConflict, Code: "file_not_whole"}                  // it is still on its way
	TooManyInPost = &clinic.Fault{Status: http.StatusBadRequest, Code: "too_many_files"}                // params.max
	NotYours      = &clinic.Fault{Status: http.StatusConflict, Code: "file_not_there"}                  // of the field files
	BadCaptions   = &clinic.Fault{Status: http.StatusBadRequest, Code: "captions_unreadable"}           // params.line
	OnlyForSound  = &clinic.Fault{Status: http.StatusBadRequest, Code: "captions_for_audio_video_only"} // captions and transcripts
)

// MB gives a size as people say it, at least 1.
func MB(bytes int64) int64 { return max(1, (bytes+1<<19)>>20) }

// Name gives a file's name as others see it: one line without what acts or hides, and with the ending of what the file now is.
func Name(said, ending string) string {
	said = strings.ToValidUTF8(said, "")
	said = said[strings.LastIndexAny(said, `/\`)+1:]
	said = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsGraphic(r), strings.ContainsRune(`<>:"|?*`, r), r >= '\u202A' && r <= '\u202E', r >= '\u2066' && r <= '\u2069':
			return -1
		}
		return r
	}, said)
	said = strings.Join(strings.Fields(said), " ")
	if ending != "" {
		if old := path.Ext(said); len(old) <= 6 {
			said = strings.TrimSuffix(said, old)
		}
		for utf8.RuneCountInString(said) > maxNameRunes-len(ending) {
			_, size := utf8.DecodeLastRuneInString(said)
			said = said[:len(said)-size]
		}
	}
	if said = strings.Trim(said, ". "); said == "" {
		said = "file"
	}
	return said + ending
}

// Limit is how many bytes a file of a kind may have.
func Limit(kind string) int64 {
	return map[string]int64{"picture": MaxPicture, "pdf": MaxDocument, "audio": MaxAudio, "video": MaxVideo}[kind]
}

// OfMember is how much the files of a member of a role may have together.
func OfMember(role clinic.Role) int64 {
	if role.Works() {
		return MaxOfWorker
	}
	return MaxOfPatient
}
