package media

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
)

// Ogg (RFC 3533) with one stream of Opus (RFC 7845) or Vorbis. The header packet with the comments is replaced by an empty one;
// everything after the headers is copied page by page, numbered anew.

// mostHeaders bounds what the header packets may hold: comments can have a picture in them.
const mostHeaders = 16 << 20

const (
	continued = 1 // the page begins in the midst of a packet
	first     = 2
	last      = 4
)

func isOgg(head []byte) bool { return bytes.HasPrefix(head, []byte("OggS")) }

// page is one page of an Ogg stream.
type page struct {
	flags   byte
	granule [8]byte
	serial  [4]byte
	lacing  []byte
	body    []byte
}

func readPage(from io.Reader) (*page, error) {
	var head [27]byte
	_, err := io.ReadFull(from, head[:])
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil, Damaged
	case err != nil:
		return nil, err // io.EOF where there is no further page
	case string(head[:5]) != "OggS\x00":
		return nil, Damaged
	}
	p := &page{flags: head[5], granule: [8]byte(head[6:14]), serial: [4]byte(head[14:18]), lacing: make([]byte, head[26])}
	if _, err := io.ReadFull(from, p.lacing); err != nil {
		return nil, Damaged
	}
	length := 0
	for _, n := range p.lacing {
		length += int(n)
	}
	p.body = make([]byte, length)
	if _, err := io.ReadFull(from, p.body); err != nil {
		return nil, Damaged
	}
	return p, nil
}

// write writes the page under a number, with its sum.
func (p *page) write(out io.Writer, number uint32) error {
	text := make([]byte, 0, 27+len(p.lacing)+len(p.body))
	text = append(text, "OggS\x00"...)
	text = append(text, p.flags)
	text = append(text, p.granule[:]...)
	text = append(text, p.serial[:]...)
	text = binary.LittleEndian.AppendUint32(text, number)
	text = append(text, 0, 0, 0, 0, byte(len(p.lacing)))
	text = append(append(text, p.lacing...), p.body...)
	binary.LittleEndian.PutUint32(text[22:], oggSum(text))
	_, err := out.Write(text)
	return err
}

var oggTable = func() (table [256]uint32) {
	for i := range table {
		sum := uint32(i) << 24
		for range 8 {
			if sum&0x80000000 != 0 {
				sum = sum<<1 ^ 0x04c11db7
			} else {
				sum <<= 1
			}
		}
		table[i] = sum
	}
	return table
}()

// oggSum is the page's CRC (RFC 3533, section 6): its bits go the other way than those of hash/crc32.
func oggSum(text []byte) (sum uint32) {
	for _, b := range text {
		sum = sum<<8 ^ oggTable[byte(sum>>24)^b]
	}
	return sum
}

func cleanOgg(in File, size int64, out, _ io.Writer) (Cleaned, error) {
	from := bufio.NewReaderSize(io.NewSectionReader(in, 0, size), 64<<10)
	headers, serial, err := oggHeaders(from)
	if err != nil {
		return Cleaned{}, err
	}
	number, err := writeHeaders(out, headers, serial)
	if err != nil {
		return Cleaned{}, err
	}
	sounds := false
	for ended := false; ; number++ {
		p, err := readPage(from)
		if errors.Is(err, io.EOF) || errors.Is(err, Damaged) && sounds { // a recording that was cut off
			break
		}
		if err != nil {
			return Cleaned{}, err
		}
		if p.serial != serial || p.flags&first != 0 || ended {
			return Cleaned{}, Unusual // another stream beside this one, or behind it
		}
		ended, sounds = p.flags&last != 0, true
		if err := p.write(out, number); err != nil {
			return Cleaned{}, err
		}
	}
	if !sounds {
		return Cleaned{}, Damaged
	}
	return Cleaned{Kind: Audio, Type: "audio/ogg", Ending: ".ogg"}, nil
}

// oggHeaders reads the header packets: two of Opus, three of Vorbis. Sound begins on a page of its own after them.
func oggHeaders(from io.Reader) (packets [][]byte, serial [4]byte, err error) {
	var open []byte
	total, wanted := 0, 0
	for number := 0; wanted == 0 || len(packets) < wanted; number++ {
		p, err := readPage(from)
		if err != nil {
			return nil, serial, Damaged
		}
		if number == 0 {
			serial = p.serial
		}
		if total += len(p.body); p.serial != serial || number > 0 && p.flags&first != 0 {
			return nil, serial, Unusual
		}
		if total > mostHeaders {
			return nil, serial, Unusual
		}
		body := p.body
		for i, n := range p.lacing {
			open = append(open, body[:n]...)
			body = body[n:]
			if n == 255 && i < len(p.lacing) {
				continue
			}
			packets, open = append(packets, open), nil
		}
		if wanted == 0 {
			if wanted = headerPackets(packets); wanted == 0 {
				return nil, serial, Unusual
			}
		}
	}
	if len(packets) != wanted || open != nil {
		return nil, serial, Unusual
	}
	return packets, serial, nil
}

// headerPackets tells by the first packet how many headers there are, 0 for a stream of another kind.
func headerPackets(packets [][]byte) int {
	switch {
	case len(packets) == 0:
		return 0
	case bytes.HasPrefix(packets[0], []byte("OpusHead")):
		return 2
	case bytes.HasPrefix(packets[0], []byte("\x01vorbis")):
		return 3
	}
	return 0
}

// writeHeaders writes the headers with an empty comment, and returns the number of the next page.
func writeHeaders(out io.Writer, packets [][]byte, serial [4]byte) (uint32, error) {
	empty := make([]byte, 8) // no vendor, no comments
	if len(packets) == 2 {
		if !bytes.HasPrefix(packets[1], []byte("OpusTags")) {
			return 0, Damaged
		}
		packets[1] = append([]byte("OpusTags"), empty...)
	} else {
		if !bytes.HasPrefix(packets[1], []byte("\x03vorbis")) || !bytes.HasPrefix(packets[2], []byte("\x05vorbis")) {
			return 0, Damaged
		}
		packets[1] = append(append([]byte("\x03vorbis"), empty...), 1) // the framing bit
	}
	var number uint32
	for i, packet := range packets {
		flags := byte(0)
		if i == 0 {
			flags = first
		}
		for {
			p := &page{flags: flags, serial: serial}
			for len(p.lacing) < 255 {
				n := min(len(packet), 255)
				p.lacing = append(p.lacing, byte(n))
				p.body = append(p.body, packet[:n]...)
				packet = packet[n:]
				if n < 255 {
					break
				}
			}
			if err := p.write(out, number); err != nil {
				return 0, err
			}
			number++
			if p.lacing[len(p.lacing)-1] < 255 {
				break
			}
			flags = continued
		}
	}
	return number, nil
}
