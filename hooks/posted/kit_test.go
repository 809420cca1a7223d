package posted

import (
	"strings"
	"testing"
	"testing/fstest"

	"kinward/hooks/access"
)

const shipped = `---
slug: facebook-about
title: About this page
place: facebook
language: en
position: 1
---
News from {{practice}}. In an emergency call {{emergency}}. **Call** us: {{phone}}. {{policies_link}} {{unknown}}
`

func TestABlockIsFilledInAndStamped(t *testing.T) {
	k := kit{fstest.MapFS{"external/en/facebook-about.md": {Data: []byte(shipped)}}}
	blocks, err := k.blocks("en")
	if err != nil || len(blocks) != 1 {
		t.Fatalf("%v %v", blocks, err)
	}
	practice := access.Practice{Name: "River & Co", Emergency: "Call or text 988, or call 112."}
	blocks[0].finish(practice, []text{{Slug: guidelines, Title: "Guidelines", Number: 3, SHA256: strings.Repeat("ab", 32), Published: "2027-02-03 12:00:00.000Z"}},
		"https://practice.example/policies")
	want := "News from River & Co. In an emergency call 112. Call us: the phone number of the practice. https://practice.example/policies {{unknown}}\n\n" +
		"Guidelines · Version 3, February 3, 2027 · abababababab"
	if blocks[0].Text != want {
		t.Errorf("the text is\n%s\nwant\n%s", blocks[0].Text, want)
	}
	if !strings.Contains(blocks[0].HTML, "River &amp; Co") || !strings.Contains(blocks[0].HTML, "<strong>Call</strong>") {
		t.Errorf("the HTML is %s", blocks[0].HTML)
	}
}

func TestABlockThatIsWrongIsRefused(t *testing.T) {
	for _, change := range [][2]string{{"place: facebook", "place: moon"}, {"slug: facebook-about", "slug: other"}, {"language: en", "language: es"},
		{"position: 1", "positon: 1"}, {"title: About this page", "title: ''"}} {
		k := kit{fstest.MapFS{"external/en/facebook-about.md": {Data: []byte(strings.Replace(shipped, change[0], change[1], 1))}}}
		if _, err := k.blocks("en"); err == nil {
			t.Errorf("%s passes", change[1])
		}
	}
}
