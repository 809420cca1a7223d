package markdown_test

import (
	"strings"
	"testing"

	"kinward/hooks/markdown"
)

const (
	own  = ` rel="nofollow noopener noreferrer ugc"`
	away = own + ` target="_blank"`
)

type rendering struct{ name, source, html string }

func renders(t *testing.T, render func(string) string, cases []rendering) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := strings.TrimSuffix(render(c.source), "\n"); got != c.html {
				t.Errorf("%q\n got %s\nwant %s", c.source, got, c.html)
			}
		})
	}
}

func TestRenderKeepsWhatPeopleMean(t *testing.T) {
	renders(t, markdown.Render, []rendering{
		{"nothing", "", ""},
		{"white space", " \n\t\n", ""},
		{"paragraphs", "a\nb\n\nc", "<p>a\nb</p>\n<p>c</p>"},
		{"a line break", "a  \nb\\\nc", "<p>a<br>\nb<br>\nc</p>"},
		{"emphasis", "*a* **b** ~~c~~", "<p><em>a</em> <strong>b</strong> <del>c</del></p>"},
		{"code", "`a < b`\n\n```go\nc & d\n```", "<p><code>a &lt; b</code></p>\n<pre><code class=\"language-go\">c &amp; d\n</code></pre>"},
		{"a language that is no word", "```a\"b\nc\n```", "<pre><code>c\n</code></pre>"},
		{"a quote", "> a\n> > b", "<blockquote>\n<p>a</p>\n<blockquote>\n<p>b</p>\n</blockquote>\n</blockquote>"},
		{"a list and where it starts", "- a\n- b\n\n7. c\n8. d", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<ol start=\"7\">\n<li>c</li>\n<li>d</li>\n</ol>"},
		{"tasks", "- [ ] a\n- [x] b", "<ul>\n<li><input disabled=\"\" type=\"checkbox\"> a</li>\n<li><input checked=\"\" disabled=\"\" type=\"checkbox\"> b</li>\n</ul>"},
		{"a table and its alignment", "| a | b | c |\n|:--|:-:|--:|\n| 1 | 2 | 3 |", "<table>\n<thead>\n<tr>\n<th align=\"left\">a</th>\n<th align=\"center\">b</th>\n<th align=\"right\">c</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td align=\"left\">1</td>\n<td align=\"center\">2</td>\n<td align=\"right\">3</td>\n</tr>\n</tbody>\n</table>"},
		{"a rule", "a\n\n---\n\nb", "<p>a</p>\n<hr>\n<p>b</p>"},
		{"headings sink below the page's own", "# a\n## b\n### c\n#### d\n###### e", "<h3>a</h3>\n<h4>b</h4>\n<h5>c</h5>\n<h6>d</h6>\n<h6>e</h6>"},
		{"whichever level they begin with", "## a\n#### b", "<h3>a</h3>\n<h5>b</h5>"},
		{"underlined headings too", "a\n===\nb\n---", "<h3>a</h3>\n<h4>b</h4>"},
		{"a definition that no link uses", "[Update]: better", "<p>[Update]: better</p>"},
		{"a definition that a link uses", "see [a]\n\n[A]: /b", "<p>see <a href=\"/b\"" + own + ">a</a></p>"},
		{"other alphabets", "مرحبا \u200fشكرا ñ 日本 👩‍⚕️", "<p>مرحبا \u200fشكرا ñ 日本 👩‍⚕️</p>"},
		{"a clause's marker means nothing in a post", "a {#b}", "<p>a {#b}</p>"},
	})
}

