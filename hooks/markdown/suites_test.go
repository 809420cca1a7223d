package markdown_test

import (
	"testing"

	"kinward/hooks/markdown"
	"kinward/hooks/markdown/markdowntest"
)

var memberSchemes = []string{"http", "https", "mailto"}

func suites(t *testing.T) string {
	t.Helper()
	dir := markdowntest.Suites()
	if dir == "" {
		t.Skip("the public suites are not here: put them in ../shared/suites or set KINWARD_SUITES")
	}
	return dir
}

// Every public payload, in every place of a text, leaves nothing that is not on the strict list.
func TestPublicPayloadsLeaveNothing(t *testing.T) {
	payloads, err := markdowntest.Payloads(suites(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(payloads) < 5000 {
		t.Fatalf("only %d payloads: the suites have changed", len(payloads))
	}
	for _, place := range markdowntest.Places {
		t.Run(place.Name, func(t *testing.T) {
			t.Parallel()
			for i, p := range payloads {
				if i%slowdown != 0 {
					continue
				}
				source := place.With(p.Text)
				for _, left := range markdowntest.Survivors(markdown.Render(source), memberSchemes...) {
					t.Errorf("%s: %s survives\nsource %q", p.ID, left, source)
				}
			}
		})
	}
	t.Logf("%d payloads × %d places", len(payloads), len(markdowntest.Places))
}

// The list must be able to fail: the same payloads as they are break it.
func TestTheListNoticesPayloads(t *testing.T) {
	payloads, err := markdowntest.Payloads(suites(t))
	if err != nil {
		t.Fatal(err)
	}
	noticed := 0
	for _, p := range payloads {
		if len(markdowntest.Survivors(p.Text, memberSchemes...)) > 0 {
			noticed++
		}
	}
	if noticed < len(payloads)/2 {
		t.Errorf("only %d of %d", noticed, len(payloads))
	}
	t.Logf("%d of %d payloads hold something that is not on the list", noticed, len(payloads))
}
