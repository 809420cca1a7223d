package media

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math/bits"
)

// Elements of EBML (RFC 8794), of which WebM is made.

// element is one element: its whole lies at [start, end), its content at [at, end).
type element struct {
	id             uint32
	start, at, end int64
	open           bool // its size is not told: it ends where what belongs above it begins
}

// readElement reads the head of the element at a place.
func readElement(in io.ReaderAt, at, end int64) (element, error) {
	var head [12]byte
	n, err := in.ReadAt(head[:min(int64(len(head)), end-at)], at)
	if err != nil && !errors.Is(err, io.EOF) {
		return element{}, err
	}
	text := head[:n]
	if len(text) < 2 {
		return element{}, Damaged
	}
	width := bits.LeadingZeros8(text[0]) + 1
	if width > 4 || len(text) < width+1 {
		return element{}, Damaged
	}
	e := element{start: at}
	for _, b := range text[:width] {
		e.id = e.id<<8 | uint32(b)
	}
	length, long, ok := vint(text[width:])
	if !ok {
		return element{}, Damaged
	}
	e.at = at + int64(width+long)
	e.end = e.at + length
	if length < 0 {
		e.open, e.end = true, end
	}
	if e.end > end || e.end < e.at {
		return element{}, Damaged
	}
	return e, nil
}

// vint reads a number of variable width, -1 for the one that means "not told".
func vint(text []byte) (value int64, width int, ok bool) {
	if len(text) == 0 {
		return 0, 0, false
	}
	width = bits.LeadingZeros8(text[0]) + 1
	if width > 8 || len(text) < width {
		return 0, 0, false
	}
	value = int64(text[0]) & (1<<(8-width) - 1)
	all := value == 1<<(8-width)-1
	for _, b := range text[1:width] {
		value = value<<8 | int64(b)
		all = all && b == 0xff
	}
	if all {
		return -1, width, true
	}
	return value, width, true
}

// content reads a short element's content.
func (e element) content(in io.ReaderAt, most int64) ([]byte, error) {
	if e.end-e.at > most {
		return nil, Unusual
	}
	text := make([]byte, e.end-e.at)
	if n, err := in.ReadAt(text, e.at); n < len(text) {
		return nil, errors.Join(Damaged, err)
	}
	return text, nil
}

func number(text []byte) (n int64) {
	for _, b := range text[:min(len(text), 7)] {
		n = n<<8 | int64(b)
	}
	return n
}

// patch stands in the place of some bytes of a file: its head, then nothing but zeros.
type patch struct {
	at, length int64
	head       []byte
}

// voided is an element of nothing in the place of one that goes (RFC 8794, 11.3.2), so that all others keep their places.
func voided(e element) patch {
	length := e.end - e.start
	p := patch{at: e.start, length: length}
	if length <= 128 {
		p.head = []byte{0xec, 0x80 | byte(length-2)}
		return p
	}
	p.head = binary.BigEndian.AppendUint64([]byte{0xec}, uint64(length-9))
	p.head[1] = 1
	return p
}

// blanked keeps an element's head and empties its text.
func blanked(e element) patch { return patch{at: e.at, length: e.end - e.at} }

// copyPatched copies the first bytes of a file with the patches in their places, which must be in order and apart.
func copyPatched(in io.ReaderAt, end int64, patches []patch, out io.Writer) error {
	at := int64(0)
	for _, p := range patches {
		if err := (span{"", at, p.at - at}).copy(in, out); err != nil {
			return err
		}
		if _, err := io.Copy(out, io.MultiReader(bytes.NewReader(p.head), io.LimitReader(zeros{}, p.length-int64(len(p.head))))); err != nil {
			return err
		}
		at = p.at + p.length
	}
	return span{"", at, end - at}.copy(in, out)
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
