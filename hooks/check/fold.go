package check

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// folded is a text as detectors read it: one byte a character, lower case, without accents, so that "José", "JOSE" and a
// "Jоsе" with Cyrillic letters in it are one word. Every byte knows which code points of the text it was made from.
type folded struct {
	bytes []byte
	from  []int32 // the first code point of each byte
	upto  []int32 // the code point after its last one
	upper []bool  // it was a capital
}

// What stands for characters that have no letter, digit or sign of ASCII.
const (
	otherLetter = 0x01
	otherSign   = 0x02
	opening     = 0x03 // ¿ and ¡: a sentence begins
)

// alike are letters of other alphabets that look like Latin ones, which hide a word from a reader that is not a person.
var alike = map[rune]string{
	'а': "a", 'в': "b", 'е': "e", 'ё': "e", 'і': "i", 'ї': "i", 'ј': "j", 'к': "k", 'м': "m", 'н': "h", 'о': "o", 'р': "p", 'с': "c", 'ѕ': "s",
	'т': "t", 'у': "y", 'х': "x", 'ԁ': "d", 'ɡ': "g", 'ո': "n", 'α': "a", 'β': "b", 'ε': "e", 'η': "n", 'ι': "i", 'κ': "k", 'ν': "v",
	'ο': "o", 'ρ': "p", 'τ': "t", 'υ': "u", 'χ': "x", 'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'ı': "i", 'þ': "th",
	'’': "'", '‘': "'", 'ʼ': "'", '´': "'", '′': "'", '＇': "'", '“': `"`, '”': `"`, '„': `"`, '«': `"`, '»': `"`,
	'‐': "-", '‑': "-", '‒': "-", '–': "-", '—': "-", '−': "-", '⁄': "/", '·': ".", '•': "*", '․': ".", '。': ".", '¿': "\x03", '¡': "\x03",
}

// unseen are characters without a shape that split a word for a machine and not for a reader.
func unseen(r rune) bool {
	switch {
	case r == 0xAD, r == 0x180E, r == 0xFEFF, r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x206F,
		r >= 0xFE00 && r <= 0xFE0F, r >= 0xE0000 && r <= 0xE01EF:
		return true
	}
	return unicode.Is(unicode.Mn, r)
}

// fold reads a text of any bytes; it never fails. Character references and backslashes are read as Markdown reads them.
func fold(text string) *folded {
	f := &folded{bytes: make([]byte, 0, len(text)), from: make([]int32, 0, len(text)), upto: make([]int32, 0, len(text)), upper: make([]bool, 0, len(text))}
	point := int32(0)
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == '&':
			if said, size := reference(text[i:]); size > 0 {
				for _, r := range said {
					f.rune(r, point, point+int32(size))
				}
				i, point = i+size, point+int32(size)
				continue
			}
			f.add('&', point, point+1, false)
		case c == '\\' && i+1 < len(text) && strings.IndexByte(`\.@_-#*()[]+!`, text[i+1]) >= 0:
			f.add(text[i+1], point, point+2, false)
			i, point = i+2, point+2
			continue
		case c < utf8.RuneSelf:
			f.add(lower(c), point, point+1, c >= 'A' && c <= 'Z')
		default:
			r, size := utf8.DecodeRuneInString(text[i:])
			f.rune(r, point, point+1)
			i, point = i+size, point+1
			continue
		}
		i, point = i+1, point+1
	}
	return f
}

func lower(c byte) byte {
	switch {
	case c >= 'A' && c <= 'Z':
		return c + 'a' - 'A'
	case c == '\r' || c == '\t' || c == '\v' || c == '\f' || c == 0:
		return ' '
	case c < ' ' && c != '\n':
		return otherSign
	}
	return c
}

// reference reads a character reference as "&#64;" and gives what it says and how many bytes it takes; 0 if it is none.
func reference(text string) (string, int) {
	end := strings.IndexByte(text[:min(len(text), 32)], ';')
	if end < 2 || strings.IndexByte(text[1:end], '&') >= 0 {
		return "", 0
	}
	said := html.UnescapeString(text[:end+1])
	if said == text[:end+1] {
		return "", 0
	}
	for i := range end {
		if text[i] >= utf8.RuneSelf { // its size in bytes is then its size in code points too
			return "", 0
		}
	}
	return said, end + 1
}

func (f *folded) rune(r rune, from, upto int32) {
	if r < utf8.RuneSelf {
		f.add(lower(byte(r)), from, upto, r >= 'A' && r <= 'Z')
		return
	}
	if unseen(r) {
		return
	}
	capital := unicode.IsUpper(r)
	small := unicode.ToLower(r)
	if known, ok := alike[small]; ok {
		f.word(known, from, upto, capital)
		return
	}
	if unicode.IsSpace(r) {
		f.add(' ', from, upto, false)
		return
	}
	var buffer [16]byte
	n := utf8.EncodeRune(buffer[:], r)
	added := false
	for _, part := range string(norm.NFKD.Bytes(buffer[:n])) {
		switch known, ok := alike[unicode.ToLower(part)]; {
		case part < utf8.RuneSelf:
			f.add(lower(byte(part)), from, upto, capital || part >= 'A' && part <= 'Z')
			added = true
		case ok:
			f.word(known, from, upto, capital)
			added = true
		}
	}
	switch {
	case added:
	case unicode.IsLetter(r):
		f.add(otherLetter, from, upto, capital)
	default:
		f.add(otherSign, from, upto, false)
	}
}

func (f *folded) word(s string, from, upto int32, capital bool) {
	for i := range len(s) {
		f.add(s[i], from, upto, capital)
	}
}

func (f *folded) add(c byte, from, upto int32, capital bool) {
	f.bytes = append(f.bytes, c)
	f.from = append(f.from, from)
	f.upto = append(f.upto, upto)
	f.upper = append(f.upper, capital)
}

// span gives the code points of a range of bytes that is not empty.
func (f *folded) span(start, end int) (int, int) { return int(f.from[start]), int(f.upto[end-1]) }
