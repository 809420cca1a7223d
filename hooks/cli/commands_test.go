package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// forPeople are the commands that no script reads: the first two run until they are stopped, superuser is PocketBase's own.
var forPeople = []string{"serve", "demo", "superuser"}

// leaves are the commands that do something, by what is typed for them.
func leaves(command *cobra.Command, typed string) map[string]*cobra.Command {
	out := map[string]*cobra.Command{}
	for _, child := range command.Commands() {
		name := strings.TrimSpace(typed + " " + child.Name())
		switch {
		case child.Hidden:
		case child.HasSubCommands() && name != "superuser":
			for below, leaf := range leaves(child, name) {
				out[below] = leaf
			}
		default:
			out[name] = child
		}
	}
	return out
}

func TestEveryCommand(t *testing.T) {
	all := leaves(Root(maker(nil)), "")
	if len(all) < 10 {
		t.Fatalf("only %d commands were found", len(all))
	}
	for name, command := range all {
		if !strings.HasPrefix(command.Example, "  kinward "+name) {
			t.Errorf("kinward %s has no example in its help: %q", name, command.Example)
		}
		if command.InheritedFlags().Lookup("dir") == nil {
			t.Errorf("kinward %s takes no --dir", name)
		}
		if json := command.Flags().Lookup("json") != nil; json == slices.Contains(forPeople, name) {
			t.Errorf("kinward %s takes --json: %v", name, json)
		}
	}
}

// fails is how each command fails.
func fails(dir string) map[string][]string {
	return map[string][]string{
		"serve": {"--https", "127.0.0.1:0"}, "demo": {"--http", "nonsense"}, "setup": {"--practice", "Riverside"}, "superuser": {"upsert", "it@example.org", "a long password"},
		"doctor": {}, "backup": {}, "restore": {filepath.Join(dir, "no-such-file")}, "policies verify": {}, "audit verify": {},
		"export": {"nobody@example.org", "--out", filepath.Join(dir, "export.zip")}, "version": {"--no-such-flag"},
	}
}

// A command that fails says so in one sentence on standard error, and by its exit code.
func TestEveryCommandFailsInOneSentence(t *testing.T) {
	dir := t.TempDir()
	wrong := fails(dir)
	for name := range leaves(Root(maker(nil)), "") {
		args, known := wrong[name]
		if !known {
			t.Errorf("how kinward %s fails is not tried", name)
			continue
		}
		t.Run(name, func(t *testing.T) {
			child := exec.Command(os.Args[0], slices.Concat(strings.Fields(name), args, []string{"--dir", filepath.Join(dir, strings.ReplaceAll(name, " ", "-"))})...)
			child.Env = append(os.Environ(), "KINWARD_TEST_AS=program")
			var said bytes.Buffer
			child.Stderr = &said
			err := child.Run()
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() != 1 {
				t.Errorf("it ends with %v", err)
			}
			lines := strings.Split(strings.TrimSpace(said.String()), "\n")
			if len(lines) != 1 || !strings.HasPrefix(lines[0], "kinward: ") || len(lines[0]) < 30 {
				t.Errorf("it says %q", said.String())
			}
		})
	}
}

func TestSetupAndVersionTellScripts(t *testing.T) {
	t.Setenv("KINWARD_PASSWORD", "a long walk by the sea")
	dir := newFolder(t)
	var done setupDone
	text := well(t, "setup", "--json", "--dir", dir, "--practice", "Riverside", "--phone", "555-0100", "--name", "Ana Ruiz", "--email", "ana@example.org")
	if err := json.Unmarshal([]byte(text), &done); err != nil {
		t.Fatalf("setup: %v: %s", err, text)
	}
	if done.Practice != "Riverside" || done.Email != "ana@example.org" || len(done.Member) != 15 || done.Dir != dir || done.Key != keyFile(dir) {
		t.Errorf("setup: %+v", done)
	}
	if _, err := os.Stat(done.Key); err != nil {
		t.Errorf("the key that it names: %v", err)
	}
	var is map[string]string
	if err := json.Unmarshal([]byte(well(t, "version", "--json")), &is); err != nil || is["version"] != Version {
		t.Errorf("version: %v, %v", is, err)
	}
}

// What the set-up takes in both languages is stored as the settings would store it.
func TestSetupTakesBothLanguages(t *testing.T) {
	t.Setenv("KINWARD_PASSWORD", "a long walk by the sea")
	dir := newFolder(t)
	well(t, "setup", "--dir", dir, "--practice", "Ribera", "--name", "Ana Ruiz", "--email", "ana@example.org", "--language", "es",
		"--hours", "De 8 a 17", "--hours-other", "8 to 5", "--emergency", "Llame al 911.", "--emergency-other", "Call 911.")
	var said [5]string
	err := database(t, dir).QueryRow("SELECT language, hours, hours_other, emergency, emergency_other FROM practices").Scan(&said[0], &said[1], &said[2], &said[3], &said[4])
	if want := [5]string{"es", "De 8 a 17", "8 to 5", "Llame al 911.", "Call 911."}; err != nil || said != want {
		t.Errorf("%v %v", said, err)
	}
}

// A flag goes before its variable.
func TestAFlagGoesFirst(t *testing.T) {
	t.Setenv("KINWARD_PUBLIC_URL", "https://variable.example.org")
	if r := begin(t, nil, "--dir", dataFolder(t), "--http", "127.0.0.1:0", "--public-url", "https://flag.example.org"); r.url != "https://flag.example.org" {
		t.Error(r.url)
	}
}
