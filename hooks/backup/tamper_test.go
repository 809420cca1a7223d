package backup_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kinward/hooks/backup"
	"kinward/hooks/clinic"
)

// entry is one member of an archive taken apart.
type entry struct {
	tar.Header
	text []byte
}

func takeApart(t *testing.T, archive []byte) (entries []entry) {
	t.Helper()
	compressed, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		t.Fatal(err)
	}
	reader := tar.NewReader(compressed)
	for {
		head, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return entries
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(reader)
		if err != nil {
			t.Fatal(err)
		}
		entries = append(entries, entry{*head, text})
	}
}

func putTogether(entries []entry) []byte {
	var out bytes.Buffer
	compressed := gzip.NewWriter(&out)
	writer := tar.NewWriter(compressed)
	for _, e := range entries {
		e.Size = int64(len(e.text))
		_ = writer.WriteHeader(&e.Header)
		_, _ = writer.Write(e.text)
	}
	_ = writer.Close()
	_ = compressed.Close()
	return out.Bytes()
}

func find(entries []entry, name string) int {
	return slices.IndexFunc(entries, func(e entry) bool { return strings.HasSuffix(e.Name, name) })
}

// describe makes the manifest say what the members are now: what somebody does who knows the format and not the key.
func describe(entries []entry, change func(*backup.Manifest)) []entry {
	at := find(entries, "manifest.json")
	var manifest backup.Manifest
	_ = json.Unmarshal(entries[at].text, &manifest)
	manifest.Members = nil
	for _, e := range entries[:at] {
		digest := sha256.Sum256(e.text)
		manifest.Members = append(manifest.Members, backup.Member{Name: e.Name, Size: int64(len(e.text)), SHA256: hex.EncodeToString(digest[:])})
	}
	if change != nil {
		change(&manifest)
	}
	entries[at].text, _ = json.Marshal(manifest)
	return entries
}

// reseal seals the manifest with the practice's own key: only what the content itself gives away is left to find.
func reseal(t *testing.T, entries []entry, keyFile string) []entry {
	t.Helper()
	key, err := clinic.LoadKey(keyFile, false)
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha256.New, key.Derive("backup manifest"))
	mac.Write(entries[find(entries, "manifest.json")].text)
	entries[find(entries, "manifest.seal")].text = []byte(hex.EncodeToString(mac.Sum(nil)))
	return entries
}

func added(entries []entry, header tar.Header, text string) []entry {
	if header.Typeflag == 0 {
		header.Typeflag = tar.TypeReg
	}
	header.Mode = 0o600
	at := find(entries, "manifest.json")
	return slices.Insert(entries, at, entry{header, []byte(text)})
}

// TestTamperedArchivesAreRefused takes an archive apart, changes it in one way after the other, and puts it together again.
// Each is refused, the practice is as it was, and nothing is left beside it.
func TestTamperedArchivesAreRefused(t *testing.T) {
	p := newPractice(t)
	_, err := p.upload()
	p.must(err)
	archive := p.archive()
	p.close()

	member := func(entries []entry) int { return find(entries, ".bin") }
	tampering := map[string]func([]entry) []entry{
		"a file changed": func(e []entry) []entry { e[member(e)].text[7] ^= 1; return e },
		"a file changed and described": func(e []entry) []entry {
			e[member(e)].text[7] ^= 1
			return describe(e, nil)
		},
		"a file left out": func(e []entry) []entry { i := member(e); return slices.Delete(e, i, i+1) },
		"a file left out and described": func(e []entry) []entry {
			i := member(e)
			return describe(slices.Delete(e, i, i+1), nil)
		},
		"a file that a row names, left out by who has the key": func(e []entry) []entry {
			i := member(e)
			return reseal(t, describe(slices.Delete(e, i, i+1), nil), p.keyFile)
		},
		"a file added":               func(e []entry) []entry { return added(e, tar.Header{Name: "data/new"}, "new") },
		"a file added and described": func(e []entry) []entry { return describe(added(e, tar.Header{Name: "data/new"}, "new"), nil) },
		"a file twice": func(e []entry) []entry {
			return reseal(t, describe(added(e, e[member(e)].Header, "again"), nil), p.keyFile)
		},
		"the database changed by who has the key": func(e []entry) []entry {
			text := e[find(e, "data.db")].text
			copy(text[len(text)-2000:], bytes.Repeat([]byte{0xFF}, 1500))
			return reseal(t, describe(e, nil), p.keyFile)
		},
		"no database": func(e []entry) []entry { return reseal(t, describe(e[1:], nil), p.keyFile) },
		"other row counts, by who has the key": func(e []entry) []entry {
			return reseal(t, describe(e, func(m *backup.Manifest) { m.Tables["data.db"]["users"]++ }), p.keyFile)
		},
		"a later format": func(e []entry) []entry {
			return reseal(t, describe(e, func(m *backup.Manifest) { m.Format++ }), p.keyFile)
		},
		"another key's name": func(e []entry) []entry { return describe(e, func(m *backup.Manifest) { m.KeyID = "0000000000000000" }) },
		"no key where one is promised": func(e []entry) []entry {
			i := find(e, "practice.key")
			return reseal(t, describe(slices.Delete(e, i, i+1), nil), p.keyFile)
		},
		"no manifest":         func(e []entry) []entry { i := find(e, "manifest.json"); return slices.Delete(e, i, i+1) },
		"no seal":             func(e []entry) []entry { return e[:len(e)-1] },
		"an empty seal":       func(e []entry) []entry { e[len(e)-1].text = nil; return e },
		"two seals":           func(e []entry) []entry { return append(e, e[len(e)-1]) },
		"a file after":        func(e []entry) []entry { return append(e, e[member(e)]) },
		"a manifest of noise": func(e []entry) []entry { e[find(e, "manifest.json")].text = []byte("{"); return e },
		"nothing at all":      func([]entry) []entry { return nil },
		"a symbolic link": func(e []entry) []entry {
			return reseal(t, describe(added(e, tar.Header{Name: "data/link", Typeflag: tar.TypeSymlink, Linkname: "/etc"}, ""), nil), p.keyFile)
		},
		"a hard link": func(e []entry) []entry {
			return reseal(t, describe(added(e, tar.Header{Name: "data/link", Typeflag: tar.TypeLink, Linkname: "data/data.db"}, ""), nil), p.keyFile)
		},
		"a device": func(e []entry) []entry {
			return reseal(t, describe(added(e, tar.Header{Name: "data/device", Typeflag: tar.TypeChar}, ""), nil), p.keyFile)
		},
	}
	for _, name := range []string{
		"../evil", "/evil", "data", "data/", "data/..", "data/../evil", "data/../../evil", "data//evil", "data/./evil", "data/a/../../../evil",
		`data\..\evil`, "data/a\x00b", "evil", "data/kinward.lock", "data/kinward.sock", "data/data.db-wal", "data/data.db-journal",
		"data/.kinward_restoring", "data/.kinward_backup/evil", "data/data.db/evil",
	} {
		tampering["a name that leaves the folder or is not data: "+name] = func(e []entry) []entry {
			return reseal(t, describe(added(e, tar.Header{Name: name}, "evil"), nil), p.keyFile)
		}
	}
	for name, tamper := range tampering {
		t.Run(name, func(t *testing.T) { p.refuses(t, putTogether(tamper(takeApart(t, archive)))) })
	}
	raw := map[string][]byte{
		"an empty file": nil, "another kind of file": []byte("PK\x03\x04 a zip"), "more at the end": append(slices.Clone(archive), 0),
		"a second archive at the end": append(slices.Clone(archive), archive...), "cut at the end": archive[:len(archive)-1],
		"cut in the middle": archive[:len(archive)/2], "cut at the start": archive[:5],
	}
	for name, content := range raw {
		t.Run(name, func(t *testing.T) { p.refuses(t, content) })
	}
	t.Run("one bit", func(t *testing.T) { p.oneBit(t, archive) })
	for range 2 { // twice within a second
		if _, err := backup.Restore(t.Context(), bytes.NewReader(archive), p.target(p.dir)); err != nil {
			t.Errorf("the archive itself: %v", err)
		}
	}
}

