package markdown_test

import (
	"regexp"
	"strings"
	"testing"

	"kinward/hooks/markdown"
	"kinward/hooks/markdown/markdowntest"
)

// FuzzRender states what holds for every source there can be.
func FuzzRender(f *testing.F) {
	for _, seed := range []string{
		"# a\n\n*b* **c** ~~d~~ `e` [f](https://g.example \"h\") ![i](/api/clinic/files/j) <k@l.example> www.m.example",
		"- [ ] a\n- [x] b\n\n3. c\n\n> d\n\n| e | f |\n|:-:|--:|\n| g | h |\n\n```go\ni\n```\n\n---\n",
		"<script>alert(1)</script> <img src=x onerror=alert(1)> <!-- a --> &lt;b&gt; &#x202e; \u2066",
		"[a](javascript&colon;alert(1)) [b](java\tscript:c) [d](//e) <vbscript:f> ![g](data:image/svg+xml,h)",
		"[a]: b \"c\"\n[d]: <e f>\n\n[a] ![d] [![g](https://h)](i)",
		"a clause {#be-kind}\n\n- b {#c}\n\n{#alone}\n\n\uE000d\uE001 &#xE000;e&#xE001;",
		"\xff\x00\r\r\n\u2028\ufeff\x0b", "***a**b*_c__d_", "|a\n|-\n|`\\|`", "[[[[a](b)](c)](d)](e)", "[a](// )", "* b {#c}\n\n\uE000d\uE001", "![a ![b](c) [d](e)](f)",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		post := markdown.Render(source)
		holds(t, source, post, "http", "https", "mailto")
		if markdown.Render(source) != post {
			t.Errorf("two renderings of %q differ", source)
		}
		holds(t, source, markdown.Document(source, false), "http", "https", "mailto", "tel")
		named := markdown.Document(source, true)
		holds(t, source, withoutIDs(named), "http", "https", "mailto", "tel")
		if withoutIDs(named) != markdown.Document(source, false) {
			t.Errorf("the ids of %q change more than ids", source)
		}
		for _, text := range []string{markdown.Text(source), markdown.DocumentText(source), markdown.Excerpt(source, 80)} {
			if strings.ContainsAny(text, "\x00\u202e\u2066") {
				t.Errorf("%q: the text is %q", source, text)
			}
		}
	})
}

func holds(t *testing.T, source, html string, schemes ...string) {
	t.Helper()
	for _, left := range markdowntest.Survivors(html, schemes...) {
		t.Errorf("%s survives in %q of %q", left, html, source)
	}
	if again := markdown.Again(html); again != html {
		t.Errorf("%q: sanitized again\n was %q\n now %q", source, html, again)
	}
	if len(html) > mostGrowth*len(source)+1000 {
		t.Errorf("%d bytes became %d", len(source), len(html))
	}
}

// clauseID is the one attribute that is written after the sanitizer.
var clauseID = regexp.MustCompile(` id="clause-[a-z][a-z0-9-]{0,62}"`)

func withoutIDs(html string) string { return clauseID.ReplaceAllString(html, "") }
