package markdowntest

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
)

// Suites finds the folder of public suites, which the project does not hold: KINWARD_SUITES, else ../shared/suites
// beside the repository. It gives "" where there is none; a test then skips.
func Suites() string {
	if dir := os.Getenv("KINWARD_SUITES"); dir != "" {
		return dir
	}
	dir, err := os.Getwd()
	for err == nil {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			found := filepath.Join(dir, "..", "shared", "suites")
			if _, err := os.Stat(found); err == nil {
				return found
			}
			return ""
		}
		if dir == filepath.Dir(dir) {
			return ""
		}
		dir = filepath.Dir(dir)
	}
	return ""
}

// Payload is one hostile text of a suite.
type Payload struct {
	ID   string `json:"id"`
	Text string `json:"payload"`
}

// Payloads reads every text of the suites' xss folder, in a fixed order.
func Payloads(suites string) ([]Payload, error) {
	files, err := filepath.Glob(filepath.Join(suites, "xss", "*.jsonl"))
	if err != nil {
		return nil, err
	}
	var all []Payload
	for _, name := range files {
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		lines := bufio.NewScanner(file)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var p Payload
			if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
				return nil, err
			}
			all = append(all, p)
		}
		if err := lines.Err(); err != nil {
			return nil, err
		}
		file.Close()
	}
	return all, nil
}

// Place is somewhere in a Markdown text where a payload can be put.
type Place struct {
	Name string
	With func(payload string) string
}

// Places lists every place in which the renderer treats a text in its own way.
var Places = []Place{
	{"alone", func(p string) string { return p }},
	{"in emphasis", func(p string) string { return "**" + p + "** and _" + p + "_ ~~" + p + "~~" }},
	{"as an address", func(p string) string { return "[a](" + p + ")\n\n[a](<" + p + ">)" }},
	{"as a picture's address", func(p string) string { return "![a](" + p + ")\n\n![a](<" + p + ">)" }},
	{"as an autolink", func(p string) string { return "<" + p + "> https://example.org/" + p }},
	{"as a title", func(p string) string { return `[a](/b "` + p + `") ![a](/api/clinic/files/c '` + p + `')` }},
	{"as a link's words", func(p string) string { return "[" + p + "](https://example.org) ![" + p + "](/api/clinic/files/c)" }},
	{"as a definition", func(p string) string { return "[a]: " + p + "\n[b]: <" + p + "> \"" + p + "\"\n\n[a] ![b] [b]" }},
	{"in code", func(p string) string { return "`" + p + "`\n\n```" + p + "\n" + p + "\n```\n\n    " + p }},
	{"in a list and a quote", func(p string) string { return "- [ ] " + p + "\n\n> " + p + "\n\n1. # " + p }},
	{"in a table", func(p string) string { return "| " + p + " | a |\n|:-|-|\n| " + p + " | " + p + " |" }},
	{"escaped", func(p string) string { return strings.NewReplacer("<", "&lt;", ">", "&#62;", `"`, "&#x22;").Replace(p) }},
	{"inside a tag", func(p string) string { return "<div title=\"" + p + "\">\n\n" + p + "\n\n</div>" }},
}
