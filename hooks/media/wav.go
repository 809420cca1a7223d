package media

import (
	"encoding/binary"
	"io"
)

func isWAV(head []byte) bool {
	return len(head) >= 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WAVE"
}

// cleanWAV keeps a WAVE file's format and sound, and leaves out every other chunk (Multimedia Programming Interface 1.0,
// "RIFF WAVE"): LIST with who, where and when, bext, iXML, id3, cue points and what programs add.
func cleanWAV(in File, size int64, out, _ io.Writer) (Cleaned, error) {
	var chunks []span
	var total int64
	var format bool
	for at := int64(12); at+8 <= size; {
		var head [8]byte
		if _, err := in.ReadAt(head[:], at); err != nil {
			return Cleaned{}, err
		}
		length := min(int64(binary.LittleEndian.Uint32(head[4:])), size-at-8) // recorders that were cut off say too much
		name := string(head[:4])
		switch {
		case name == "fmt " && !format && length >= 16 && length <= 64:
			format = true
			chunks = append(chunks, span{name, at + 8, length})
		case name == "data" && format:
			chunks = append(chunks, span{name, at + 8, length})
		}
		at += 8 + length + length%2
	}
	if len(chunks) != 2 {
		return Cleaned{}, Damaged
	}
	for _, chunk := range chunks {
		total += 8 + chunk.length + chunk.length%2
	}
	if err := writeAll(out, []byte("RIFF"), le32(total+4), []byte("WAVE")); err != nil {
		return Cleaned{}, err
	}
	for _, chunk := range chunks {
		if err := writeAll(out, []byte(chunk.name), le32(chunk.length)); err != nil {
			return Cleaned{}, err
		}
		if err := chunk.copy(in, out); err != nil {
			return Cleaned{}, err
		}
		if chunk.length%2 == 1 {
			if err := writeAll(out, []byte{0}); err != nil {
				return Cleaned{}, err
			}
		}
	}
	return Cleaned{Kind: Audio, Type: "audio/wav", Ending: ".wav"}, nil
}

// span is a part of a file.
type span struct {
	name       string
	at, length int64
}

func (s span) copy(in io.ReaderAt, out io.Writer) error {
	n, err := io.Copy(out, io.NewSectionReader(in, s.at, s.length))
	if err == nil && n != s.length {
		return Damaged
	}
	return err
}

func writeAll(out io.Writer, parts ...[]byte) error {
	for _, one := range parts {
		if _, err := out.Write(one); err != nil {
			return err
		}
	}
	return nil
}

func le32(n int64) []byte { return binary.LittleEndian.AppendUint32(nil, uint32(n)) }
