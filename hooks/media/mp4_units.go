package media

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
)

// Within the samples of H.264 and H.265 stand messages beside the picture (ISO/IEC 14496-10 and 23008-2, supplemental enhancement
// information). One kind, number 5, is free text of whoever recorded: cameras of cars write there where they are and how fast. A unit that
// has such a message becomes one of nothing, as long as it was. Messages of other kinds stay (captions, time, colour), and so does
// what other formats can say inside of their samples.

// units says how the samples of a track are cut into units: each begins with its length, in so many bytes. With none they are no units.
type units struct {
	width int
	hevc  bool
}

// unitsOf reads from a sample entry's parts how its samples are cut. An entry of H.264 or H.265 that does not say it is Unusual: what
// stands in its samples could not be looked at.
func unitsOf(in io.ReaderAt, entry string, parts []box) (units, error) {
	name, at := "avcC", 4 // the byte whose last two bits are the width, less one
	switch entry {
	case "avc1", "avc3":
	case "hvc1", "hev1":
		name, at = "hvcC", 21
	default:
		return units{}, nil
	}
	b := find(parts, name)
	if b == nil {
		return units{}, Unusual
	}
	text, err := b.text(in)
	if err != nil {
		return units{}, err
	}
	if len(text) <= at {
		return units{}, Damaged
	}
	return units{width: int(text[at]&3) + 1, hevc: name == "hvcC"}, nil
}

const (
	// freeText is the message that may say anything, filler the one that says nothing.
	freeText, filler = 5, 3
	// mostMessage bounds a unit of messages, which is read into memory: those of cameras have a few hundred bytes.
	mostMessage = 1 << 20
	// atATime is how much of the samples is read and written at a time, however short their units are.
	atATime = 64 << 10
)

// messages reports whether a unit that begins so is one of messages, and how long its head is.
func (u units) messages(head []byte) (bool, int) {
	if u.hevc {
		kind := head[0] >> 1 & 63
		return kind == 39 || kind == 40, 2
	}
	return head[0]&31 == 6, 1
}

// copier copies samples, and empties the messages in them that may say anything. Call flush in the end.
type copier struct {
	from io.ReaderAt
	in   *bufio.Reader
	out  *bufio.Writer
	text []byte // of the unit of messages that is looked at
}

func newCopier(in io.ReaderAt, out io.Writer) *copier {
	return &copier{from: in, in: bufio.NewReaderSize(nil, atATime), out: bufio.NewWriterSize(out, atATime)}
}

func (c *copier) flush() error { return c.out.Flush() }

// chunk copies one chunk. Its samples are cut into units each by itself, as players do: what is wrong in one is over where it ends.
func (c *copier) chunk(one *chunk) error {
	c.in.Reset(io.NewSectionReader(c.from, one.at, one.length))
	if one.track.units.width == 0 {
		return c.through(one.length)
	}
	for i := range one.samples {
		if err := c.sample(one.track.units, one.track.sizes.of(int(one.first+i))); err != nil {
			return err
		}
	}
	return nil
}

// sample copies one sample. One that does not begin with a unit is not cut as its track says (some write marks between units instead of
// lengths): it is Unusual. Where a later length does not fit, the rest is written as zeros: players find no unit there, and what
// it says could not be told.
func (c *copier) sample(u units, length int64) error {
	for left := length; left > 0; {
		head, err := c.in.Peek(int(min(left, int64(u.width+1))))
		if err != nil {
			return ended(err)
		}
		var size int64
		if len(head) > u.width {
			for _, b := range head[:u.width] {
				size = size<<8 | int64(b)
			}
		}
		width := int64(u.width)
		switch fits := size > 0 && size <= left-width; {
		case left == length && (!fits || size == 1): // none that a sample begins with is so short
			return Unusual
		case !fits:
			return c.blank(left)
		}
		if is, long := u.messages(head[u.width:]); is && size >= int64(long)+3 {
			err = c.message(u.width, long, size)
		} else {
			err = c.through(width + size)
		}
		if err != nil {
			return err
		}
		left -= width + size
	}
	return nil
}

