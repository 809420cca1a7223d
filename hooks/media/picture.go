package media

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	_ "image/gif" // its first picture
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // its still pictures
)

const (
	// MaxPixels is the most that a picture may have, and what takes more memory a dot may have fewer (weight): one picture takes
	// 300 MB at most, which is why one is decoded at a time (atOnce). The page makes the pictures of larger cameras smaller itself.
	MaxPixels = 40_000_000
	// maxSide is the longest side of what is kept: more than any screen shows at once.
	maxSide = 2560
	// smallSide is the longest side of a thumbnail: a column of text at two dots a point.
	smallSide = 960
	// maxPNG is how large a PNG may be that is kept as one; a photograph that somebody saved so becomes a JPEG.
	maxPNG = 2 << 20

	quality, smallQuality = 86, 78
)

func isPicture(head []byte) bool {
	return bytes.HasPrefix(head, []byte("\xff\xd8\xff")) || bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")) ||
		bytes.HasPrefix(head, []byte("GIF87a")) || bytes.HasPrefix(head, []byte("GIF89a")) || isWebP(head)
}

func isWebP(head []byte) bool {
	return len(head) >= 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP"
}

// isHEIC tells the pictures of newer telephones, for which no decoder in Go is kept up.
func isHEIC(head []byte) bool {
	if len(head) < 12 || string(head[4:8]) != "ftyp" {
		return false
	}
	switch string(head[8:12]) {
	case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1", "avif", "avis":
		return true
	}
	return false
}

// cleanPicture reads the header, decides, decodes, turns the picture upright, and draws it anew: what comes out holds dots and
// nothing else. Of an animation it is the first picture: what moves by itself and cannot be stopped keeps people from reading
// (WCAG 2.2.2), and a video can be stopped.
func cleanPicture(in File, size int64, out, small io.Writer) (Cleaned, error) {
	config, format, err := image.DecodeConfig(io.NewSectionReader(in, 0, size))
	if err != nil {
		return Cleaned{}, refusePicture(in, err)
	}
	most := MaxPixels / weight(in, size, format, config)
	if config.Width <= 0 || config.Height <= 0 || int64(config.Width)*int64(config.Height) > most {
		return Cleaned{}, TooManyPixels.With("max", most/1_000_000)
	}
	if format == "jpeg" && scansOf(in, size) > mostScans {
		return Cleaned{}, TooManyScans
	}
	picture, _, err := image.Decode(io.NewSectionReader(in, 0, size))
	if err != nil {
		return Cleaned{}, refusePicture(in, err)
	}
	turn := orientation(in, size, format)
	upright := turned(shrunk(picture, maxSide), turn)
	kept, err := write(out, upright, format == "png" || format == "gif" || !opaque(upright), quality)
	if err != nil {
		return Cleaned{}, err
	}
	bounds := upright.Bounds()
	kept.Width, kept.Height = bounds.Dx(), bounds.Dy()
	_, err = write(small, shrunk(upright, smallSide), !opaque(upright), smallQuality)
	return kept, err
}

// weight says how many times the memory of an ordinary dot a picture's dots take while they are decoded: a progressive JPEG
// keeps four bytes for each value of each colour until its end, and some pictures have two bytes for each.
func weight(in io.ReaderAt, size int64, format string, config image.Config) int64 {
	switch config.ColorModel {
	case color.NRGBA64Model, color.RGBA64Model, color.Gray16Model:
		return 2
	}
	if format == "jpeg" && !isPlain(in, size) {
		return 3
	}
	return 1
}

// refusePicture gives the fault of what cannot be decoded.
func refusePicture(in File, err error) error {
	var head [32]byte
	if n, _ := in.ReadAt(head[:], 0); n >= 21 && isWebP(head[:]) && string(head[12:16]) == "VP8X" && head[20]&2 != 0 {
		return Animated
	}
	if errors.Is(err, image.ErrFormat) {
		return KindRefused
	}
	return Damaged
}

// write encodes a picture: as a PNG where it must keep its exact dots, unless that is a photograph's weight, else as a JPEG.
func write(out io.Writer, picture image.Image, exact bool, quality int) (Cleaned, error) {
	if exact {
		var text bytes.Buffer
		if err := png.Encode(&text, picture); err != nil {
			return Cleaned{}, err
		}
		if text.Len() <= maxPNG || !opaque(picture) {
			_, err := out.Write(text.Bytes())
			return Cleaned{Kind: Picture, Type: "image/png", Ending: ".png"}, err
		}
	}
	err := jpeg.Encode(out, picture, &jpeg.Options{Quality: quality})
	return Cleaned{Kind: Picture, Type: "image/jpeg", Ending: ".jpg"}, err
}

func opaque(picture image.Image) bool {
	known, ok := picture.(interface{ Opaque() bool })
	return ok && known.Opaque()
}

// shrunk draws a picture anew with at most this longest side; never larger than it is. What is much too large is averaged by
// whole dots first: better scalers take memory by the square of a picture's side.
func shrunk(picture image.Image, side int) *image.RGBA {
	longest := max(picture.Bounds().Dx(), picture.Bounds().Dy())
	if by := longest / side; by > 1 {
		picture = averaged(picture, by)
		longest = max(picture.Bounds().Dx(), picture.Bounds().Dy())
	}
	from := picture.Bounds()
	if longest <= side {
		drawn := image.NewRGBA(image.Rect(0, 0, from.Dx(), from.Dy()))
		draw.Draw(drawn, drawn.Bounds(), picture, from.Min, draw.Src)
		return drawn
	}
	drawn := image.NewRGBA(image.Rect(0, 0, max(1, from.Dx()*side/longest), max(1, from.Dy()*side/longest)))
	draw.ApproxBiLinear.Scale(drawn, drawn.Bounds(), picture, from, draw.Src, nil)
	return drawn
}

// averaged makes one dot of each square of by × by dots; what is left over at the far edges is less than one dot, and goes.
func averaged(picture image.Image, by int) *image.RGBA {
	from := picture.Bounds()
	drawn := image.NewRGBA(image.Rect(0, 0, max(1, from.Dx()/by), max(1, from.Dy()/by)))
	strip := image.NewRGBA(image.Rect(0, 0, from.Dx(), min(by, from.Dy())))
	wide, high := min(by, from.Dx()), strip.Rect.Dy()
	for y := range drawn.Rect.Dy() {
		draw.Draw(strip, strip.Rect, picture, image.Pt(from.Min.X, from.Min.Y+y*by), draw.Src)
		for x := range drawn.Rect.Dx() {
			var sum [4]int
			for row := range high {
				line := strip.Pix[strip.PixOffset(x*by, row):][:4*wide]
				for i, value := range line {
					sum[i%4] += int(value)
				}
			}
			for i, dot := 0, drawn.Pix[drawn.PixOffset(x, y):]; i < 4; i++ {
				dot[i] = uint8(sum[i] / (wide * high))
			}
		}
	}
	return drawn
}
