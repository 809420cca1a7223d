package search

import (
	"strings"
	"testing"
)

func TestWords(t *testing.T) {
	for text, want := range map[string]string{
		"":                             "",
		"Metformin, metformin!":        "metformin",
		"El Niño está aquí":            "el nino esta aqui",
		"a \"b\" OR c* NEAR(d)":        "a b or c near d",
		"über straße":                  "uber straße",
		"e\u0301te\u0301 \x00 😀 x-ray": "ete x ray",
		"糖尿病 12.5mg":                   "糖尿病 12 5mg",
	} {
		if got := strings.Join(Words(text), " "); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestAsk(t *testing.T) {
	for typed, want := range map[string]error{"": nothingAsked, " … ": nothingAsked, strings.Repeat("a", 201): tooMuchAsked, "walk": nil} {
		if _, err := Ask(typed); err != want {
			t.Errorf("%q: %v, want %v", typed, err, want)
		}
	}
	if words, _ := Ask(strings.Repeat("a b c d e f g h i j k l m n ", 3)); len(words) != mostWords {
		t.Errorf("%d words", len(words))
	}
}

func TestMark(t *testing.T) {
	for _, c := range []struct{ text, asked, want string }{
		{"Walking <b>& walks</b>", "walk", "<mark>Walking</mark> &lt;b&gt;&amp; <mark>walks</mark>&lt;/b&gt;"},
		{"El NIÑO", "nino", "El <mark>NIÑO</mark>"},
		{"sidewalk", "walk", "sidewalk"},
		{"e\u0301te\u0301", "ete", "<mark>e\u0301te\u0301</mark>"},
		{`"><script>x`, "script", `&#34;&gt;&lt;<mark>script</mark>&gt;x`},
	} {
		if got := Mark(c.text, []string{c.asked}); got != c.want {
			t.Errorf("%q in %q: %q, want %q", c.asked, c.text, got, c.want)
		}
	}
}

func TestExcerpt(t *testing.T) {
	long := strings.Repeat("one two three ", 40) + "insulin " + strings.Repeat("four five six ", 40)
	got := Excerpt(long, []string{"insulin"})
	if !strings.HasPrefix(got, "… ") || !strings.HasSuffix(got, " …") || !strings.Contains(got, "<mark>insulin</mark>") || len(got) > 280 {
		t.Errorf("%q", got)
	}
	if got := Excerpt("short and sweet", []string{"none"}); got != "short and sweet" {
		t.Errorf("%q", got)
	}
	if got := Excerpt(strings.Repeat("x", 5000), []string{"y"}); len(got) > 260 {
		t.Errorf("one long word gives %d bytes", len(got))
	}
}

func TestNear(t *testing.T) {
	for pair, want := range map[string]bool{
		"insulin insulin": true, "insulin inuslin": true, "insulin insullin": true, "insulin isulin": true, "insulin inzulin": true,
		"metformin metphormin": true, "insulin insight": false, "walk talk": true, "walk work": false, "diabetes diabtis": true,
	} {
		a, b, _ := strings.Cut(pair, " ")
		if near(b, a) != want {
			t.Errorf("%s: %v, want %v", pair, !want, want)
		}
	}
}

func FuzzMark(f *testing.F) {
	f.Add("a <b> c", "b")
	f.Add("ÀÉ\xff", "e")
	f.Fuzz(func(t *testing.T, text, asked string) {
		for _, shown := range []string{Mark(text, Words(asked)), Excerpt(text, Words(asked))} {
			inside := strings.ReplaceAll(strings.ReplaceAll(shown, "<mark>", ""), "</mark>", "")
			if strings.ContainsAny(inside, `<>"`) {
				t.Errorf("%q of %q lets markup through: %q", asked, text, shown)
			}
		}
	})
}
