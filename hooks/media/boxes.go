package media

import (
	"encoding/binary"
	"io"
)

// Boxes of the ISO base media file format (ISO/IEC 14496-12) and of QuickTime before it.

// box is one box: its content lies at [at, at+length).
type box struct {
	name       string
	at, length int64
}

// mostBoxes bounds how many boxes lie beside each other.
const mostBoxes = 4096

// boxes lists the boxes of a stretch of a file. A last one that is cut off is Damaged.
func boxes(in io.ReaderAt, at, end int64) ([]box, error) {
	var all []box
	var head [16]byte
	for at+8 <= end {
		if _, err := in.ReadAt(head[:8], at); err != nil {
			return nil, Damaged
		}
		length, skip := int64(binary.BigEndian.Uint32(head[:])), int64(8)
		switch length {
		case 0: // to the end
			length = end - at
		case 1:
			if _, err := in.ReadAt(head[8:], at+8); err != nil {
				return nil, Damaged
			}
			length, skip = int64(binary.BigEndian.Uint64(head[8:])), 16
		}
		if length < skip || length > end-at || len(all) >= mostBoxes {
			return nil, Damaged
		}
		all = append(all, box{string(head[4:8]), at + skip, length - skip})
		at += length
	}
	return all, nil
}

// mostTable bounds what is read into memory of one box: a table of the places of all samples, of hours of video.
const mostTable = 32 << 20

// text reads a box's content.
func (b box) text(in io.ReaderAt) ([]byte, error) {
	if b.length > mostTable {
		return nil, Unusual
	}
	text := make([]byte, b.length)
	if n, err := in.ReadAt(text, b.at); int64(n) < b.length {
		if err == io.EOF {
			return nil, Damaged
		}
		return nil, err
	}
	return text, nil
}

func (b box) inside(in io.ReaderAt) ([]box, error) { return boxes(in, b.at, b.at+b.length) }

// find gives the first box of a name, or nil.
func find(all []box, name string) *box {
	for i := range all {
		if all[i].name == name {
			return &all[i]
		}
	}
	return nil
}

// made writes a box from the parts of its content.
func made(name string, parts ...[]byte) []byte {
	length := 8
	for _, one := range parts {
		length += len(one)
	}
	text := binary.BigEndian.AppendUint32(make([]byte, 0, length), uint32(length))
	text = append(text, name...)
	for _, one := range parts {
		text = append(text, one...)
	}
	return text
}

func be32(text []byte) uint32 { return binary.BigEndian.Uint32(text) }
