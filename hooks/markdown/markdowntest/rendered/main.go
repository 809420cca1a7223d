// Command rendered writes what the renderer makes of every payload of the public suites in every place of a text, for
// walks/renderer.mjs to load in a real browser. One JSON object a line: a payload as it is has raw set.
//
// It writes no file where the suites are absent.
//
//	go run ./hooks/markdown/markdowntest/rendered -out cases.jsonl
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"

	"kinward/hooks/markdown"
	"kinward/hooks/markdown/markdowntest"
)

type rendered struct {
	ID    string `json:"id"`
	Place string `json:"place,omitempty"`
	HTML  string `json:"html"`
	Raw   bool   `json:"raw,omitempty"`
}

func main() {
	out := flag.String("out", "", "the file to write")
	every := flag.Int("every", 1, "take every n-th payload only")
	flag.Parse()
	suites := markdowntest.Suites()
	if suites == "" {
		fmt.Fprintln(os.Stderr, "rendered: the public suites are not here: put them in ../shared/suites or set KINWARD_SUITES")
		return // and no file: the caller skips
	}
	if err := run(suites, *out, *every); err != nil {
		fmt.Fprintln(os.Stderr, "rendered:", err)
		os.Exit(1)
	}
}

func run(suites, out string, every int) error {
	payloads, err := markdowntest.Payloads(suites)
	if err != nil {
		return err
	}
	file, err := os.Create(out)
	if err != nil {
		return err
	}
	buffer := bufio.NewWriter(file)
	lines := json.NewEncoder(buffer)
	seen := map[string]bool{} // places often lead to the same HTML: once is enough
	for i, p := range payloads {
		if i%max(every, 1) != 0 {
			continue
		}
		if err := lines.Encode(rendered{ID: p.ID, HTML: p.Text, Raw: true}); err != nil {
			return err
		}
		for _, place := range markdowntest.Places {
			html := markdown.Render(place.With(p.Text))
			if seen[html] {
				continue
			}
			seen[html] = true
			if err := lines.Encode(rendered{ID: p.ID, Place: place.Name, HTML: html}); err != nil {
				return err
			}
		}
	}
	return errors.Join(buffer.Flush(), file.Close())
}
