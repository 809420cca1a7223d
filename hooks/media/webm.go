package media

import (
	"bytes"
	"encoding/binary"
	"io"
	"slices"
)

// WebM (RFC 9559 for Matroska, and what of it WebM allows): every element that playing does not need becomes an empty one of the
// same length, so that the table for jumping keeps its places: titles, dates, programs, tags, chapters, attached files.

// The elements that are looked at.
const (
	idHeader, idDocType     = 0x1a45dfa3, 0x4282
	idSegment, idCluster    = 0x18538067, 0x1f43b675
	idTracks, idEntry       = 0x1654ae6b, 0xae
	idTrackNumber, idType   = 0xd7, 0x83
	idCodec, idPrivate      = 0x86, 0x63a2
	idVideo, idSound        = 0xe0, 0xe1
	idWidth, idHeight       = 0xb0, 0xba
	idBlock, idSimpleBlock  = 0xa1, 0xa3
	idMuxer, idWriter       = 0x4d80, 0x5741
	idSeekHead, idSeek      = 0x114d9b74, 0x4dbb
	idInfo, idGroup         = 0x1549a966, 0xa0
	idCues, idCue, idPlaces = 0x1c53bb6b, 0xbb, 0xb7
)

// keeps says which elements may stand in which: a number for a leaf of at most so many bytes, or within for one with elements
// of its own. What is not here is emptied.
var keeps = map[uint32]map[uint32]int64{
	idHeader:   {0x4286: 8, 0x42f7: 8, 0x42f2: 8, 0x42f3: 8, idDocType: 16, 0x4287: 8, 0x4285: 8},
	idSegment:  {idSeekHead: within, idInfo: within, idTracks: within, idCluster: within, idCues: within},
	idSeekHead: {idSeek: within},
	idSeek:     {0x53ab: 8, 0x53ac: 8},
	idInfo:     {0x2ad7b1: 8, 0x4489: 8, idMuxer: 1 << 16, idWriter: 1 << 16},
	idTracks:   {idEntry: within},
	idEntry: {idTrackNumber: 8, 0x73c5: 8, idType: 8, 0xb9: 8, 0x88: 8, 0x55aa: 8, 0x9c: 8, 0x6de7: 8, 0x6df8: 8, 0x23e383: 8, 0x22b59c: 16,
		0x22b59d: 32, idCodec: 32, idPrivate: 1 << 20, 0x56aa: 8, 0x56bb: 8, 0xaa: 8, idVideo: within, idSound: within},
	idVideo: {idWidth: 8, idHeight: 8, 0x54b0: 8, 0x54ba: 8, 0x54b2: 8, 0x9a: 8, 0x9d: 8, 0x53b8: 8, 0x54aa: 8, 0x54bb: 8, 0x54cc: 8, 0x54dd: 8,
		0x54b3: 8, 0x2383e3: 8, 0x55b0: within},
	0x55b0:    {0x55b1: 8, 0x55b2: 8, 0x55b3: 8, 0x55b4: 8, 0x55b5: 8, 0x55b6: 8, 0x55b7: 8, 0x55b8: 8, 0x55b9: 8, 0x55ba: 8, 0x55bb: 8, 0x55bc: 8, 0x55bd: 8},
	idSound:   {0xb5: 8, 0x78b5: 8, 0x9f: 8, 0x6264: 8},
	idCluster: {0xe7: 8, 0xa7: 8, 0xab: 8, idSimpleBlock: 1 << 30, idGroup: within},
	idGroup:   {idBlock: 1 << 30, 0x9b: 8, 0xfb: 8, 0xfa: 8, 0x75a2: 8},
	idCues:    {idCue: within},
	idCue:     {0xb3: 8, idPlaces: within},
	idPlaces:  {0xf7: 8, 0xf1: 8, 0xf0: 8, 0xb2: 8, 0x5378: 8},
}

const (
	within = -1
	// mostPatches bounds how much a file may have that goes.
	mostPatches = 200_000
)

// above are the elements that end a cluster whose size is not told.
var above = []uint32{idSeekHead, idInfo, idTracks, idCluster, idCues, 0x1254c367, 0x1043a770, 0x1941a469}

// mostBefore is how far into a file the name of its kind may stand; writers put it at the 24th byte or the 31st.
const mostBefore = 64

func isWebM(head []byte) bool {
	return bytes.HasPrefix(head, []byte{0x1a, 0x45, 0xdf, 0xa3}) && bytes.Contains(head[:min(len(head), mostBefore)], []byte(docType))
}

// docType is what a header says of a file that is WebM (RFC 8794, 11.2.7).
const docType = "webm"

// webmCodecs are the ways of sound and picture that WebM allows.
var webmCodecs = []string{"V_VP8", "V_VP9", "V_AV1", "A_OPUS", "A_VORBIS"}

// walker goes through a file and notes what must go.
type walker struct {
	in      io.ReaderAt
	patches []patch
	named   bool // its header says where everybody looks that it is WebM
	tracks  []int64
	cleaned Cleaned
	media   int64 // bytes of sound and picture
}

