package backup_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"kinward/hooks/backup"
)

// written makes a file by WriteFile from the practice's archive.
func (p *practice) written(path, recipient, passphrase string) *backup.Manifest {
	p.t.Helper()
	to, err := backup.Recipients(recipient, passphrase)
	p.must(err)
	manifest, err := backup.WriteFile(p.t.Context(), path, to, func(w io.Writer) error {
		_, err := backup.Make(p.t.Context(), p.app, w, backup.Source{KeyFile: p.keyFile, WithKey: len(to) > 0})
		return err
	})
	p.must(err)
	return manifest
}

// opens tries to read a file with an identity file or a passphrase.
func opens(t *testing.T, path, identity, passphrase string) error {
	t.Helper()
	identities, err := backup.Identities(identity, passphrase)
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return reads(t, content, identities)
}

func reads(t *testing.T, content []byte, identities []age.Identity) error {
	t.Helper()
	plain, _, err := backup.Decrypt(bytes.NewReader(content), identities)
	if err != nil {
		return err
	}
	_, err = backup.Check(t.Context(), plain)
	return err
}

func TestEncryptedArchives(t *testing.T) {
	p := newPractice(t)
	dir := t.TempDir()
	identity := func(name string) (file, recipient string) {
		text, recipient, err := backup.NewIdentity()
		p.must(err)
		file = filepath.Join(dir, name)
		p.must(os.WriteFile(file, []byte(text), 0o600))
		return file, recipient
	}
	mine, recipient := identity("mine")
	others, _ := identity("others")
	forKey, forPhrase, plain := filepath.Join(dir, "key.age"), filepath.Join(dir, "phrase.age"), filepath.Join(dir, "plain")
	if !p.written(forKey, " "+recipient+",", "").HasKey {
		t.Error("an encrypted archive lacks the practice's key")
	}
	p.written(forPhrase, "", "correct horse")
	p.written(plain, "", "")

	for _, c := range []struct {
		name, file, identity, passphrase string
		want                             error
	}{
		{"its own key", forKey, mine, "", nil},
		{"another key", forKey, others, "", backup.ErrWrongIdentity},
		{"no key", forKey, "", "", backup.ErrEncrypted},
		{"a passphrase instead", forKey, "", "correct horse", backup.ErrWrongIdentity},
		{"its own passphrase", forPhrase, "", "correct horse", nil},
		{"another passphrase", forPhrase, "", "battery staple", backup.ErrWrongIdentity},
		{"a plain one", plain, "", "", nil},
		{"a plain one, with a key all the same", plain, mine, "", nil},
	} {
		if err := opens(t, c.file, c.identity, c.passphrase); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	for _, path := range []string{forKey, forPhrase, plain} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s is open to others: %v", path, err)
		}
	}
}

func TestTamperedEncryptedArchivesAreRefused(t *testing.T) {
	p := newPractice(t)
	text, recipient, err := backup.NewIdentity()
	p.must(err)
	identities, err := age.ParseIdentities(strings.NewReader(text))
	p.must(err)
	path := filepath.Join(t.TempDir(), "archive.age")
	p.written(path, recipient, "")
	content, err := os.ReadFile(path)
	p.must(err)
	for at := 25; at < len(content); at += len(content) / 40 {
		changed := slices.Clone(content)
		changed[at] ^= 1
		if reads(t, changed, identities) == nil {
			t.Errorf("with byte %d of %d changed it was read", at, len(content))
		}
		if reads(t, content[:at], identities) == nil {
			t.Errorf("cut after %d of %d bytes it was read", at, len(content))
		}
	}
	if err := reads(t, append(slices.Clone(content), 0), identities); err == nil {
		t.Error("with a byte more it was read")
	}
}

