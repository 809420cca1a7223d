// Package frontmatter reads a Markdown file that begins with YAML between two lines of three hyphens. It promises that a name
// which nobody asked for is refused, so that a slip of the pen shows.
package frontmatter

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// Read decodes the front matter into head, a pointer to a struct, and returns the body with line feeds alone. Its errors are
// sentences for who wrote the file.
func Read(raw []byte, most int, head any) (body string, err error) {
	if len(raw) > most {
		return "", fmt.Errorf("the file has %d bytes; %d is the most", len(raw), most)
	}
	source := strings.ReplaceAll(strings.TrimPrefix(string(raw), "\ufeff"), "\r\n", "\n")
	if !utf8.ValidString(source) || strings.ContainsRune(source, 0) {
		return "", errors.New("the file is not UTF-8 text")
	}
	rest, begins := strings.CutPrefix(source, "---\n")
	front, body, ends := strings.Cut(rest, "\n---\n")
	if !begins || !ends {
		return "", errors.New("it must begin with front matter between two lines of ---")
	}
	decoder := yaml.NewDecoder(strings.NewReader(front))
	decoder.KnownFields(true)
	if err := decoder.Decode(head); err != nil && err != io.EOF {
		return "", err
	}
	return body, nil
}
