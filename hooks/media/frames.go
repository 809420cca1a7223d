package media

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// Sound in frames: MPEG audio (ISO/IEC 11172-3 and 13818-3: MP3) and AAC in ADTS (ISO/IEC 13818-7). Only whole frames are
// copied, so that ID3, APE, Lyrics3 and whatever else stands before, between and after them stays behind.

const (
	// fewestFrames must be found for a file to be sound: text may look like one frame by chance.
	fewestFrames = 3
	// mostBetween is how many bytes that are no frame may stand between two: more is no file of frames.
	mostBetween = 1 << 16
	// mostTag is what may stand in front: a tag with pictures.
	mostTag = 32 << 20
)

func isFrames(head []byte) bool {
	if bytes.HasPrefix(head, []byte("ID3")) {
		return true
	}
	length, _ := frame(head)
	if length == 0 || length > len(head)-4 {
		return false
	}
	next, _ := frame(head[length:])
	return next > 0
}

// frame gives the length of the frame that begins here and the type of file it belongs to, or 0 if none does.
func frame(head []byte) (length int, kind string) {
	if len(head) < 7 || head[0] != 0xff {
		return 0, ""
	}
	if head[1]&0xf6 == 0xf0 {
		return adts(head), "aac"
	}
	return mpeg(head), "mpeg"
}

// bitrates in kbit/s by version (MPEG-1, then 2 and 2.5) and layer (I, II, III).
var bitrates = [2][3][15]int{
	{
		{0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448},
		{0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},
		{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},
	},
	{
		{0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256},
		{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
		{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
	},
}

var rates = [3]int{44100, 48000, 32000}

// mpeg gives the length of an MPEG audio frame from its header.
func mpeg(head []byte) int {
	version, layer := head[1]>>3&3, head[1]>>1&3
	rate, padding := int(head[2]>>2&3), int(head[2]>>1&1)
	bits := int(head[2] >> 4)
	if head[1]&0xe0 != 0xe0 || version == 1 || layer == 0 || rate == 3 || bits == 0 || bits == 15 {
		return 0
	}
	row, hertz := 0, rates[rate]
	if version != 3 {
		row = 1
		hertz /= 2
	}
	if version == 0 {
		hertz /= 2
	}
	rateOf := bitrates[row][3-layer][bits] * 1000
	switch {
	case layer == 3: // Layer I counts in words of four bytes
		return (12*rateOf/hertz + padding) * 4
	case layer == 1 && row == 1:
		return 72*rateOf/hertz + padding
	}
	return 144*rateOf/hertz + padding
}

// adts gives the length of an AAC frame from its header.
func adts(head []byte) int {
	length := int(head[3]&3)<<11 | int(head[4])<<3 | int(head[5])>>5
	if head[2]>>2&15 > 12 || length < 8 {
		return 0
	}
	return length
}

// cleanFrames copies the frames of a file, all of one kind.
func cleanFrames(in File, size int64, out, _ io.Writer) (Cleaned, error) {
	from := bufio.NewReaderSize(io.NewSectionReader(in, 0, size), 64<<10)
	skipTag(from)
	var kind string
	frames, between := 0, 0
	for {
		head, err := from.Peek(7)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Cleaned{}, err
		}
		length, is := frame(head)
		if length == 0 || kind != "" && is != kind || !follows(from, length, is) {
			if between++; between > mostBetween && !trailing(from, frames) {
				return Cleaned{}, Damaged
			}
			_, _ = from.Discard(1) // it was peeked at
			continue
		}
		kind, between = is, 0
		whole, err := from.Peek(length)
		if err != nil {
			break // the last frame is not whole
		}
		if err := writeAll(out, whole); err != nil {
			return Cleaned{}, err
		}
		_, _ = from.Discard(length)
		frames++
	}
	if frames < fewestFrames {
		return Cleaned{}, Damaged
	}
	if kind == "aac" {
		return Cleaned{Kind: Audio, Type: "audio/aac", Ending: ".aac"}, nil
	}
	return Cleaned{Kind: Audio, Type: "audio/mpeg", Ending: ".mp3"}, nil
}

// skipTag goes past ID3v2 tags at the start (id3.org, ID3v2.4.0 3.1): their length has seven bits a byte.
func skipTag(from *bufio.Reader) {
	for {
		head, err := from.Peek(10)
		if err != nil || string(head[:3]) != "ID3" {
			return
		}
		length := 10 + (int(head[6]&127)<<21 | int(head[7]&127)<<14 | int(head[8]&127)<<7 | int(head[9]&127))
		if length > mostTag {
			return
		}
		_, _ = from.Discard(length) // what ends sooner is found to have no frame
	}
}

// follows reports whether another frame of the kind stands behind this one, or the file or a tag: bytes that happen to look
// like a header have neither.
func follows(from *bufio.Reader, length int, kind string) bool {
	ahead, err := from.Peek(length + 7)
	if err != nil {
		return len(ahead) >= length
	}
	next, is := frame(ahead[length:])
	if next > 0 && is == kind {
		return true
	}
	rest := ahead[length:]
	return bytes.HasPrefix(rest, []byte("TAG")) || bytes.HasPrefix(rest, []byte("APETAG")) || bytes.HasPrefix(rest, []byte("ID3")) ||
		bytes.HasPrefix(rest, []byte("LYRICS"))
}

// trailing reports whether enough frames came before what is none: then it is something at the end, and is left out.
func trailing(from *bufio.Reader, frames int) bool {
	if frames < fewestFrames {
		return false
	}
	_, _ = io.Copy(io.Discard, from)
	return true
}