func TestKeyAndPassphraseTogetherAreRefused(t *testing.T) {
	_, recipient, err := backup.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := backup.Recipients(recipient, "correct horse"); err == nil {
		t.Error("age cannot do both, and neither may be dropped in silence")
	}
	if _, err := backup.Recipients("someone@example.org", ""); err == nil {
		t.Error("an address is no recipient")
	}
}

func TestFailedFileLeavesNothing(t *testing.T) {
	p := newPractice(t)
	archive := p.archive()
	dir := t.TempDir()
	path := filepath.Join(dir, "archive")
	broken := errors.New("the server went away")
	for name, write := range map[string]func(io.Writer) error{
		"the source fails":           func(w io.Writer) error { _, _ = w.Write(archive[:100]); return broken },
		"the source ends too early":  func(w io.Writer) error { _, err := w.Write(archive[:len(archive)-1]); return err },
		"the source is something":    func(w io.Writer) error { _, err := w.Write([]byte("another thing")); return err },
		"the source is nothing":      func(io.Writer) error { return nil },
		"the source says too much":   func(w io.Writer) error { _, err := w.Write(append(slices.Clone(archive), 0)); return err },
		"the source has no manifest": func(w io.Writer) error { _, err := w.Write(putTogether(takeApart(t, archive)[:3])); return err },
	} {
		if _, err := backup.WriteFile(t.Context(), path, nil, write); err == nil {
			t.Errorf("%s: it says that all is well", name)
		}
		if left, _ := os.ReadDir(dir); len(left) > 0 {
			t.Errorf("%s: %s was left", name, left[0].Name())
		}
	}
}

func TestFileThatIsThereIsNotTouched(t *testing.T) {
	p := newPractice(t)
	path := filepath.Join(t.TempDir(), "archive")
	p.must(os.WriteFile(path, []byte("precious"), 0o600))
	_, err := backup.WriteFile(t.Context(), path, nil, func(io.Writer) error { return nil })
	if content, _ := os.ReadFile(path); err == nil || string(content) != "precious" {
		t.Errorf("%v, and it holds %q", err, content)
	}
}

func TestWhatKilledBackupsLeftIsRemoved(t *testing.T) {
	p := newPractice(t)
	dir := t.TempDir()
	p.must(os.WriteFile(filepath.Join(dir, "old.kinward-partial"), []byte("half"), 0o600))
	p.must(os.WriteFile(filepath.Join(dir, "mine.partial"), []byte("not ours"), 0o600))
	p.written(filepath.Join(dir, "archive"), "", "")
	left, err := os.ReadDir(dir)
	p.must(err)
	if len(left) != 2 || left[0].Name() != "archive" || left[1].Name() != "mine.partial" {
		t.Errorf("left: %v", left)
	}
}

func TestPruneKeepsTheNewest(t *testing.T) {
	dir := t.TempDir()
	start := time.Date(2026, 2, 27, 2, 30, 0, 0, time.UTC)
	var names []string
	for day := range 5 {
		names = append(names, backup.Name(start.AddDate(0, 0, day), day%2 == 0))
	}
	others := []string{"kinward-notes.tar.gz", "before-upgrade.tar.gz", "kinward-20260101T000000Z.tar.gz.kinward-partial"}
	for _, name := range append(slices.Clone(names), others...) {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if newest, err := backup.Newest(dir); err != nil || !newest.Equal(start.AddDate(0, 0, 4)) {
		t.Errorf("the newest was made at %v, %v", newest, err)
	}
	if none, err := backup.Newest(t.TempDir()); err != nil || !none.IsZero() {
		t.Errorf("in an empty folder: %v, %v", none, err)
	}
	removed, err := backup.Prune(dir, 2)
	if err != nil || len(removed) != 3 {
		t.Fatalf("removed %v, %v", removed, err)
	}
	for i, name := range names {
		if _, err := os.Stat(filepath.Join(dir, name)); (err == nil) != (i >= 3) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range others {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Errorf("%s is none of ours, and is gone", name)
		}
	}
}