func TestRenderShowsHTMLAsText(t *testing.T) {
	renders(t, markdown.Render, []rendering{
		{"a tag in a line", "a <b onclick=x>c</b>", "<p>a &lt;b onclick=x&gt;c&lt;/b&gt;</p>"},
		{"no mark inside a tag", "<a title=\"*b*\" href='_c_'>", "<p>&lt;a title=&#34;*b*&#34; href=&#39;_c_&#39;&gt;</p>"},
		{"no reference inside a tag", "<a title=\"&lt;\">", "<p>&lt;a title=&#34;&amp;lt;&#34;&gt;</p>"},
		{"a script", "<script>\nalert(1)\n</script>", "<p>&lt;script&gt;\nalert(1)\n&lt;/script&gt;</p>"},
		{"a comment, a declaration, an instruction", "<!-- a --> <!DOCTYPE b> <?c?>", "<p>&lt;!-- a --&gt; &lt;!DOCTYPE b&gt; &lt;?c?&gt;</p>"},
		{"a tag that never ends", "<img src=x onerror=alert(1)//", "<p>&lt;img src=x onerror=alert(1)//</p>"},
		{"Markdown after a tag", "<div>\n*a*\n\n- b", "<p>&lt;div&gt;\n<em>a</em></p>\n<ul>\n<li>b</li>\n</ul>"},
		{"a reference", "&lt;script&gt; &#60;b&#x3E; &amp;lt;", "<p>&lt;script&gt; &lt;b&gt; &amp;lt;</p>"},
		{"a heart", "I <3 you", "<p>I &lt;3 you</p>"},
	})
}

func TestRenderLinks(t *testing.T) {
	renders(t, markdown.Render, []rendering{
		{"to another site", "[a](https://b.example/c?d=e&f \"g\")", `<p><a href="https://b.example/c?d=e&amp;f" title="g"` + away + `>a</a></p>`},
		{"inside the house", "[a](/policies/privacy#clause-b) [c](#d)", `<p><a href="/policies/privacy#clause-b"` + own + `>a</a> <a href="#d"` + own + `>c</a></p>`},
		{"to a mailbox", "<a@b.example> [c](mailto:d@e.example)", `<p><a href="mailto:a@b.example"` + own + `>a@b.example</a> <a href="mailto:d@e.example"` + own + `>c</a></p>`},
		{"without a scheme but away", "[a](//b.example)", `<p><a href="//b.example"` + away + `>a</a></p>`},
		{"as people type them", "https://a.example, www.b.example and c@d.example.", `<p><a href="https://a.example"` + away + `>https://a.example</a>, <a href="http://www.b.example"` + away + `>www.b.example</a> and <a href="mailto:c@d.example"` + own + `>c@d.example</a>.</p>`},
		{"to www. is not to a page of ours", "[a](www.b.example)", `<p><a href="https://www.b.example"` + away + `>a</a></p>`},
		{"in capitals", "[a](HTTPS://B.example)", `<p><a href="https://B.example"` + away + `>a</a></p>`},
		{"to a script", "[a](javascript:alert(1))", "<p>a (javascript:alert(1))</p>"},
		{"to a script in disguise", "[a](JaVaScript&colon;alert(1)) [b](&#x6A;avascript:b) [c](java\\script:c)", "<p>a (JaVaScript:alert(1)) b (javascript:b) c (java\\script:c)</p>"},
		{"to a script in an autolink", "<javascript:alert(1)> <vbscript:a>", "<p>&lt;javascript:alert(1)&gt; &lt;vbscript:a&gt;</p>"},
		{"to data, a file, a call", "[a](data:text/html,b) [c](file:///d) [e](tel:988)", "<p>a (data:text/html,b) c (file:///d) e (tel:988)</p>"},
		{"ftp is not followed", "<ftp://a.example> ftp://a.example", "<p>&lt;ftp://a.example&gt; ftp://a.example</p>"},
		{"nowhere", "[a]() [b](<>)", "<p>a b</p>"},
		{"that no browser can follow", "[a](http://[::1) [b](// )", "<p>a (http://[::1) b (//)</p>"},
		{"without words", "[](/a) [ ](https://b.example)", `<p><a href="/a"` + own + `>/a</a> <a href="https://b.example"` + away + `> https://b.example</a></p>`},
		{"a backslash is no way out", `[a](/\b.example) [c](\\\\d.example)`, `<p><a href="/%5Cb.example"` + own + `>a</a> <a href="%5C%5Cd.example"` + own + `>c</a></p>`},
	})
}

