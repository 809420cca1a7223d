package markdown_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"kinward/hooks/markdown"
)

type example struct {
	Markdown, HTML, Section string
	Example                 int
}

func examples(t *testing.T, name string) []example {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(suites(t), "markdown", name))
	if err != nil {
		t.Fatal(err)
	}
	var all []example
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func fragment(t *testing.T, source string) []*html.Node {
	t.Helper()
	nodes, err := html.ParseFragment(strings.NewReader(source), &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		t.Fatal(err)
	}
	return nodes
}

// shape writes HTML down as what it means to a reader, in our terms: the highest heading becomes h3 and the others keep their
// distance to it, a foreign picture is the link that it becomes, and only what the strict list keeps is there.
func shape(t *testing.T, source string, expected bool) string {
	var out strings.Builder
	nodes := fragment(t, source)
	if expected {
		sinkHeadings(nodes, 3-highestHeading(nodes))
	}
	for _, n := range nodes {
		draw(&out, n, expected, false)
	}
	return strings.Join(strings.Fields(out.String()), " ")
}

// level is a heading's level, or 0 for anything else.
func level(n *html.Node) int {
	if n.Type == html.ElementNode && len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6' {
		return int(n.Data[1] - '0')
	}
	return 0
}

func highestHeading(nodes []*html.Node) int {
	highest := 6
	for _, n := range nodes {
		for part := range n.Descendants() {
			if l := level(part); l > 0 {
				highest = min(highest, l)
			}
		}
		if l := level(n); l > 0 {
			highest = min(highest, l)
		}
	}
	return highest
}

func sinkHeadings(nodes []*html.Node, by int) {
	sink := func(n *html.Node) {
		if l := level(n); l > 0 {
			n.Data = fmt.Sprintf("h%d", min(l+by, 6))
		}
	}
	for _, n := range nodes {
		for part := range n.Descendants() {
			sink(part)
		}
		sink(n)
	}
}

func draw(out *strings.Builder, n *html.Node, expected, inLink bool) {
	if n.Type == html.TextNode {
		out.WriteString(n.Data)
		return
	}
	if n.Type != html.ElementNode {
		fmt.Fprintf(out, "<!%s>", n.Data)
		return
	}
	name := n.Data
	attributes := map[string]string{}
	for _, a := range n.Attr {
		attributes[a.Key] = a.Val
	}
	if expected && name == "img" && !strings.HasPrefix(attributes["src"], "/api/clinic/files/") {
		if inLink {
			out.WriteString(attributes["alt"])
			return
		}
		name, attributes["href"] = "a", attributes["src"]
	}
	out.WriteString(" <" + name)
	for _, key := range []string{"href", "title", "start", "align", "class", "checked"} {
		if v, ok := attributes[key]; ok {
			fmt.Fprintf(out, " %s=%q", key, v)
		}
	}
	out.WriteString(">")
	if name == "a" && n.Data == "img" {
		out.WriteString(attributes["alt"])
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		draw(out, c, expected, inLink || name == "a")
	}
	out.WriteString("</" + name + "> ")
}

// deviation is a rule of the house that makes an example look different, and the examples that it changes.
type deviation struct {
	why        string
	commonmark []int
	gfm        []int
}

const rawHTML = "raw HTML is shown as the text it is"

// deviations is the whole list: an example that is not here must come out as the specification says (after shape), and
// one that is here must not. Examples of the sections on raw HTML may differ for the first reason without being listed.
var deviations = []deviation{
	{rawHTML,
		[]int{21, 31, 201, 308, 309, 344, 475, 476, 477, 491, 494, 524, 536, 642, 643},
		[]int{170, 288, 289, 317, 327, 354, 484, 485, 486, 500, 503, 532, 544, 663, 664}},
	{"a definition that no link uses is shown, since its writer meant words",
		[]int{207, 208, 210, 317, 537, 538, 545, 563, 565, 567, 571, 592},
		[]int{176, 177, 179, 188, 297, 545, 546, 553, 571, 573, 575, 579, 600}},
	{"a link without an address is its words alone",
		[]int{200, 485, 486, 487},
		[]int{169, 495, 496}},
	{"a link without words shows its address, since nobody could see or hear it",
		[]int{484, 581},
		[]int{589}},
	{"only http, https and mailto are links; an address that no browser can follow is text",
		[]int{346, 500, 596, 598, 599, 601},
		[]int{356, 508, 604, 606, 607, 609, 628}},
	{"a picture from elsewhere is a link, whose words keep their emphasis",
		[]int{573, 576, 577, 585, 589},
		[]int{581, 584, 585, 593, 597}},
	{"addresses in the text are links (GFM autolinks); CommonMark alone has none",
		[]int{608, 611, 612},
		[]int{616, 619, 620}},
	{"a scheme is written in small letters",
		[]int{597},
		[]int{605}},
	{"a code's language is a plain word",
		[]int{34, 144},
		[]int{330, 114}},
}

func TestCommonMarkKeepsItsMeaning(t *testing.T) {
	for _, suite := range []struct {
		file   string
		listed func(deviation) []int
		fewest int
	}{
		{"commonmark-0.31.2.json", func(d deviation) []int { return d.commonmark }, 652},
		{"gfm-0.29.json", func(d deviation) []int { return d.gfm }, 673},
	} {
		t.Run(suite.file, func(t *testing.T) {
			all, same := examples(t, suite.file), 0
			if len(all) < suite.fewest {
				t.Fatalf("%d examples, of %d", len(all), suite.fewest)
			}
			for _, e := range all {
				why := reason(e, suite.listed)
				want, got := shape(t, e.HTML, true), shape(t, markdown.Render(e.Markdown), false)
				switch {
				case want == got && why == "":
					same++
				case want == got && !tags(e):
					t.Errorf("%d is listed (%s) and does not differ", e.Example, why)
				case want != got && why == "":
					t.Errorf("%d %s\nsource %q\n  want %s\n   got %s", e.Example, e.Section, e.Markdown, want, got)
				}
				if want != got && tags(e) {
					keepsItsTags(t, e)
				}
			}
			t.Logf("%d of %d examples as the specification says, the others for a listed reason", same, len(all))
		})
	}
}

func tags(e example) bool {
	return slices.Contains([]string{"HTML blocks", "Raw HTML", "Disallowed Raw HTML (extension)"}, e.Section)
}

func reason(e example, listed func(deviation) []int) string {
	for _, d := range deviations {
		if slices.Contains(listed(d), e.Example) {
			return d.why
		}
	}
	if tags(e) {
		return rawHTML
	}
	return ""
}

var anyTag = regexp.MustCompile(`</?[A-Za-z][^<>]*>|<!--[^>]*-->|<\?[^>]*\?>`)

// keepsItsTags checks that each tag of a source can be read in what is shown, letter by letter.
func keepsItsTags(t *testing.T, e example) {
	t.Helper()
	squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
	shown := squeeze(shownText(fragment(t, markdown.Render(e.Markdown))))
	for _, tag := range anyTag.FindAllString(e.Markdown, -1) {
		if !strings.Contains(shown, squeeze(strings.ReplaceAll(tag, "\n> ", "\n"))) {
			t.Errorf("%d: %q is gone\nsource %q\n shown %q", e.Example, tag, e.Markdown, shown)
		}
	}
}

func shownText(nodes []*html.Node) string {
	var out strings.Builder
	for _, n := range nodes {
		for d := range n.Descendants() {
			if d.Type == html.TextNode {
				out.WriteString(d.Data)
			}
		}
		if n.Type == html.TextNode {
			out.WriteString(n.Data)
		}
	}
	return out.String()
}
