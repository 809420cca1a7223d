package markdown_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"kinward/hooks/clinic"
	"kinward/hooks/markdown"
)

// fill repeats a pattern up to a size.
func fill(pattern string, size int) string { return strings.Repeat(pattern, size/len(pattern)) }

// patterns are repeated up to a size: each of them, or its like, has stalled a Markdown renderer somewhere.
var patterns = []string{
	"*", "_", "~", "`", "[", "]", "!", "<", "&", "\\", "|", ">", "> ", "- ", "1. ", "+ ", "#", "\n", "\t",
	"*a ", "*a **a ", "a** ", "_a ", "a_ ", "*a_ ", "*a_b", "**a *a ", "a*_b_*", "~a~~b", "*a", "_a", "~~a ", "a~~ ", "*~_", "_*a",
	"x *", "*x*", "**x**", "***x***", "_x_", "a*b_c~d", "[a*", "*[", "*]", "[*a]*", "[_a](b)_", "[a](b*)", "![a](b)[", "[a]!",
	"[a](", "[a](<b", "[a](b \"c ", "[a](b 'c ", "[a](b (c ", "![a](", "![", "![[", "[![", "[]", "[a]", "[a][", "[[a]]", "[a]()",
	"[a](b)", "[a](b)[", "<a@b.c", "<http:a", "<a", "<a b=\"", "<a b ", "</a ", "<!--", "<!-- -", "<?", "<!A", "<![CDATA[",
	"a@b.c ", "a@b", "_a@", "(a@b", "a._-", "www.a.b ", "http://a.b(", "(http://a.b", " http:", "*www.", "(www.a.b(",
	"&amp;", "&#1;", "&#x", "&a", "|a", "|-", "|a|\n|-|\n", "|`\\|`", "a|b\n-|-\n", "`a", "``a`", "a\n\n", "- a\n", "- a\n\n",
	"> a\n", ">\n", "-\n", "-\n+\n", "1) a\n1. b\n", "[a]: b\n", "[a]: b\n\n", "[a]: b \"\n", "[a]:", "[\n", "[a]: <",
	"# a\n", "a\n=\n", "---\n", "***\n", "```\n", "~~~", "    a\n", "\t\ta\n", "[ ] ", "- [ ] a\n", "- - ", "> - ", "*\t",
	"a  \n", "a\\\n", "\u202e", "é", "\x00", "\xff", "[é](é)", "{#a}", "a {#a}\n\n",
}

// halves are opened in the first half of a text and closed in the second.
var halves = [][2]string{
	{"*", "*"}, {"[", "]"}, {"[", "](b)"}, {"![", "](b)"}, {"*a ", "a* "}, {"**a ", "a** "}, {"_a ", "a_ "}, {"*a _b ", "b_ a* "},
	{"*a", "b_"}, {"a*b_", "c~"}, {"(", ")"}, {"<", ">"}, {"[a](", ")"}, {"`", "a"}, {"a`", "``a"}, {"*a_ ", "[a](b)"}, {"*a", "](b)"},
	{"[", "a*b_"}, {"[a](b)", "]"}, {"[x ", "[a](b)]"}, {"[*", "*](b)"}, {"[a ", "](b)"},
}

// alphabets are strewn at random: what no list of patterns foresees.
var alphabets = []string{"*_~`[]()!<>a \n", "*_ a", "[]()!a", "*_~[]", "|-:`\\\n a", "> -+1.\n a\t", "`a\\", "*_~(@.wa ", "\"'()[]<>a\\ \n"}