func TestRenderPictures(t *testing.T) {
	renders(t, markdown.Render, []rendering{
		{"of ours", "![a *b*](/api/clinic/files/c1 \"d\")", `<p><img src="/api/clinic/files/c1" alt="a b" title="d"></p>`},
		{"of ours in a link", "[![a](/api/clinic/files/b)](/c)", `<p><a href="/c"` + own + `><img src="/api/clinic/files/b" alt="a"></a></p>`},
		{"from elsewhere", "![a](https://b.example/c.png)", `<p><a href="https://b.example/c.png"` + away + `>a</a></p>`},
		{"from elsewhere without words", "![](https://b.example/c.png)", `<p><a href="https://b.example/c.png"` + away + `>https://b.example/c.png</a></p>`},
		{"from elsewhere in a link", "[![a](https://b.example/c.png)](/d)", `<p><a href="/d"` + own + `>a</a></p>`},
		{"from elsewhere with links in its words", "![a [b](/c) <https://d.example> ![e](f)](https://g.example)", `<p><a href="https://g.example"` + away + `>a b https://d.example e</a></p>`},
		{"by reference", "![a][b]\n\n[b]: https://c.example/d.png", `<p><a href="https://c.example/d.png"` + away + `>a</a></p>`},
		{"in data", "![a](data:image/png;base64,AAAA)", "<p>a (data:image/png;base64,AAAA)</p>"},
		{"nearly of ours", "![a](/api/clinic/files/b/../../c) ![d](//e.example/api/clinic/files/f) ![g](/api/clinic/files/h?i)",
			`<p><a href="/api/clinic/files/b/../../c"` + own + `>a</a> <a href="//e.example/api/clinic/files/f"` + away + `>d</a> <a href="/api/clinic/files/h?i"` + own + `>g</a></p>`},
		{"a link in the words of one of ours", "![<https://a.example> <b>](/api/clinic/files/c)", `<p><img src="/api/clinic/files/c" alt="https://a.example &lt;b&gt;"></p>`},
	})
}

func TestRenderUnseenCharacters(t *testing.T) {
	renders(t, markdown.Render, []rendering{
		{"an override goes, as itself and as a reference", "a\u202Eb&#x202E;c&#8238;d \u2066e\u2069", "<p>abcd e</p>"},
		{"an override hides no scheme", "[a](java\u202Escript:b)", "<p>a (javascript:b)</p>"},
		{"NUL", "a\x00b&#0;c", "<p>a\uFFFDb\uFFFDc</p>"},
		{"other controls", "a\x1bb\x7fc\u0085d\x0be", "<p>a\uFFFDb\uFFFDc\uFFFDd e</p>"},
		{"bytes that are not text", "a\xff\xc3b", "<p>a\uFFFDb</p>"},
		{"a byte order mark", "\uFEFF# a", "<h3>a</h3>"},
		{"line ends of other systems", "a\r\n\r\nb\rc", "<p>a</p>\n<p>b\nc</p>"},
	})
}

func TestRenderLimits(t *testing.T) {
	count := func(source, what string) int { return strings.Count(markdown.Render(source), what) }
	for _, c := range []struct {
		name, source, what string
		most               int
	}{
		{"quotes in quotes", strings.Repeat(">", 9000) + "a", "<blockquote>", 12},
		{"lists in lists", strings.Repeat("- ", 9000) + "a", "<ul>", 12},
		{"emphasis in emphasis", strings.Repeat("*", 400) + "a" + strings.Repeat("*", 400), "<strong>", 16},
		{"cells that nobody wrote", strings.Repeat("|a", 40) + "\n" + strings.Repeat("|-", 40) + "\n" + strings.Repeat("a\n", 9000), "<td", 0},
		{"a definition repeated", "[a]: " + strings.Repeat("b", 9000) + "\n\n" + strings.Repeat("[a]", 3000), "<a ", 2},
		{"links in one paragraph", strings.Repeat("[a](b)", 3000), "<a ", 250},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := count(c.source, c.what); got > c.most || c.most > 0 && got == 0 {
				t.Errorf("%d × %s, at most %d", got, c.what, c.most)
			}
			shown := strings.Count(markdown.Text(c.source), "a")
			if shown < strings.Count(c.source, "a")/2 {
				t.Errorf("only %d of the words are shown", shown)
			}
		})
	}
	t.Run("what is too long is shown as it is", func(t *testing.T) {
		source := "# <b>\n*c*\n\n" + strings.Repeat("d", markdown.MaxDocumentBytes)
		if got := markdown.Render(source); !strings.HasPrefix(got, "<p># &lt;b&gt;<br>\n*c*</p>\n<p>ddd") {
			t.Errorf("%.80q", got)
		}
	})
}
