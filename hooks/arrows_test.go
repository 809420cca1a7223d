package hooks_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// capabilities are the packages that must not know each other: they meet in records and in events.
var capabilities = []string{"cases", "check", "community", "event", "file", "follow", "home", "invitation", "member", "mention", "moderation", "notification", "policy", "poll",
	"post", "posted", "practice", "reaction", "review", "search"}

// arrows says which of our packages each package may import, its tests aside. What is not listed may not be imported.
var arrows = map[string][]string{
	"":                      {"hooks", "hooks/access", "hooks/cli", "pb_public", "policies"},
	"hooks":                 append([]string{"hooks/access", "hooks/clinic", "hooks/mails", "hooks/messages", "hooks/readiness", "hooks/site", "hooks/statements", "pb_migrations"}, under(capabilities...)...),
	"hooks/access":          {"hooks/clinic", "hooks/messages"},
	"hooks/autotls":         {},
	"hooks/backup":          {"hooks/clinic", "hooks/folder"},
	"hooks/cli":             {"hooks/access", "hooks/autotls", "hooks/backup", "hooks/clinic", "hooks/demo", "hooks/export", "hooks/folder", "hooks/mails", "hooks/mention", "hooks/messages", "hooks/notification", "hooks/policy", "hooks/practice", "hooks/readiness", "hooks/site"},
	"hooks/check/measure":   {"hooks/check"},
	"hooks/check/learn":     {"hooks/check"},
	"hooks/clinic":          {},
	"hooks/demo":            {"hooks/access", "hooks/clinic", "hooks/moderation", "hooks/poll", "hooks/practice", "hooks/review"},
	"hooks/export":          {"hooks/access", "hooks/clinic"},
	"hooks/folder":          {},
	"hooks/frontmatter":     {},
	"hooks/hookstest":       {"hooks", "hooks/access", "hooks/clinic", "hooks/mails", "hooks/mails/mailstest", "hooks/policy", "policies"},
	"hooks/mails":           {"hooks/clinic", "hooks/messages"},
	"hooks/mails/mailstest": {},
	"hooks/markdown":        {"hooks/clinic"},
	"hooks/media":           {"hooks/clinic"},
	"hooks/media/mediatest": {},
	"hooks/messages":        {"hooks/clinic"},
	"hooks/readiness":       {"hooks/access"},
	"hooks/reading":         {},
	"hooks/site":            {},
	"hooks/square":          {},
	"hooks/statements":      {},
	"pb_migrations":         {},
	"pb_public":             {},
	"policies":              {},
}

func init() {
	for _, name := range capabilities {
		arrows["hooks/"+name] = []string{"hooks/access", "hooks/clinic", "hooks/mails", "hooks/markdown", "hooks/messages"}
	}
	arrows["hooks/file"] = append(arrows["hooks/file"], "hooks/media")
	arrows["hooks/invitation"] = append(arrows["hooks/invitation"], "hooks/square")
	arrows["hooks/cases"] = append(arrows["hooks/cases"], "hooks/frontmatter")
	arrows["hooks/posted"] = append(arrows["hooks/posted"], "hooks/frontmatter", "hooks/site", "hooks/square")
	arrows["hooks/policy"] = append(arrows["hooks/policy"], "hooks/reading") // the editor's meter
}

func under(names ...string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = "hooks/" + name
	}
	return out
}

// onlyDoors are libraries that one or two packages may import: what they are used for stands in one place.
var onlyDoors = map[string][]string{
	"github.com/yuin/goldmark":              {"hooks/markdown"},
	"github.com/microcosm-cc/bluemonday":    {"hooks/markdown"},
	"github.com/emersion/go-smtp":           {"hooks/mails", "hooks/mails/mailstest", "hooks/demo"}, // demo's is the mailbox, a server
	"github.com/caddyserver/certmagic":      {"hooks/autotls"},
	"filippo.io/age":                        {"hooks/backup", "hooks/cli"},
	"github.com/nicksnyder/go-i18n":         {"hooks/messages"},
	"rsc.io/qr":                             {"hooks/square"},
	"github.com/SherClockHolmes/webpush-go": {"hooks/notification"},
	"github.com/nyaruka/phonenumbers":       {"hooks/check"}, // knows which digits are a telephone number
	"github.com/pdfcpu/pdfcpu":              {"hooks/media"},
	"golang.org/x/image":                    {"hooks/media"},
	"go.yaml.in/yaml":                       {"hooks/frontmatter", "hooks/policy"},
	"github.com/sergi/go-diff":              {"hooks/policy"},
}

// frameworkFree are files of rules: they import the standard library and our shared words, never PocketBase.
var frameworkFree = regexp.MustCompile(`^hooks/(\w+)/(\w+)\.go$`)

type goFile struct {
	path, dir string
	imports   []string
}

func goFiles(t *testing.T) []goFile {
	t.Helper()
	var out []goFile
	root := ".."
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == ".git" || entry.Name() == "testdata") {
			return filepath.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		file := goFile{path: filepath.ToSlash(name), dir: strings.TrimPrefix(filepath.ToSlash(filepath.Dir(name)), ".")}
		for _, spec := range parsed.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			file.imports = append(file.imports, imported)
		}
		out = append(out, file)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 150 {
		t.Fatalf("only %d files were walked", len(out))
	}
	return out
}

func TestArrows(t *testing.T) {
	for _, file := range goFiles(t) {
		if strings.HasPrefix(file.dir, "bench") || strings.HasPrefix(file.dir, "hooks/markdown/markdowntest") {
			continue // tools beside the product; nothing of it imports them
		}
		allowed, known := arrows[file.dir]
		if !known {
			t.Errorf("%s is in a package that the arrows do not know", file.path)
			continue
		}
		for _, imported := range file.imports {
			if ours, is := strings.CutPrefix(imported, "kinward/"); is && !slices.Contains(allowed, ours) {
				t.Errorf("%s imports %s", file.path, imported)
			}
			for library, doors := range onlyDoors {
				if strings.HasPrefix(imported, library) && !slices.Contains(doors, file.dir) {
					t.Errorf("%s imports %s, which is for %v alone", file.path, imported, doors)
				}
			}
		}
	}
}

func TestRulesKnowNoFramework(t *testing.T) {
	for _, file := range goFiles(t) {
		m := frameworkFree.FindStringSubmatch(file.path)
		if m == nil || m[1] != m[2] || !slices.Contains(capabilities, m[1]) {
			continue
		}
		for _, imported := range file.imports {
			if strings.Contains(imported, "pocketbase") || imported == "kinward/hooks/access" {
				t.Errorf("%s holds rules and imports %s", file.path, imported)
			}
		}
	}
}

func TestRoutesAreDeclaredWithAGuard(t *testing.T) {
	for _, file := range goFiles(t) {
		if strings.HasPrefix(file.dir, "bench") || slices.Contains([]string{"hooks/access", "hooks/site", "hooks/demo", "hooks/cli"}, file.dir) {
			continue
		}
		source := read(t, file.path)
		if strings.Contains(source, "se.Router.") || strings.Contains(source, ".Router.GET(") {
			t.Errorf("%s binds a route without a guard: use house.Routes", file.path)
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	source, err := os.ReadFile(filepath.Join("..", path))
	if err != nil {
		t.Fatal(err)
	}
	return string(source)
}
