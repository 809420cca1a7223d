package markdown_test

import (
	"testing"

	"kinward/hooks/markdown"
)

func TestBlocksDoNotRunTogetherInABeginning(t *testing.T) {
	for _, c := range []struct{ source, want string }{
		{"What helped:\n\n- a small plate\n- water before coffee\n\nIt is still hard.", "What helped: a small plate · water before coffee · It is still hard."},
		{"| day | time |\n|---|---|\n| Monday | 8 to 12 |\n\nBring your card.", "day · time · Monday · 8 to 12 · Bring your card."},
		{"# Once a day\n\nLook at *the top*, and\nthe sole.\n\nFeel for warm spots.", "Once a day · Look at the top, and the sole. Feel for warm spots."},
		{"one  \ntwo", "one two"},
		{"- ¿Y ahora?\n- Sí", "¿Y ahora? Sí"},
	} {
		if got := markdown.Beginning(markdown.Render(c.source), 200); got != c.want {
			t.Errorf("%q begins %q, not %q", c.source, got, c.want)
		}
	}
}

// What a picture shows is found, and so is among the words around what was found; the beginning of a text is of its own words.
func TestWhatAPictureShowsIsAmongTheWords(t *testing.T) {
	rendered := markdown.Render("My garden ![A red \"shed\"](/api/clinic/files/abcdefghijklmno) today.")
	if got, want := markdown.OneLine(markdown.Words(rendered)), "My garden · A red \"shed\" · today."; got != want {
		t.Errorf("the words are %q, want %q", got, want)
	}
	if got := markdown.Beginning(rendered, 100); got != "My garden today." {
		t.Errorf("it begins with %q", got)
	}
}
