// Package media makes of a file that somebody brings one that may be shown to others: of a kind on a short list, told by its
// content and never by its name; and without what it says beside what one sees and hears: places, dates, devices, names,
// comments, earlier versions.
//
// It promises: what comes out was written by this package, part by part, from parts that it knows; nothing is copied that it
// does not know. The memory for a file is bounded before the file is opened up: by its header, never by trying. What it cannot
// clean it refuses, with a fault that a person can read. It knows no database, no server and no clock.
package media

import (
	"context"
	"io"
	"net/http"

	"kinward/hooks/clinic"
)

// Kind is what a file is to people.
type Kind string

// The kinds.
const (
	Picture  Kind = "picture"
	Document Kind = "pdf"
	Audio    Kind = "audio"
	Video    Kind = "video"
)

// The faults of a file. None tells what else is in it.
var (
	KindRefused   = &clinic.Fault{Status: http.StatusUnsupportedMediaType, Code: "file_kind_refused"}
	HEIC          = &clinic.Fault{Status: http.StatusUnsupportedMediaType, Code: "file_heic"}
	Animated      = &clinic.Fault{Status: http.StatusUnsupportedMediaType, Code: "file_animated"}
	Unusual       = &clinic.Fault{Status: http.StatusUnsupportedMediaType, Code: "file_unusual"} // a container with parts that cannot be cleaned
	Damaged       = &clinic.Fault{Status: http.StatusUnprocessableEntity, Code: "file_damaged"}
	TooManyPixels = &clinic.Fault{Status: http.StatusUnprocessableEntity, Code: "picture_too_large"} // params.max, in megapixels
	TooManyScans  = &clinic.Fault{Status: http.StatusUnprocessableEntity, Code: "picture_too_many_scans"}
	Locked        = &clinic.Fault{Status: http.StatusUnprocessableEntity, Code: "pdf_locked"}
	Acting        = &clinic.Fault{Status: http.StatusUnprocessableEntity, Code: "pdf_acting"} // it holds programs or other files
	// Busy: others' files took the whole time that this one could wait. The file is as it was: it can be cleaned later.
	Busy = &clinic.Fault{Status: http.StatusServiceUnavailable, Code: "files_busy"}
)

// File is what stands in for a file on the disk: read at any place, any number of times.
type File interface {
	io.ReaderAt
	io.ReadSeeker
}

// Cleaned says what came out.
type Cleaned struct {
	Kind Kind
	Type string // for the Content-Type
	// Ending is what a name of such a file ends in, with its dot.
	Ending string
	// Width and Height are those of a picture, and of its thumbnail; of a video where its header tells.
	Width, Height int
}

// atOnce lets one file at a time be opened up: of those that take hundreds of megabytes, one is enough.
type atOnce chan struct{}

// turn waits until the others are through, at most until the context ends: then it gives Busy. Call leave in the end.
func (a atOnce) turn(ctx context.Context) (leave func(), err error) {
	if a == nil {
		return func() {}, nil
	}
	select {
	case a <- struct{}{}:
		return func() { <-a }, nil
	case <-ctx.Done():
		return nil, Busy
	}
}

// decoding is for what is decoded whole: pictures, and documents, which take as much.
var decoding = make(atOnce, 1)

// tabling is for the tables of videos. Their samples are copied meanwhile, which takes longer: it is a queue of its own.
var tabling = make(atOnce, 1)

// Formats: what begins like this is taken for it; whether it is one shows when it is cleaned.
var formats = []struct {
	kind   Kind
	starts func(head []byte) bool
	clean  func(in File, size int64, out, small io.Writer) (Cleaned, error)
	queue  atOnce
}{
	{Picture, isPicture, cleanPicture, decoding},
	{Document, isPDF, cleanPDF, decoding},
	{Video, isMP4, cleanMP4, tabling},
	{Video, isWebM, cleanWebM, nil},
	{Audio, isWAV, cleanWAV, nil},
	{Audio, isOgg, cleanOgg, nil},
	{Audio, isFrames, cleanFrames, nil},
}

// headBytes is how much of a file is looked at to tell what it is: the longest frame of sound (AAC: 8,191 bytes) and the head of the
// one behind it.
const headBytes = 8191 + 7

// Sniff tells what a file is by its first bytes, as far as they tell: audio in an MP4 is taken for video.
func Sniff(head []byte) (Kind, error) {
	if isHEIC(head) {
		return "", HEIC
	}
	for _, format := range formats {
		if format.starts(head) {
			return format.kind, nil
		}
	}
	return "", KindRefused
}

// Clean writes to out what may be shown of a file, and to small a thumbnail where it is a picture. Whatever it returns an error
// for must be thrown away with what was written. The context bounds how long it waits until it begins, not the work itself.
func Clean(ctx context.Context, in File, size int64, out, small io.Writer) (Cleaned, error) {
	head := make([]byte, min(size, headBytes))
	if _, err := in.ReadAt(head, 0); err != nil && err != io.EOF {
		return Cleaned{}, err
	}
	if _, err := Sniff(head); err != nil {
		return Cleaned{}, err
	}
	for _, format := range formats {
		if format.starts(head) {
			leave, err := format.queue.turn(ctx)
			if err != nil {
				return Cleaned{}, err
			}
			defer leave()
			return format.clean(in, size, out, small)
		}
	}
	return Cleaned{}, KindRefused
}
