package media

import "testing"

// TestNothingIsAsLongAsItWas: of every length, what it says reads to its end, and no bytes in it look like the beginning of a unit.
func TestNothingIsAsLongAsItWas(t *testing.T) {
	for length := 3; length < 2000; length++ {
		text := make([]byte, length)
		nothing(text)
		if text[length-1] != 0x80 {
			t.Fatalf("%d: it ends in %x", length, text[length-1])
		}
		at := 0
		for at < length-1 {
			if text[at] != filler {
				t.Fatalf("%d: a message of kind %d at %d", length, text[at], at)
			}
			size := 0
			for at++; text[at] == 255; at++ {
				size += 255
			}
			size += int(text[at])
			at += 1 + size
		}
		if at != length-1 || tells(text) {
			t.Fatalf("%d: the messages end at %d", length, at)
		}
	}
}

func TestFreeTextIsToldFromOtherMessages(t *testing.T) {
	for name, one := range map[string]struct {
		text string
		want bool
	}{
		"a time":                   {"\x01\x02ab\x80", false},
		"two that are none":        {"\x06\x01a\x01\x02ab\x80", false},
		"free text":                {"\x05\x11uuiduuiduuiduuida\x80", true},
		"free text behind another": {"\x06\x01a\x05\x11uuiduuiduuiduuida\x80", true},
		"a length beyond the end":  {"\x06\xffa\x80", true},
		"zeros that are marked":    {"\x06\x03\x00\x00\x03\x01\x05\x01a\x80", true},
		"a large number of a kind": {"\xff\x05\x01a\x80", false},
	} {
		if got := tells([]byte(one.text)); got != one.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
