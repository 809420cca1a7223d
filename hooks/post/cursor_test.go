package post

import "testing"

func FuzzCursor(f *testing.F) {
	f.Add("")
	f.Add(spot{"2026-11-22 04:00:00.000Z", "abcdefghij01234"}.cursor())
	f.Add("MjAyNi0xMS0yMiAwNDowMDowMC4wMDBaYWJjZGVmZ2hpajAxMjM0")
	f.Add("MjAyNi0xMy0yMiAwNDowMDowMC4wMDBaYWJjZGVmZ2hpajAxMjM0")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := readCursor("before", text)
		switch {
		case err != nil && s != spot{}:
			t.Error("a refused cursor leads somewhere")
		case err == nil && text == "" && s != spot{}:
			t.Error("the start is not the start")
		case err == nil && text != "" && s.cursor() != text:
			t.Errorf("%q is read as %+v, which is %q", text, s, s.cursor())
		case err == nil && text != "" && (len(s.at) != atLength || !isID(s.id)):
			t.Errorf("%q is read as %+v", text, s)
		}
	})
}
