package media

import (
	"bufio"
	"encoding/binary"
	"io"
)

// The markers of a JPEG that matter here (ITU-T T.81, table B.1).
const (
	endOfPicture       = 0xd9
	startOfScan        = 0xda
	firstRestart       = 0xd0
	lastRestart        = 0xd7
	baselineFrame      = 0xc0
	extendedFrame      = 0xc1
	progressiveFrame   = 0xc2
	app0, app1, app14  = 0xe0, 0xe1, 0xee
	lastApp, said      = 0xef, 0xfe
	beginningOfPicture = "\xff\xd8"
)

// mostScans is how many passes a JPEG may come in. Encoders make ten, and none more than 64; each may take a few bytes of the file
// and goes through every dot all the same.
const mostScans = 100

// segments walks a JPEG from its beginning to its end, until visit returns false, and gives where each segment's content lies. It
// steps over stray bytes and what stands in for them as Go's decoder does: what that one sees is seen here, too.
func segments(in io.Reader, visit func(marker byte, at, length int64) bool) error {
	from := bufio.NewReaderSize(in, 64<<10)
	at := int64(0)
	skip := func(n int64) error {
		gone, err := io.CopyN(io.Discard, from, n)
		at += gone
		return err
	}
	next := func() (byte, error) {
		at++
		return from.ReadByte()
	}
	if err := skip(int64(len(beginningOfPicture))); err != nil {
		return err
	}
	for {
		marker, err := next()
		for err == nil && marker != 0xff { // the picture itself, and stray bytes
			var passed []byte
			passed, err = from.ReadSlice(0xff)
			at += int64(len(passed))
			if err == nil {
				marker = 0xff
			} else if err == bufio.ErrBufferFull {
				err = nil
			}
		}
		for err == nil && marker == 0xff { // fill bytes
			marker, err = next()
		}
		switch {
		case err != nil:
			return err
		case marker == 0, marker >= firstRestart && marker <= lastRestart:
			continue
		case marker == endOfPicture:
			visit(marker, at, 0)
			return nil
		}
		var length [2]byte
		if _, err := io.ReadFull(from, length[:]); err != nil {
			return err
		}
		at += 2
		long := int64(binary.BigEndian.Uint16(length[:])) - 2
		if long < 0 {
			return io.ErrUnexpectedEOF
		}
		if !visit(marker, at, long) {
			return nil
		}
		if err := skip(long); err != nil {
			return err
		}
	}
}

// scansOf counts the passes of a JPEG, at most one more than there may be.
func scansOf(in io.ReaderAt, size int64) (scans int) {
	_ = segments(io.NewSectionReader(in, 0, size), func(marker byte, _, _ int64) bool {
		if marker == startOfScan {
			scans++
		}
		return scans <= mostScans
	})
	return scans
}

// isPlain tells a JPEG whose dots are decoded one after the other. Any other keeps the values of all of them until its end: one that
// comes in several passes, and one whose kind cannot be told.
func isPlain(in io.ReaderAt, size int64) (plain bool) {
	_ = segments(io.NewSectionReader(in, 0, size), func(marker byte, _, _ int64) bool {
		plain = plain || marker == baselineFrame || marker == extendedFrame
		return !plain && marker != progressiveFrame && marker != startOfScan
	})
	return plain
}
