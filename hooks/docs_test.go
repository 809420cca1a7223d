package hooks_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	namedTest = regexp.MustCompile("`((?:Test|Fuzz)[A-Z]\\w*)`")
	namedPath = regexp.MustCompile("`((?:hooks|policies|pb_migrations|pb_public|docs|walks)/[\\w./-]+)`")
	pageLink  = regexp.MustCompile(`\]\(([^)#: ]+)(?:#[^)]*)?\)`)
	testFunc  = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)[A-Z]\w*)\(`)
)

// Documents say which test shows what: a name that is no longer there would be an empty promise.
func TestWhatTheDocumentsNameIsThere(t *testing.T) {
	root := ".."
	tests := testsUnder(t, root)
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil || len(pages) == 0 {
		t.Fatalf("no documents: %v", err)
	}
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range namedTest.FindAllStringSubmatch(string(text), -1) {
			if !tests[found[1]] {
				t.Errorf("%s names %s, which is no test", filepath.Base(page), found[1])
			}
		}
		for _, found := range namedPath.FindAllStringSubmatch(string(text), -1) {
			mustBe(t, page, filepath.Join(root, found[1]))
		}
		for _, found := range pageLink.FindAllStringSubmatch(string(text), -1) {
			mustBe(t, page, filepath.Join(filepath.Dir(page), found[1]))
		}
	}
}

func mustBe(t *testing.T, page, name string) {
	t.Helper()
	if _, err := os.Stat(name); err != nil {
		t.Errorf("%s points at %s: %v", filepath.Base(page), name, err)
	}
}

// testsUnder lists the names of all tests in the tree.
func testsUnder(t *testing.T, root string) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == ".git"):
			return fs.SkipDir
		case !strings.HasSuffix(name, "_test.go"):
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		for _, found := range testFunc.FindAllStringSubmatch(string(text), -1) {
			out[found[1]] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
