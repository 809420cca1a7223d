package frontmatter

import (
	"strings"
	"testing"
)

func TestRead(t *testing.T) {
	type head struct{ Title string }
	for _, c := range []struct{ file, title, body, wrong string }{
		{"---\ntitle: A\n---\nwords\n", "A", "words\n", ""},
		{"\ufeff---\r\ntitle: A\r\n---\r\nwords\r\n", "A", "words\n", ""},
		{"---\ntitle: A\nlayout: b\n---\nwords", "", "", "layout"},
		{"---\ntitle: [\n---\nwords", "", "", "yaml"},
		{"title: A\n---\nwords", "", "", "front matter"},
		{"---\ntitle: A\nwords", "", "", "front matter"},
		{"---\ntitle: \xff\n---\n", "", "", "UTF-8"},
		{"---\ntitle: A\n---\n\x00", "", "", "UTF-8"},
		{"---\ntitle: A\n---\n" + strings.Repeat("x", 200), "", "", "bytes"},
	} {
		var h head
		body, err := Read([]byte(c.file), 100, &h)
		switch {
		case c.wrong == "" && (err != nil || body != c.body || h.Title != c.title):
			t.Errorf("%q gives %q, %+v, %v", c.file, body, h, err)
		case c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong)):
			t.Errorf("%q: %v, want something on %q", c.file, err, c.wrong)
		}
	}
}
