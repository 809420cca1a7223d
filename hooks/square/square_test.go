package square

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"rsc.io/qr"
)

// The drawing has a black square exactly where the code has one, within its quiet border.
func TestSVG(t *testing.T) {
	link := "https://practice.example/join#" + strings.Repeat("a", 43)
	svg, err := SVG(link)
	if err != nil || !strings.HasPrefix(svg, "<svg ") || strings.Contains(svg, "script") || len(svg) > 20_000 {
		t.Fatalf("%v %d %.80s", err, len(svg), svg)
	}
	code, err := qr.Encode(link, qr.M)
	if err != nil {
		t.Fatal(err)
	}
	black := map[[2]int]bool{}
	for _, run := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-`).FindAllStringSubmatch(svg, -1) {
		var n [3]int
		for i := range n {
			n[i], _ = strconv.Atoi(run[i+1])
		}
		for x := range n[2] {
			black[[2]int{n[0] + x, n[1]}] = true
		}
	}
	for y := range code.Size + 2*quiet {
		for x := range code.Size + 2*quiet {
			inside := min(x, y) >= quiet && max(x, y) < code.Size+quiet
			if want := inside && code.Black(x-quiet, y-quiet); black[[2]int{x, y}] != want {
				t.Fatalf("the square at %d, %d", x, y)
			}
		}
	}
}
