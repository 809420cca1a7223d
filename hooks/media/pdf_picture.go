package media

import (
	"bytes"
	"slices"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// A document's photographs are JPEGs as a camera wrote them (ISO 32000-1, 7.4.8), with their own notes of places, dates and devices.

// jpegFilter is how a document names a JPEG, and jpegShort how some readers let it be named.
const jpegFilter, jpegShort = "DCTDecode", "DCT"

// emptyPicture gives a stream without what a JPEG in it says beside its dots. One that is packed once more is unpacked. Any other
// stream stays as it is.
func emptyPicture(stream types.StreamDict) (types.StreamDict, error) {
	at := slices.IndexFunc(stream.FilterPipeline, func(f types.PDFFilter) bool { return f.Name == jpegFilter || f.Name == jpegShort })
	if at < 0 {
		return stream, nil
	}
	if at != len(stream.FilterPipeline)-1 { // what comes out of a JPEG is dots
		return stream, Unusual
	}
	jpeg := stream.Raw
	if at > 0 {
		packed := types.StreamDict{Dict: stream.Dict, FilterPipeline: stream.FilterPipeline[:at], Raw: stream.Raw}
		if packed.DecodeWithLimit(mostDecoded) != nil {
			return stream, Damaged
		}
		jpeg = packed.Content
	}
	jpeg, ok := bareJPEG(jpeg)
	if !ok {
		return stream, Unusual
	}
	filter, long := stream.FilterPipeline[at], int64(len(jpeg))
	stream.Raw, stream.Content, stream.FilterPipeline = jpeg, nil, []types.PDFFilter{filter}
	stream.StreamLength, stream.StreamLengthObjNr = &long, nil
	stream.Dict["Length"], stream.Dict["Filter"] = types.Integer(long), types.Name(jpegFilter)
	if stream.Dict.Delete("DecodeParms"); filter.DecodeParms != nil {
		stream.Dict["DecodeParms"] = filter.DecodeParms
	}
	return stream, nil
}

// bareJPEG gives a JPEG without its notes, comments, profiles, small pictures, and what stands behind its end: of what programs add
// to it only that stays which says how its colours are meant (JFIF's and Adobe's segment). Not ok: it is none.
func bareJPEG(text []byte) (bare []byte, ok bool) {
	start := bytes.Index(text, []byte(beginningOfPicture))
	if start < 0 {
		return nil, false
	}
	text = text[start:]
	out := make([]byte, 0, len(text))
	out = append(out, beginningOfPicture...)
	dots := -1 // where those of the last scan begin
	err := segments(bytes.NewReader(text), func(marker byte, at, length int64) bool {
		head := at - 4 // the marker and the length stand before it
		if marker == endOfPicture {
			head = at - 2
		}
		if dots >= 0 {
			out = append(out, text[dots:head]...)
			dots = -1
		}
		switch {
		case marker == endOfPicture:
			out = append(out, 0xff, endOfPicture)
			return true
		case at+length > int64(len(text)):
			return false
		}
		content := text[at : at+length]
		switch {
		case marker == app0 && bytes.HasPrefix(content, []byte("JFIF\x00")) && length >= 14:
			content = slices.Concat(content[:12], []byte{0, 0}) // without its small picture
		case marker == app14 && bytes.HasPrefix(content, []byte("Adobe")) && length >= 12:
			content = content[:12]
		case marker >= app0 && marker <= lastApp, marker == said:
			return true
		}
		out = append(out, 0xff, marker, byte((len(content)+2)>>8), byte(len(content)+2))
		out = append(out, content...)
		if marker == startOfScan {
			dots = int(at + length)
		}
		return true
	})
	if err != nil && dots >= 0 { // it ends in the midst of its dots, which readers take as it is
		out = append(out, text[dots:]...)
	}
	return out, true
}