// hostile makes every hostile text at a size, by name.
func hostile(size int) map[string]string {
	all := map[string]string{
		"deepening lists":     lines(size, func(i int) string { return strings.Repeat("  ", i) + "- a\n" }),
		"deepening quotes":    lines(size, func(i int) string { return strings.Repeat(">", i) + "a\n" }),
		"quotes and lists":    lines(size, func(i int) string { return strings.Repeat("> - ", i%200) + "a\n" }),
		"growing backticks":   lines(size, func(i int) string { return "e" + strings.Repeat("`", i) }),
		"shrinking backticks": lines(size, func(i int) string { return "e" + strings.Repeat("`", 400-i%400) }),
		"many definitions":    lines(size, func(i int) string { return fmt.Sprintf("[%d]: b\n", i) }),
		"many references":     "[a]: b\n\n" + fill("[a] ", size-8),
		"a long definition":   "[a]: " + fill("b", size/2-9) + "\n\n" + fill("[a]", size/2),
		"a long title":        "[a]: b \"" + fill("c", size/2-12) + "\"\n\n" + fill("[a]", size/2),
		"a wide table":        fill("|a", size/3) + "\n" + fill("|-", size/3) + "\n" + fill("a\n", size/3-2),
		"a long table":        "|a|b|c|d|\n|-|-|-|-|\n" + fill("a\n", size-20),
		"tables":              fill("|a|b|c|d|e|f\n|-|-|-|-|-|-\na\na\na\na\na\na\na\na\na\n\n", size),
		"escaped pipes":       "|a|\n|-|\n" + fill("|`\\|`|\n", size-8),
		"rows of dashes":      "a|b\n" + fill("-|-|-\n", size-4),
		"half rows of dashes": fill("a|b\n", size/2) + fill("-|-|-\n", size/2),
		"brackets round":      fill("[", size/8) + fill("[a](b)", size/2) + fill("]", size/4),
		"emphasis in between": "a**b" + fill("c* ", size-4),
	}
	for _, p := range patterns {
		all[fmt.Sprintf("repeated %q", p)] = fill(p, size)
	}
	for _, p := range halves {
		all[fmt.Sprintf("first %q then %q", p[0], p[1])] = fill(p[0], size/2) + fill(p[1], size/2)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for _, alphabet := range alphabets {
		all[fmt.Sprintf("noise of %q", alphabet)] = lines(size, func(int) string { return string(alphabet[random.IntN(len(alphabet))]) })
	}
	return all
}

// lines strings lines together up to a size.
func lines(size int, line func(i int) string) string {
	var b strings.Builder
	for i := 0; b.Len() < size; i++ {
		b.WriteString(line(i))
	}
	return b.String()[:size]
}

// quickest renders a text up to three times and gives the least time it took, so that a busy machine fails nothing.
func quickest(source string, enough time.Duration) (best time.Duration, out string) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for i := range 3 {
		start := threadTime()
		out = markdown.Document(source, true)
		if took := threadTime() - start; i == 0 || took < best {
			best = took
		}
		if best < enough {
			break
		}
	}
	return best, out
}

const (
	postTime     = 150 * time.Millisecond // for 20,000 bytes; commonly below 30 ms, most below 5
	documentTime = 700 * time.Millisecond // for 100,000 bytes; commonly below 200 ms
	mostGrowth   = 60                     // bytes of HTML for a byte of source
)

func TestHostileTextsStayFastAndSmall(t *testing.T) {
	for _, c := range []struct {
		size  int
		limit time.Duration
	}{{clinic.MaxPostBytes, postTime}, {markdown.MaxDocumentBytes, documentTime}} {
		if slowdown > 1 && c.size > clinic.MaxPostBytes {
			continue
		}
		var worst time.Duration
		var name string
		for which, source := range hostile(c.size) {
			took, out := quickest(source, c.limit)
			if took > worst {
				worst, name = took, which
			}
			if took > c.limit*slowdown {
				t.Errorf("%d bytes, %s: %v", c.size, which, took)
			}
			if len(out) > mostGrowth*len(source)+1000 {
				t.Errorf("%d bytes, %s: became %d bytes", c.size, which, len(out))
			}
		}
		t.Logf("%d bytes: at worst %v (%s)", c.size, worst.Round(time.Millisecond), name)
	}
}

// The public slow cases, cut to the size of a post, cut to that of a document, and whole: past a document's size a text
// is refused, and shown as plain text by whoever renders it all the same.
func TestPublicSlowCases(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(suites(t), "slow", "*.md"))
	if err != nil || len(files) < 13 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		source := string(raw)
		for _, c := range []struct {
			text  string
			limit time.Duration
		}{
			{source[:min(len(source), clinic.MaxPostBytes)], postTime},
			{source[:min(len(source), markdown.MaxDocumentBytes)], documentTime},
			{source, documentTime},
		} {
			if took, _ := quickest(c.text, c.limit); took > c.limit*slowdown {
				t.Errorf("%s, %d bytes: %v", filepath.Base(name), len(c.text), took)
			}
		}
		if err := markdown.CheckDocument(source); (err != nil) != (len(source) > markdown.MaxDocumentBytes) {
			t.Errorf("%s, %d bytes: %v", filepath.Base(name), len(source), err)
		}
	}
}
