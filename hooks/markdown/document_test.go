package markdown_test

import (
	"slices"
	"strings"
	"testing"

	"kinward/hooks/markdown"
)

func TestDocument(t *testing.T) {
	named := func(source string) string { return markdown.Document(source, true) }
	renders(t, named, []rendering{
		{"a clause", "Be kind. {#be-kind}", `<p id="clause-be-kind">Be kind.</p>`},
		{"a numbered clause", "1. a {#a}\n2. b {#b}", "<ol>\n<li id=\"clause-a\">a</li>\n<li id=\"clause-b\">b</li>\n</ol>"},
		{"numbered clauses with room between", "4. a {#a}\n\n5. b {#b}", "<ol start=\"4\">\n<li>\n<p id=\"clause-a\">a</p>\n</li>\n<li>\n<p id=\"clause-b\">b</p>\n</li>\n</ol>"},
		{"a heading", "## Who is here {#who}", `<h3 id="clause-who">Who is here</h3>`},
		{"a clause of several lines", "a\nb {#c}", "<p id=\"clause-c\">a\nb</p>"},
		{"a clause that ends in emphasis", "**a** {#b}", `<p id="clause-b"><strong>a</strong></p>`},
		{"a clause with a tag", "<b> {#c}", `<p id="clause-c">&lt;b&gt;</p>`},
		{"a name counts once", "a {#c}\n\nb {#c}", "<p id=\"clause-c\">a</p>\n<p>b</p>"},
		{"only at the end", "{#a} b", "<p>{#a} b</p>"},
		{"not alone", "a\n\n{#b}", "<p>a</p>\n<p>{#b}</p>"},
		{"only a plain name", "a {#B} c {#d e}", "<p>a {#B} c {#d e}</p>"},
		{"not in code", "`a {#b}`\n\n    c {#d}", "<p><code>a {#b}</code></p>\n<pre><code>c {#d}\n</code></pre>"},
		{"nobody else's id", "a\n\n\uE000b\uE001c &#xE000;d&#57345;", "<p>a</p>\n<p>\uFFFDb\uFFFDc \uFFFDd\uFFFD</p>"},
		{"a call", "[988](tel:988)", `<p><a href="tel:988"` + own + `>988</a></p>`},
		{"the highest heading is h3", "## a\n#### b", "<h3>a</h3>\n<h5>b</h5>"},
		{"whichever it is", "# a\n## b", "<h3>a</h3>\n<h4>b</h4>"},
		{"a remark that nobody sees", "a\n\n[//]: # (not yet)", "<p>a</p>"},
		{"a script", "<script>alert(1)</script> [a](javascript:b)", "<p>&lt;script&gt;alert(1)&lt;/script&gt; a (javascript:b)</p>"},
	})
}

func TestDocumentWithoutIDsShowsNoMarker(t *testing.T) {
	if got := markdown.Document("1. a {#a}\n2. b {#b}\n\nc {#d}", false); strings.ContainsAny(got, "#{}") || strings.Contains(got, "id=") {
		t.Error(got)
	}
}

func TestClauses(t *testing.T) {
	got := markdown.Clauses("# A {#a}\n\n1. Be *kind*. {#be-kind}\n2. Two\n   lines {#two}\n\nPlain.\n\nAgain {#two}")
	want := []markdown.Clause{{ID: "a", Text: "A"}, {ID: "be-kind", Text: "Be kind."}, {ID: "two", Text: "Two lines"}, {ID: "two", Text: "Again"}}
	if !slices.Equal(got, want) {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
}

func TestText(t *testing.T) {
	for source, want := range map[string]string{
		"":                             "",
		"# a\n\n*b* **c**\nd":          "a\nb c d",
		"- a\n- [x] b\n\n> c":          "a\nb\nc",
		"[a](https://b) ![c](d) <e@f>": "a c e@f",
		"`a&lt;b` &lt; \\* <b>":        "a&lt;b < * <b>",
		"```\na\nb\n```\nc":            "a\nb\nc",
		"|a|b|\n|-|-|\n|c|d|":          "a\tb\nc\td",
		"[a]: b\n\nc":                  "[a]: b\nc",
		"a\u202Eb\x00":                 "ab\uFFFD",
		"a {#b}":                       "a {#b}",
	} {
		if got := markdown.Text(source); got != want {
			t.Errorf("%q: %q, want %q", source, got, want)
		}
	}
	if got := markdown.DocumentText("a {#b}\n\nc"); got != "a\nc" {
		t.Errorf("%q", got)
	}
}

func TestExcerpt(t *testing.T) {
	for _, c := range []struct {
		source string
		limit  int
		want   string
	}{
		{"# A\n\nshort *one*", 20, "A short one"},
		{"one two three", 13, "one two three"},
		{"one two three", 12, "one two…"},
		{"one, two", 6, "one…"},
		{"ñandúñandú", 4, "ñan…"},
		{"a", 0, "…"},
	} {
		if got := markdown.Excerpt(c.source, c.limit); got != c.want {
			t.Errorf("%q to %d: %q, want %q", c.source, c.limit, got, c.want)
		}
	}
}
