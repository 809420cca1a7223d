package media

import (
	"encoding/binary"
	"io"
)

// mostChunks bounds the chunks of all tracks together, mostSamples the samples of one: a day of video has fewer.
const (
	mostChunks  = 1_000_000
	mostSamples = 8_000_000
)

// chunksOf reads where a track's chunks lie (stco or co64) and works out how long each is, from how many samples it holds (stsc)
// and how large those are (stsz), which it gives too. A chunk outside of the file is Damaged, more of them than most are Unusual.
func chunksOf(in io.ReaderAt, size int64, samples []box, most int) ([]chunk, lengths, error) {
	places, err := readPlaces(in, samples, most)
	if err != nil {
		return nil, lengths{}, err
	}
	sizes, err := readSizes(in, samples)
	if err != nil {
		return nil, lengths{}, err
	}
	runs, err := readRuns(in, samples)
	if err != nil {
		return nil, lengths{}, err
	}
	chunks := make([]chunk, len(places))
	sample, run := 0, 0
	for i, at := range places {
		for run+1 < len(runs) && int(runs[run+1].first) <= i+1 {
			run++
		}
		var length int64
		first := sample
		if run < len(runs) && int(runs[run].first) <= i+1 {
			for range min(int(runs[run].samples), sizes.count-sample) {
				length += sizes.of(sample)
				sample++
			}
		}
		if at < 0 || length < 0 || at > size || length > size-at {
			return nil, lengths{}, Damaged
		}
		chunks[i] = chunk{at: at, length: length, first: int32(first), samples: int32(sample - first)}
	}
	return chunks, sizes, nil
}

func readPlaces(in io.ReaderAt, samples []box, most int) ([]int64, error) {
	width := 4
	b := find(samples, "stco")
	if b == nil {
		width = 8
		b = find(samples, "co64")
	}
	rows, count, err := table(in, b, 4, width)
	switch {
	case err != nil:
		return nil, Damaged
	case count > most:
		return nil, Unusual
	}
	places := make([]int64, count)
	for i := range places {
		if width == 4 {
			places[i] = int64(be32(rows[4*i:]))
		} else {
			places[i] = int64(binary.BigEndian.Uint64(rows[8*i:]))
		}
	}
	return places, nil
}

// run says that from chunk first on, counted from one, each holds so many samples.
type run struct{ first, samples uint32 }

func readRuns(in io.ReaderAt, samples []box) ([]run, error) {
	rows, count, err := table(in, find(samples, "stsc"), 4, 12)
	if err != nil {
		return nil, err
	}
	runs := make([]run, count)
	for i := range runs {
		runs[i] = run{be32(rows[12*i:]), be32(rows[12*i+4:])}
		if runs[i].first == 0 || i > 0 && runs[i].first <= runs[i-1].first {
			return nil, Damaged
		}
	}
	return runs, nil
}

// lengths are the sizes of samples: all alike, or each of its own.
type lengths struct {
	each  int64
	rows  []byte
	count int
}

func (l lengths) of(sample int) int64 {
	if l.each > 0 {
		return l.each
	}
	return int64(be32(l.rows[4*sample:]))
}

func readSizes(in io.ReaderAt, samples []box) (lengths, error) {
	b := find(samples, "stsz")
	if b == nil { // stz2, with sizes of a few bits, is written by hardly anyone
		return lengths{}, Unusual
	}
	text, err := b.text(in)
	if err != nil {
		return lengths{}, err
	}
	if len(text) < 12 {
		return lengths{}, Damaged
	}
	l := lengths{each: int64(be32(text[4:])), count: int(be32(text[8:]))}
	if l.count > mostSamples {
		return lengths{}, Unusual
	}
	if l.each == 0 {
		if l.rows = text[12:]; len(l.rows) < 4*l.count {
			return lengths{}, Damaged
		}
	}
	return l, nil
}

// table reads a box of rows of equal width: after the bytes of its version and flags comes their number.
func table(in io.ReaderAt, b *box, skip, width int) ([]byte, int, error) {
	if b == nil {
		return nil, 0, Damaged
	}
	text, err := b.text(in)
	if err != nil {
		return nil, 0, err
	}
	if len(text) < skip+4 {
		return nil, 0, Damaged
	}
	count := int64(be32(text[skip:]))
	rows := text[skip+4:]
	if count*int64(width) > int64(len(rows)) {
		return nil, 0, Damaged
	}
	return rows, int(count), nil
}