// oneBit changes one bit after the other. What is not refused is a bit that means nothing: the practice is the same.
func (p *practice) oneBit(t *testing.T, archive []byte) {
	restored := func(content []byte) (map[string]string, error) {
		dir := filepath.Join(t.TempDir(), "new")
		_, err := backup.Restore(t.Context(), bytes.NewReader(content), p.target(dir))
		if err != nil {
			return nil, err
		}
		return tree(t, dir), nil
	}
	want, err := restored(archive)
	p.must(err)
	refused := 0
	for at := 0; at < len(archive); at += len(archive) / 40 {
		changed := slices.Clone(archive)
		changed[at] ^= 0x10
		got, err := restored(changed)
		if err != nil {
			refused++
			continue
		}
		if !maps.Equal(got, want) {
			t.Errorf("with byte %d changed, another practice was restored", at)
		}
	}
	if refused < 30 {
		t.Errorf("only %d of 40 were refused", refused)
	}
}

// refuses fails unless a restore of this content fails and changes nothing.
func (p *practice) refuses(t *testing.T, content []byte) {
	t.Helper()
	before := tree(t, filepath.Dir(p.dir))
	if _, err := backup.Restore(t.Context(), bytes.NewReader(content), p.target(p.dir)); err == nil {
		t.Fatal("it was restored")
	}
	after := tree(t, filepath.Dir(p.dir))
	if !maps.Equal(before, after) {
		t.Errorf("something was left, lost or changed: %v before, %v after", before, after)
	}
}

func TestAnotherMachinesArchiveIsRestoredOnlyWhenMeant(t *testing.T) {
	p := newPractice(t)
	archive := p.archive()
	p.close()
	other := p.target(filepath.Join(t.TempDir(), "other"))
	_, err := clinic.LoadKey(other.KeyFile, true)
	p.must(err)
	own, err := os.ReadFile(other.KeyFile)
	p.must(err)
	if _, err := backup.Restore(t.Context(), bytes.NewReader(archive), other); !errors.Is(err, backup.ErrOtherKey) {
		t.Fatalf("without being told to: %v", err)
	}
	other.OtherKey = true
	done, err := backup.Restore(t.Context(), bytes.NewReader(archive), other)
	p.must(err)
	for path, want := range map[string]string{other.KeyFile: p.keyFile, done.KeptKey: ""} {
		got, err := os.ReadFile(path)
		p.must(err)
		expected := own
		if want != "" {
			expected, err = os.ReadFile(want)
			p.must(err)
		}
		if !bytes.Equal(got, expected) {
			t.Errorf("%s holds the wrong key", path)
		}
	}
}

func TestArchiveWithoutAnyKeyIsRestoredAndSaysSo(t *testing.T) {
	p := newPractice(t)
	var out bytes.Buffer
	_, err := backup.Make(t.Context(), p.app, &out, backup.Source{KeyFile: p.keyFile})
	p.must(err)
	done, err := backup.Restore(t.Context(), &out, p.target(filepath.Join(t.TempDir(), "new")))
	p.must(err)
	if done.Sealed {
		t.Error("it says that the seal was proven, which nothing could")
	}
}
