package media

import (
	"bytes"
	"encoding/binary"
	"io"
	"slices"
)

// MP4 and QuickTime are written anew: the header from the boxes that playing needs, with every date set to none, and the
// samples of sound and picture one after the other. What is in no sample of a track that is kept does not come along, wherever
// in the file it hides: places and names in udta and meta, tracks with the way that a camera went, pictures of the cover.
// Samples are copied as they are, but for one thing: in those of H.264 and H.265 the messages of free text are emptied. What other
// messages say, or samples of MPEG-4, AV1, VP8, VP9 and of sound beside what one sees and hears, stays.
// The header comes first, so that playing begins before all is there.

// maxTracks bounds how many tracks are looked at; a telephone's video has up to seven.
const maxTracks = 32

// mostOfTracks bounds the headers of all tracks together, in bytes: ten hours of video take a tenth of it.
const mostOfTracks = 48 << 20

func isMP4(head []byte) bool {
	if len(head) < 12 || isHEIC(head) {
		return false
	}
	switch string(head[4:8]) {
	case "ftyp", "moov", "wide", "mdat":
		return true
	}
	return false
}

// track is one that is kept: its boxes, and where its samples lie.
type track struct {
	sound         bool
	width, height int
	header        []byte // the whole trak box, with zeros for where the samples are
	places        int    // where in header the places begin
	chunks        []chunk
	units         units   // of its samples
	sizes         lengths // of its samples
}

// chunk is a run of samples of one track.
type chunk struct {
	at, length int64
	to         int64 // where it lies in what is written
	track      *track
	// The samples that it holds, counted from zero: the first, and how many. There are at most mostSamples.
	first, samples int32
}

func cleanMP4(in File, size int64, out, _ io.Writer) (Cleaned, error) {
	top, err := boxes(in, 0, size)
	if err != nil {
		return Cleaned{}, err
	}
	movie := find(top, "moov")
	if find(top, "moof") != nil { // a stream in fragments
		return Cleaned{}, Unusual
	}
	if movie == nil {
		return Cleaned{}, Damaged
	}
	within, err := movie.inside(in)
	if err != nil {
		return Cleaned{}, err
	}
	clock := find(within, "mvhd")
	if clock == nil || find(within, "mvex") != nil || find(within, "cmov") != nil {
		return Cleaned{}, Unusual
	}
	clockText, err := timeless(in, *clock)
	if err != nil {
		return Cleaned{}, err
	}
	tracks, err := readTracks(in, size, within)
	if err != nil {
		return Cleaned{}, err
	}
	return writeMP4(in, size, out, made("mvhd", clockText), tracks)
}

// readTracks reads the tracks of sound and picture, and leaves out the others.
func readTracks(in io.ReaderAt, size int64, within []box) ([]*track, error) {
	var tracks []*track
	var headers int64
	left := mostChunks
	for i, b := range within {
		if b.name != "trak" {
			continue
		}
		headers += b.length
		if i > mostBoxes || len(tracks) >= maxTracks || headers > mostOfTracks {
			return nil, Unusual
		}
		one, err := readTrack(in, size, b, left)
		if err != nil {
			return nil, err
		}
		if one != nil {
			left -= len(one.chunks)
			tracks = append(tracks, one)
		}
	}
	if len(tracks) == 0 {
		return nil, Damaged
	}
	return tracks, nil
}

// writeMP4 puts the file together: what it is, the header, then the samples in the order in which they lay.
func writeMP4(in io.ReaderAt, size int64, out io.Writer, clock []byte, tracks []*track) (Cleaned, error) {
	var order []*chunk
	cleaned := Cleaned{Kind: Audio, Type: "audio/mp4", Ending: ".m4a"}
	header, total := int64(8+len(clock)), int64(0)
	for _, t := range tracks {
		header += int64(len(t.header))
		if !t.sound {
			cleaned = Cleaned{Kind: Video, Type: "video/mp4", Ending: ".mp4", Width: max(cleaned.Width, t.width), Height: max(cleaned.Height, t.height)}
		}
		for i := range t.chunks {
			t.chunks[i].track = t
			order = append(order, &t.chunks[i])
			total += t.chunks[i].length
		}
	}
	// Samples that several entries name would be written as often: a few bytes could ask for any number.
	if total > size {
		return Cleaned{}, Damaged
	}
	slices.SortStableFunc(order, func(a, b *chunk) int { return int(min(max(a.at-b.at, -1), 1)) })
	brand := made("ftyp", []byte("isom"), []byte{0, 0, 2, 0}, []byte("isomiso2mp41"))
	to := int64(len(brand)) + header + 8
	if to+total > 1<<32-1 {
		return Cleaned{}, Unusual
	}
	for _, c := range order {
		c.to = to
		to += c.length
	}
	parts := [][]byte{brand, binary.BigEndian.AppendUint32(nil, uint32(header)), []byte("moov"), clock}
	for _, t := range tracks {
		for i, c := range t.chunks {
			binary.BigEndian.PutUint32(t.header[t.places+4*i:], uint32(c.to))
		}
		parts = append(parts, t.header)
	}
	parts = append(parts, binary.BigEndian.AppendUint32(nil, uint32(total+8)), []byte("mdat"))
	if err := writeAll(out, parts...); err != nil {
		return Cleaned{}, err
	}
	samples := newCopier(in, out)
	for _, c := range order {
		if err := samples.chunk(c); err != nil {
			return Cleaned{}, err
		}
	}
	return cleaned, samples.flush()
}

// timeless gives the content of mvhd, tkhd or mdhd with no date of making and changing: their first two times.
func timeless(in io.ReaderAt, b box) ([]byte, error) {
	text, err := b.text(in)
	if err != nil {
		return nil, err
	}
	length := 8
	if len(text) > 0 && text[0] == 1 {
		length = 16
	}
	if len(text) < 4+length {
		return nil, Damaged
	}
	clear(text[4 : 4+length])
	return text, nil
}

// path goes down from a box by names, and gives the boxes inside the last one.
func path(in io.ReaderAt, from box, names ...string) ([]box, error) {
	within, err := from.inside(in)
	for _, name := range names {
		if err != nil {
			return nil, err
		}
		next := find(within, name)
		if next == nil {
			return nil, Damaged
		}
		within, err = next.inside(in)
	}
	return within, err
}

// mostColour is how long a colour box is that names its colours; a longer one brings a profile, which is a document of its own.
const mostColour = 19

// copied gives boxes whole, in their order, where their name is on the list.
func copied(in io.ReaderAt, within []box, names ...string) ([]byte, error) {
	var out bytes.Buffer
	for _, b := range within {
		if !slices.Contains(names, b.name) || b.name == "colr" && b.length > mostColour {
			continue
		}
		text, err := b.text(in)
		if err != nil {
			return nil, err
		}
		if b.name == "hvcC" {
			if text, err = withoutMessages(text); err != nil {
				return nil, err
			}
		}
		out.Write(made(b.name, text))
	}
	return out.Bytes(), nil
}
