package media

import (
	"bytes"
	"encoding/binary"
	"io"
)

// Within the samples of H.264 and H.265 stand messages beside the picture (ISO/IEC 14496-10 and 23008-2, supplemental enhancement
// information). One kind is free text of whoever recorded: cameras of cars write there where they are and how fast. A unit that has such a
// message becomes one of nothing, as long as it was.

// units says how the samples of a track are cut into units: each begins with its length, in so many bytes. With none they are no units.
type units struct {
	width int
	hevc  bool
}

// unitsOf reads from a sample entry's parts how its samples are cut.
func unitsOf(in io.ReaderAt, parts []box) (units, error) {
	for _, one := range []struct {
		name string
		at   int // of the byte whose last two bits are the width, less one
	}{{"avcC", 4}, {"hvcC", 21}} {
		b := find(parts, one.name)
		if b == nil {
			continue
		}
		text, err := b.text(in)
		if err != nil || len(text) <= one.at {
			return units{}, err
		}
		return units{width: int(text[one.at]&3) + 1, hevc: one.name == "hvcC"}, nil
	}
	return units{}, nil
}

const (
	// freeText is the message that may say anything, filler the one that says nothing.
	freeText, filler = 5, 3
	// mostMessage is how long a unit of messages may be that is looked into; a longer one is emptied.
	mostMessage = 1 << 20
)

// messages reports whether a unit that begins so is one of messages, and how long its head is.
func (u units) messages(head []byte) (bool, int) {
	if u.hevc {
		kind := head[0] >> 1 & 63
		return kind == 39 || kind == 40, 2
	}
	return head[0]&31 == 6, 1
}

// copy writes a run of samples. What cannot be cut into units is copied as it is: nobody plays it either.
func (u units) copy(in io.ReaderAt, at, length int64, out io.Writer) error {
	done, end := at, at+length
	for u.width > 0 && at < end {
		var head [6]byte // a length, and the head of the longer kind
		if n, err := in.ReadAt(head[:min(int64(u.width+2), end-at)], at); n < u.width+2 {
			if err != nil && err != io.EOF {
				return err
			}
			break
		}
		size := int64(binary.BigEndian.Uint32(append(make([]byte, 4-u.width, 4), head[:u.width]...)))
		from := at + int64(u.width)
		if size > end-from {
			break
		}
		at = from + size
		is, long := u.messages(head[u.width:])
		if !is || size < int64(long)+3 {
			continue
		}
		if size <= mostMessage {
			text := make([]byte, size)
			if n, err := in.ReadAt(text, from); int64(n) < size {
				return err
			}
			if !tells(text[long:]) {
				continue
			}
		}
		if err := (span{"", done, from + int64(long) - done}).copy(in, out); err != nil {
			return err
		}
		if err := writeAll(out, nothing(int(size)-long)); err != nil {
			return err
		}
		done = at
	}
	return (span{"", done, end - done}).copy(in, out)
}

// tells reports whether one of a unit's messages is free text, or whether they cannot be read to their end.
func tells(text []byte) bool {
	text = bytes.ReplaceAll(text, []byte{0, 0, 3}, []byte{0, 0}) // a 3 is put in where the bytes would look like the beginning of a unit
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

// nothing is the messages of a unit that say nothing: so many bytes, with the bit that ends them.
func nothing(length int) []byte {
	out := bytes.Repeat([]byte{255}, length)
	out[length-1] = 0x80
	at := 0
	for {
		out[at] = filler
		room := length - at - 2 // for the length of what follows, and for that
		size := room - 1 - (room-1)/256
		if size+size/255+1 == room {
			out[at+1+size/255] = byte(size % 255)
			return out
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
