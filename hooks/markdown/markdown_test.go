package markdown_test

import (
	"testing"

	"kinward/hooks/markdown"
)

const (
	own  = ` rel="nofollow noopener noreferrer ugc"`
	away = own + ` target="_blank"`
)

func TestRender(t *testing.T) {
	cases := []struct{ name, source, html string }{
		{"emphasis", "*a* **b** ~~c~~", "<p><em>a</em> <strong>b</strong> <del>c</del></p>\n"},
		{"headings sink below the page's own", "# a\n## b\n### c\n#### d\n##### e", "<h3>a</h3>\n<h4>b</h4>\n<h5>c</h5>\n<h6>d</h6>\n<h6>e</h6>\n"},
		{"raw HTML is text", "<b onclick=x>a</b>", "<p>&lt;b onclick=x&gt;a&lt;/b&gt;</p>\n"},
		{"a script is text", "<script>\nalert(1)\n</script>", "<p>&lt;script&gt;\nalert(1)\n&lt;/script&gt;</p>\n"},
		{"a comment is text", "<!-- a -->", "<p>&lt;!-- a --&gt;</p>\n"},
		{"Markdown inside raw HTML stays Markdown", "<div>\n*a*\n</div>", "<p>&lt;div&gt;\n<em>a</em>\n&lt;/div&gt;</p>\n"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := markdown.Render(c.source); got != c.html {
				t.Errorf("%q\n got %q\nwant %q", c.source, got, c.html)
			}
		})
	}
}
