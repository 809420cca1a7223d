package media

import (
	"encoding/binary"
	"io"
	"slices"
)

// readTrack reads one track of at most so many chunks, or gives nil for one of neither sound nor picture.
func readTrack(in io.ReaderAt, size int64, trak box, most int) (*track, error) {
	top, err := trak.inside(in)
	if err != nil {
		return nil, err
	}
	media, err := path(in, trak, "mdia")
	if err != nil {
		return nil, err
	}
	head, handler, clock, info := find(top, "tkhd"), find(media, "hdlr"), find(media, "mdhd"), find(media, "minf")
	if head == nil || handler == nil || clock == nil || info == nil {
		return nil, Damaged
	}
	kind, err := handler.text(in)
	if err != nil {
		return nil, err
	}
	if len(kind) < 12 {
		return nil, Damaged
	}
	name := string(kind[8:12])
	if name != "vide" && name != "soun" {
		return nil, nil
	}
	t := &track{sound: name == "soun"}
	headText, err := timeless(in, *head)
	if err != nil {
		return nil, err
	}
	if n := len(headText); !t.sound && n >= 8 {
		t.width, t.height = int(be32(headText[n-8:])>>16), int(be32(headText[n-4:])>>16)
	}
	clockText, err := timeless(in, *clock)
	if err != nil {
		return nil, err
	}
	edits, err := copied(in, top, "edts")
	if err != nil {
		return nil, err
	}
	infoText, err := t.info(in, size, *info, most)
	if err != nil {
		return nil, err
	}
	// The handler's name is free text of whoever wrote the file: it goes. Pre-defined, type, three reserved, an empty name.
	kindText := slices.Concat(make([]byte, 8), []byte(name), make([]byte, 13))
	before := slices.Concat(made("tkhd", headText), edits)
	mediaBefore := slices.Concat(made("mdhd", clockText), made("hdlr", kindText))
	t.header = made("trak", before, made("mdia", mediaBefore, infoText))
	t.places += 8 + len(before) + 8 + len(mediaBefore)
	return t, nil
}

// tables are the boxes of a track that say how long, how large and where its samples are, and which can be jumped to.
var tables = []string{"stts", "ctts", "stss", "stsc", "stsz", "sdtp", "cslg"}

// info writes the track's minf with its table of samples, and reads where they lie. The places are left for later.
func (t *track) info(in io.ReaderAt, size int64, info box, most int) ([]byte, error) {
	within, err := info.inside(in)
	if err != nil {
		return nil, err
	}
	head, err := copied(in, within, "vmhd", "smhd")
	if err != nil {
		return nil, err
	}
	// All is in this file (flag 1): no address of another one.
	data := made("dinf", made("dref", []byte{0, 0, 0, 0, 0, 0, 0, 1}, made("url ", []byte{0, 0, 0, 1})))
	samples, err := path(in, info, "stbl")
	if err != nil {
		return nil, err
	}
	about, err := t.describe(in, samples)
	if err != nil {
		return nil, err
	}
	kept, err := copied(in, samples, tables...)
	if err != nil {
		return nil, err
	}
	if t.chunks, t.sizes, err = chunksOf(in, size, samples, most); err != nil {
		return nil, err
	}
	table := made("stco", make([]byte, 4), binary.BigEndian.AppendUint32(nil, uint32(len(t.chunks))), make([]byte, 4*len(t.chunks)))
	before := slices.Concat(head, data)
	t.places = 8 + len(before) + 8 + len(about) + len(kept) + 8 + 8
	return made("minf", before, made("stbl", about, kept, table)), nil
}

// codecs are the ways of sound and picture that browsers know, by the name of their sample entry, with the boxes inside it that
// a player needs.
var codecs = map[bool][]string{
	false: {"avc1", "avc3", "hvc1", "hev1", "av01", "vp08", "vp09", "mp4v"},
	true:  {"mp4a", "Opus", "fLaC", "alac", "ac-3", "ec-3", ".mp3"},
}

var codecParts = []string{"avcC", "hvcC", "av1C", "vpcC", "esds", "dOps", "dfLa", "alac", "dac3", "dec3", "pasp", "colr", "btrt", "chan", "frma", "mp4a"}

// describe writes the track's stsd: each sample entry with its fixed fields, and only the parts that a player needs.
func (t *track) describe(in io.ReaderAt, samples []box) ([]byte, error) {
	about := find(samples, "stsd")
	if about == nil || about.length < 8 {
		return nil, Damaged
	}
	entries, err := boxes(in, about.at+8, about.at+about.length)
	if err != nil || len(entries) == 0 || len(entries) > 64 {
		return nil, Damaged
	}
	text := binary.BigEndian.AppendUint32(make([]byte, 4), uint32(len(entries)))
	for i, entry := range entries {
		if !slices.Contains(codecs[t.sound], entry.name) {
			return nil, Unusual
		}
		one, cut, err := t.entry(in, entry)
		if err != nil {
			return nil, err
		}
		if i > 0 && cut != t.units { // which sample is cut how is not looked up
			return nil, Unusual
		}
		t.units = cut
		text = append(text, one...)
	}
	return made("stsd", text), nil
}

// entry writes one sample entry (ISO/IEC 14496-12, 12.1.3 and 12.2.3; QuickTime's sound has two longer forms), and tells how its samples are cut.
func (t *track) entry(in io.ReaderAt, entry box) ([]byte, units, error) {
	fixed := int64(78)
	if t.sound {
		fixed = 28
	}
	var form [2]byte
	if _, err := in.ReadAt(form[:], entry.at+8); err != nil {
		return nil, units{}, Damaged
	}
	if version := binary.BigEndian.Uint16(form[:]); t.sound && version > 0 {
		fixed += map[uint16]int64{1: 16, 2: 36}[version]
	}
	if entry.length < fixed {
		return nil, units{}, Damaged
	}
	head := make([]byte, fixed)
	if _, err := in.ReadAt(head, entry.at); err != nil {
		return nil, units{}, Damaged
	}
	binary.BigEndian.PutUint16(head[6:], 1) // the one data reference
	clear(head[12:16])                      // who made the program or the telephone
	if !t.sound {
		clear(head[42:74]) // the name of the program that compressed it
	}
	parts, err := boxes(in, entry.at+fixed, entry.at+entry.length)
	if err != nil {
		return nil, units{}, Unusual
	}
	kept, err := copied(in, parts, codecParts...)
	if err != nil {
		return nil, units{}, err
	}
	cut, err := unitsOf(in, entry.name, parts)
	if err != nil {
		return nil, units{}, err
	}
	if wave := find(parts, "wave"); wave != nil && t.sound {
		within, err := wave.inside(in)
		if err != nil {
			return nil, units{}, Unusual
		}
		inner, err := copied(in, within, codecParts...)
		if err != nil {
			return nil, units{}, err
		}
		kept = append(kept, made("wave", inner, []byte{0, 0, 0, 8, 0, 0, 0, 0})...) // it ends with an empty box
	}
	return made(entry.name, head, kept), cut, nil
}
