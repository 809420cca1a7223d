package media

import (
	"encoding/binary"
	"image"
	"io"
)

// Cameras store a picture as their sensor saw it and note beside it how it was held: the tag Orientation of Exif 2.32 (CIPA
// DC-008, 4.6.4), 1 to 8. The note goes with the rest of the metadata, so the picture is turned as it said.

const (
	exifTag  = 0x0112
	mostExif = 1 << 16 // an APP1 segment holds no more
)

// orientation reads the note, 1 where there is none or it cannot be read: a picture that lies on its side harms nobody.
func orientation(in io.ReaderAt, size int64, format string) int {
	var exif []byte
	switch format {
	case "jpeg":
		exif = jpegExif(in, size)
	case "webp":
		exif = webpExif(in, size)
	case "png":
		exif = pngExif(in, size)
	}
	return tiffOrientation(exif)
}

// jpegExif returns the TIFF of a JPEG's Exif segment.
func jpegExif(in io.ReaderAt, size int64) (exif []byte) {
	_ = segments(io.NewSectionReader(in, 0, size), func(marker byte, at, length int64) bool {
		if marker == app1 {
			text := part(in, at, length)
			if len(text) > 6 && string(text[:6]) == "Exif\x00\x00" {
				exif = text[6:]
			}
		}
		return exif == nil && marker != startOfScan
	})
	return exif
}

// webpExif walks the chunks of a WebP (RFC 9649, 2.7.1.5).
func webpExif(in io.ReaderAt, size int64) []byte {
	var head [8]byte
	for at := int64(12); at+8 <= size; {
		if _, err := in.ReadAt(head[:], at); err != nil {
			return nil
		}
		length := int64(binary.LittleEndian.Uint32(head[4:]))
		if string(head[:4]) == "EXIF" {
			text := part(in, at+8, length)
			if len(text) > 6 && string(text[:6]) == "Exif\x00\x00" {
				return text[6:]
			}
			return text
		}
		at += 8 + length + length%2
	}
	return nil
}

// pngExif walks the chunks of a PNG (third edition, 11.3.3.4).
func pngExif(in io.ReaderAt, size int64) []byte {
	var head [8]byte
	for at := int64(8); at+12 <= size; {
		if _, err := in.ReadAt(head[:], at); err != nil {
			return nil
		}
		length := int64(binary.BigEndian.Uint32(head[:]))
		if string(head[4:]) == "eXIf" {
			return part(in, at+8, length)
		}
		at += 12 + length
	}
	return nil
}

func part(in io.ReaderAt, at, length int64) []byte {
	if length <= 0 || length > mostExif {
		return nil
	}
	text := make([]byte, length)
	n, _ := in.ReadAt(text, at) // what is missing is looked for in what is there
	return text[:n]
}

// tiffOrientation reads the tag from the first directory of a TIFF.
func tiffOrientation(text []byte) int {
	if len(text) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if string(text[:2]) == "II" {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(text[4:]))
	if at+2 > int64(len(text)) {
		return 1
	}
	count := int64(order.Uint16(text[at:]))
	for i := range count {
		entry := at + 2 + 12*i
		if entry+12 > int64(len(text)) {
			return 1
		}
		if order.Uint16(text[entry:]) == exifTag {
			if turn := int(order.Uint16(text[entry+8:])); turn >= 1 && turn <= 8 {
				return turn
			}
			return 1
		}
	}
	return 1
}

// turned gives a picture the way up that its note says.
func turned(picture *image.RGBA, turn int) *image.RGBA {
	if turn <= 1 || turn > 8 {
		return picture
	}
	from := picture.Bounds()
	width, height := from.Dx(), from.Dy()
	to := image.Rect(0, 0, width, height)
	if turn >= 5 {
		to = image.Rect(0, 0, height, width)
	}
	drawn := image.NewRGBA(to)
	for y := range to.Dy() {
		for x := range to.Dx() {
			fromX, fromY := origin(turn, x, y, width, height)
			copy(drawn.Pix[drawn.PixOffset(x, y):][:4], picture.Pix[picture.PixOffset(fromX, fromY):][:4])
		}
	}
	return drawn
}

// origin says which dot of the stored picture stands at a place of the upright one.
func origin(turn, x, y, width, height int) (int, int) {
	switch turn {
	case 2:
		return width - 1 - x, y
	case 3:
		return width - 1 - x, height - 1 - y
	case 4:
		return x, height - 1 - y
	case 5:
		return y, x
	case 6:
		return y, height - 1 - x
	case 7:
		return width - 1 - y, height - 1 - x
	case 8:
		return width - 1 - y, x
	}
	return x, y
}