// message copies a unit of messages that has so many bytes behind its length, or one of nothing in its place.
func (c *copier) message(width, long int, size int64) error {
	if size > mostMessage {
		return Unusual
	}
	if need := width + int(size); cap(c.text) < need {
		c.text = make([]byte, max(need, min(2*cap(c.text), 2*mostMessage)))
	}
	text := c.text[:width+int(size)]
	if _, err := io.ReadFull(c.in, text); err != nil {
		return ended(err)
	}
	if said := text[width+long:]; tells(said) {
		nothing(said)
	}
	_, err := c.out.Write(text)
	return err
}

// through copies so many bytes as they are.
func (c *copier) through(length int64) error {
	for length > 0 {
		if _, err := c.in.Peek(1); err != nil {
			return ended(err)
		}
		part, _ := c.in.Peek(int(min(length, int64(c.in.Buffered()))))
		if _, err := c.out.Write(part); err != nil {
			return err
		}
		length -= int64(len(part))
		_, _ = c.in.Discard(len(part)) // they are there
	}
	return nil
}

// blanks are written in place of what cannot be cut.
var blanks [4096]byte

// blank leaves out so many bytes, and writes as many zeros.
func (c *copier) blank(length int64) error {
	for length > 0 {
		part := int(min(length, int64(len(blanks))))
		if _, err := c.in.Discard(part); err != nil {
			return ended(err)
		}
		if _, err := c.out.Write(blanks[:part]); err != nil {
			return err
		}
		length -= int64(part)
	}
	return nil
}

// ended is the fault of a file that ends before its samples do.
func ended(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return Damaged
	}
	return err
}

// tells reports whether one of a unit's messages is free text, or whether they cannot be read to their end.
func tells(text []byte) bool {
	if mark := []byte{0, 0, 3}; bytes.Contains(text, mark) { // a 3 is put in where the bytes would look like the beginning of a unit
		text = bytes.ReplaceAll(text, mark, mark[:2])
	}
	number := func() (n int) {
		for len(text) > 0 && text[0] == 255 {
			n, text = n+255, text[1:]
		}
		if len(text) > 0 {
			n, text = n+int(text[0]), text[1:]
		}
		return n
	}
	for len(text) > 1 {
		kind := number()
		length := number()
		if kind == freeText || length > len(text) {
			return true
		}
		text = text[length:]
	}
	return false
}

// nothing makes of the messages of a unit such that say nothing: as many bytes, with the bit that ends them.
func nothing(out []byte) {
	for i := range out {
		out[i] = 255
	}
	out[len(out)-1] = 0x80
	at := 0
	for {
		out[at] = filler
		room := len(out) - at - 2 // for the length of what follows, and for that
		size := room - 1 - (room-1)/256
		if size+size/255+1 == room {
			out[at+1+size/255] = byte(size % 255)
			return
		}
		out[at+1] = 0 // no length fits: one that is empty before it
		at += 2
	}
}

// withoutMessages gives what a decoder of H.265 begins with (hvcC, ISO/IEC 14496-15, 8.3.3) without its lists of messages.
func withoutMessages(text []byte) ([]byte, error) {
	if len(text) < 23 {
		return nil, Damaged
	}
	out, lists := bytes.Clone(text[:23]), byte(0)
	rest := text[23:]
	for range text[22] {
		if len(rest) < 3 {
			return nil, Damaged
		}
		length := 3
		for range binary.BigEndian.Uint16(rest[1:]) {
			if len(rest) < length+2 {
				return nil, Damaged
			}
			length += 2 + int(binary.BigEndian.Uint16(rest[length:]))
		}
		if len(rest) < length {
			return nil, Damaged
		}
		if is, _ := (units{hevc: true}).messages([]byte{rest[0] & 63 << 1}); !is {
			out, lists = append(out, rest[:length]...), lists+1
		}
		rest = rest[length:]
	}
	out[22] = lists
	return out, nil
}
