package markdown

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

const heron, maple, nobody = "heronheronheron", "maplemaplemaple", "nobodynobodynob"

func names(member string) (string, bool) {
	name, known := map[string]string{heron: "Quiet Heron", maple: `<b>"Maple"</b> & Co`}[member]
	return name, known
}

func TestMentions(t *testing.T) {
	for source, want := range map[string]string{
		"Hello @[x](member:" + heron + ")!":                         `<p>Hello <span class="mention">@Quiet Heron</span>!</p>`,
		"@[*x*](member:" + maple + ")":                              `<p><span class="mention">@&lt;b&gt;&#34;Maple&#34;&lt;/b&gt; &amp; Co</span></p>`,
		"**@[x](member:" + heron + ")** @[y](member:" + heron + ")": `<p><strong><span class="mention">@Quiet Heron</span></strong> <span class="mention">@Quiet Heron</span></p>`,
		"Hello @[some *one*](member:" + nobody + ")!":               `<p>Hello @some <em>one</em>!</p>`,
		"`@[x](member:" + heron + ")`":                              "<p><code>@[x](member:" + heron + ")</code></p>",
		`\@[x](member:` + heron + ")":                               "<p>@x (member:" + heron + ")</p>",
		"[x](member:" + heron + ")":                                 "<p>x (member:" + heron + ")</p>",
		"@[x](member:short)":                                        "<p>@x (member:short)</p>",
		"@\n[x](member:" + heron + ")":                              "<p>@\nx (member:" + heron + ")</p>",
		"@[x][y]\n\n[y]: member:" + heron:                           "<p>@x (member:" + heron + ")</p>",
		"\uE000" + heron + "\uE001 @[x](member:" + heron + ")":      `<p>` + "\uFFFD" + heron + "\uFFFD" + ` <span class="mention">@Quiet Heron</span></p>`,
		"&#xE000;" + heron + "&#57345; (member:":                    `<p>` + "\uFFFD" + heron + "\uFFFD (member:</p>",
	} {
		if got := strings.TrimSpace(RenderNaming(source, names)); got != want {
			t.Errorf("%q:\n%s\nwant\n%s", source, got, want)
		}
	}
	if got := Render("Hello @[x](member:" + heron + ")"); strings.Contains(got, "span") || got != "<p>Hello @x</p>\n" {
		t.Errorf("where nobody can be mentioned: %s", got)
	}
	if got := Text("Hello @[Quiet](member:" + heron + ")"); got != "Hello @Quiet" {
		t.Errorf("%q", got)
	}
}

func TestAsManyAsAText(t *testing.T) {
	asked := 0
	RenderNaming(strings.Repeat("@[x](member:"+heron+") ", 300), func(string) (string, bool) { asked++; return "x", true })
	if asked != maxMentions {
		t.Errorf("%d members were asked for", asked)
	}
}

func TestMentionsInASource(t *testing.T) {
	source := "Añ @[Quiet \\[H\\]](member:" + heron + ") é @[b](member:" + maple + ")"
	found := Mentions(source)
	runes := []rune(source)
	if len(found) != 2 || found[0].Member != heron || found[1].Member != maple || string(runes[found[1].Start:found[1].End]) != "@[b](member:"+maple+")" {
		t.Errorf("%+v", found)
	}
	if got := WithoutMentions(source); strings.Contains(got, "Quiet") || strings.Contains(got, heron) || utf8.RuneCountInString(got) != len(runes) || !strings.HasPrefix(got, "Añ ") {
		t.Errorf("%q", got)
	}
	renamed := Rename(source, heron, "A [new] *name*")
	if !strings.HasPrefix(renamed, `Añ @[A \[new\] \*name\*](member:`+heron) || !strings.HasSuffix(renamed, "@[b](member:"+maple+")") || Rename(renamed, heron, "A [new] *name*") != renamed {
		t.Errorf("%q", renamed)
	}
}

var mentionSpan = regexp.MustCompile(`<span class="mention">@[^<>"]*</span>`)

// FuzzMentions: whatever is written and however the member is called, nothing but the one span is added to what the strict list lets through.
func FuzzMentions(f *testing.F) {
	f.Add("Hello @[x](member:"+heron+") <b>", "Quiet")
	f.Add("[@[x](member:"+heron+")](https://x.example)", "<script>")
	f.Add("\uE000"+heron+"\uE001(member:", "</span>")
	f.Add("![@[x](member:"+heron+")](member:"+heron+")", "\"")
	clean := strictList(schemes(false)).Sanitize
	f.Fuzz(func(t *testing.T, source, name string) {
		html := mentionSpan.ReplaceAllString(RenderNaming(source, func(string) (string, bool) { return name, true }), "")
		if again := clean(html); again != html {
			t.Errorf("%q as %q gives %q", source, name, html)
		}
	})
}
