package hooks_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
	"kinward/hooks/messages"
)

var (
	routeRow = regexp.MustCompile(`(?m)^\| ((?:GET|POST|PUT|PATCH|DELETE) /\S*) \| (\w+) \|`)
	codeRow  = regexp.MustCompile("(?m)^\\| `([a-z0-9_]+)` \\| (\\d+) \\|")
	codeInGo = regexp.MustCompile(`(?s)clinic\.Fault\{[^}]*?Code: +"([a-z0-9_]+)"|&Fault\{[^}]*?Code: +"([a-z0-9_]+)"`)
)

func TestTheAPIPageListsEveryDoor(t *testing.T) {
	page := read(t, "docs/api.md")
	listed := map[string]string{}
	for _, row := range routeRow.FindAllStringSubmatch(page, -1) {
		listed[row[1]] = row[2]
	}
	c := hookstest.Empty(t)
	for _, door := range c.House.Doors() {
		name := door.Method + " " + strings.TrimPrefix(door.Path, clinic.APIPrefix)
		if listed[name] != door.Guard {
			t.Errorf("docs/api.md says of %s: %q; the house: %q", name, listed[name], door.Guard)
		}
		delete(listed, name)
	}
	for name := range listed {
		t.Errorf("docs/api.md lists %s, which is not there", name)
	}
}

// faultCodes are all codes in the source.
func faultCodes(t *testing.T) []string {
	t.Helper()
	codes := map[string]bool{}
	for _, file := range goFiles(t) {
		for _, found := range codeInGo.FindAllStringSubmatch(read(t, file.path), -1) {
			codes[found[1]+found[2]] = true
		}
	}
	if len(codes) < 60 {
		t.Fatalf("only %d codes were found", len(codes))
	}
	return slices.Sorted(maps.Keys(codes))
}

func TestTheAPIPageListsEveryCode(t *testing.T) {
	listed := map[string]bool{}
	for _, row := range codeRow.FindAllStringSubmatch(read(t, "docs/api.md"), -1) {
		listed[row[1]] = true
	}
	for _, code := range faultCodes(t) {
		if !listed[code] {
			t.Errorf("docs/api.md lacks the code %s", code)
		}
		delete(listed, code)
	}
	for code := range listed {
		t.Errorf("docs/api.md lists %s, which nothing answers", code)
	}
}

func TestEveryFaultHasItsSentence(t *testing.T) {
	for _, code := range faultCodes(t) {
		for _, lang := range clinic.Languages {
			key := "fault." + code
			if messages.Say(lang, key, nil) == key {
				t.Errorf("the catalogue has no sentence for %s in %s", key, lang)
			}
		}
	}
}