func cleanWebM(in File, size int64, out, _ io.Writer) (Cleaned, error) {
	w := &walker{in: in, cleaned: Cleaned{Kind: Audio, Type: "audio/webm", Ending: ".webm"}}
	header, err := readElement(in, 0, size)
	if err != nil || header.id != idHeader || header.open {
		return Cleaned{}, Damaged
	}
	if _, err := w.walk(header); err != nil {
		return Cleaned{}, err
	}
	if !w.named {
		return Cleaned{}, KindRefused
	}
	segment, err := readElement(in, header.end, size)
	if err != nil || segment.id != idSegment {
		return Cleaned{}, Damaged
	}
	end, err := w.walk(segment)
	if err != nil {
		return Cleaned{}, err
	}
	if len(w.tracks) == 0 || w.media == 0 {
		return Cleaned{}, Damaged
	}
	return w.cleaned, copyPatched(in, end, w.patches, out)
}

// walk goes through the elements inside one, and returns where it ended.
func (w *walker) walk(parent element) (int64, error) {
	allowed := keeps[parent.id]
	at := parent.at
	for at < parent.end {
		e, err := readElement(w.in, at, parent.end)
		if err != nil {
			return 0, err
		}
		if parent.open && parent.id == idCluster && slices.Contains(above, e.id) {
			return at, nil
		}
		most, known := allowed[e.id]
		switch {
		case e.open && e.id != idCluster:
			return 0, Unusual
		case known && most == within:
			if at, err = w.walk(e); err != nil {
				return 0, err
			}
			continue
		case known && e.end-e.at <= most:
			err = w.leaf(e)
		default:
			err = w.add(voided(e))
		}
		if err != nil {
			return 0, err
		}
		at = e.end
	}
	return at, nil
}

func (w *walker) add(p patch) error {
	if len(w.patches) >= mostPatches {
		return Unusual
	}
	w.patches = append(w.patches, p)
	return nil
}

// leaf looks at an element that stays.
func (w *walker) leaf(e element) error {
	switch e.id {
	case idSimpleBlock, idBlock:
		return w.block(e)
	case idMuxer, idWriter:
		return w.add(blanked(e))
	case idDocType, idTrackNumber, idType, idCodec, idPrivate, idWidth, idHeight:
	default:
		return nil
	}
	text, err := e.content(w.in, 1<<20)
	if err != nil {
		return err
	}
	n := number(text)
	switch e.id {
	case idDocType:
		if string(bytes.TrimRight(text, "\x00")) != docType {
			return KindRefused
		}
		w.named = w.named || e.at+int64(len(docType)) <= mostBefore
	case idTrackNumber:
		w.tracks = append(w.tracks, n)
	case idType:
		if n != 1 && n != 2 { // words, buttons, data: nothing that is seen or heard
			return Unusual
		}
		if n == 1 {
			w.cleaned.Kind, w.cleaned.Type = Video, "video/webm"
		}
	case idCodec:
		if !slices.Contains(webmCodecs, string(bytes.TrimRight(text, "\x00"))) {
			return Unusual
		}
	case idPrivate:
		return w.private(e, text)
	case idWidth:
		w.cleaned.Width = int(min(n, 1<<15))
	case idHeight:
		w.cleaned.Height = int(min(n, 1<<15))
	}
	return nil
}

// block checks that a run of samples belongs to a track that is there.
func (w *walker) block(e element) error {
	var head [8]byte
	n, err := w.in.ReadAt(head[:min(int64(len(head)), e.end-e.at)], e.at)
	if err != nil && err != io.EOF {
		return err
	}
	track, _, ok := vint(head[:n])
	if !ok || !slices.Contains(w.tracks, track) {
		return Damaged
	}
	w.media += e.end - e.at
	return nil
}

// private empties the comments in what a Vorbis decoder begins with: three packets, of which the second holds them (RFC 9559,
// A_VORBIS; Vorbis I, 5.2). They keep their lengths. What begins otherwise has no comments.
func (w *walker) private(e element, text []byte) error {
	if len(text) < 3 || text[0] != 2 || !bytes.Contains(text[:min(len(text), 600)], []byte("\x01vorbis")) {
		return nil
	}
	at := bytes.Index(text, []byte("\x03vorbis"))
	if at < 0 {
		return Damaged
	}
	at += 7
	empty := func() bool { // the text whose length stands here
		if at+4 > len(text) {
			return false
		}
		length := int64(binary.LittleEndian.Uint32(text[at:]))
		at += 4
		if length > int64(len(text)-at) || length > 0 && w.add(patch{at: e.at + int64(at), length: length}) != nil {
			return false
		}
		at += int(length)
		return true
	}
	if !empty() || at+4 > len(text) {
		return Damaged
	}
	count := binary.LittleEndian.Uint32(text[at:])
	at += 4
	for range count {
		if !empty() {
			return Damaged
		}
	}
	return nil
}
