package backup

import (
	"context"
	"crypto/hmac"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"kinward/hooks/clinic"
	"kinward/hooks/folder"
)

// Target says where an archive goes.
type Target struct {
	Dir      string    // the data folder; it may exist, and is then kept aside
	KeyFile  string    // the practice's key; made from the archive where there is none
	OtherKey bool      // go on although the archive belongs to another key than the one in KeyFile
	Known    []string  // the migrations that this binary has
	Now      time.Time // names the folder that is kept aside
}

// Restored tells what a restore did.
type Restored struct {
	Manifest *Manifest
	Kept     string // the folder that holds what was there before; empty where there was nothing
	KeptKey  string // the key that was there before, where the archive brought another
	Sealed   bool   // the manifest's seal was made with the key that is in use now
}

// Restore puts the archive from r in the place of the data folder. It builds and checks the new folder beside the old one,
// then exchanges the two in one step; before that step the old folder is untouched, after it the new one is complete. It
// returns *folder.InUse while a process works on the folder.
func Restore(ctx context.Context, r io.Reader, target Target) (*Restored, error) {
	target.Dir = filepath.Clean(target.Dir)
	own, err := folder.OwnerOf(target.Dir)
	if err != nil {
		return nil, err
	}
	_, err = os.Lstat(target.Dir)
	exists := !gone(err)
	if exists {
		held, err := folder.Hold(target.Dir)
		if err != nil {
			return nil, err
		}
		defer held.Release()
	}
	if err := Settle(target.Dir, target.KeyFile); err != nil {
		return nil, err
	}
	stamp := freeStamp(target)
	built, err := build(ctx, r, target, stamp)
	if err != nil {
		return nil, err
	}
	done := &Restored{Manifest: built.manifest, Sealed: built.sealed}
	err = built.install(target, own, exists)
	var unfinished *Unfinished
	switch {
	case errors.As(err, &unfinished):
		return nil, err // what stands beside the practice now is the old one
	case err != nil:
		return nil, errors.Join(err, os.RemoveAll(built.dir), dropStaged(target.KeyFile))
	}
	if exists {
		done.Kept = asideName(target.Dir, stamp)
	}
	if built.newKey && built.oldKey {
		done.KeptKey = asideName(target.KeyFile, stamp)
	}
	return done, nil
}

// freeStamp tells the time in a way that no folder or key beside the practice has in its name yet.
func freeStamp(target Target) string {
	stamp := target.Now.UTC().Format("20060102T150405Z")
	for n, free := 1, stamp; ; n++ {
		taken := false
		for _, path := range []string{asideName(target.Dir, free), target.Dir + restoringInfix + free, asideName(target.KeyFile, free)} {
			_, err := os.Lstat(path)
			taken = taken || !gone(err)
		}
		if !taken {
			return free
		}
		free = fmt.Sprintf("%s-%d", stamp, n)
	}
}

// staging is a folder that is being built beside the data folder.
type staging struct {
	dir      string
	key      []byte // the archive's key file, where it is to be installed
	oldKey   bool   // a key file is there already
	newKey   bool   // key is to be installed
	sealed   bool
	manifest *Manifest
}

// build fills a new folder beside the data folder from the archive and proves that it is whole; on failure it removes it.
func build(ctx context.Context, r io.Reader, target Target, stamp string) (_ *staging, err error) {
	s := &staging{dir: target.Dir + restoringInfix + stamp}
	if err := os.Mkdir(s.dir, 0o700); err != nil {
		return nil, fmt.Errorf("the new folder cannot be made: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(s.dir))
		}
	}()
	if err := writeMarker(s.dir, marker{Stamp: stamp}); err != nil {
		return nil, err
	}
	found, err := s.extract(ctx, r)
	if err != nil {
		return nil, err
	}
	s.manifest = found.manifest
	if err := s.chooseKey(found, target); err != nil {
		return nil, err
	}
	if err := s.compare(ctx, target.Known); err != nil {
		return nil, err
	}
	return s, nil
}

// extract writes the archive's files. Every path goes through an os.Root, which nothing in an archive can leave, and
// no file is written twice.
func (s *staging) extract(ctx context.Context, r io.Reader) (*contents, error) {
	root, err := os.OpenRoot(s.dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return read(ctx, r, func(name string, size int64, changed time.Time, from io.Reader) error {
		if err := roomFor(s.dir, uint64(size)); err != nil {
			return err
		}
		name = filepath.FromSlash(name)
		if err := root.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			return err
		}
		file, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return fmt.Errorf("%w (%w)", ErrDamaged, err)
		}
		_, err = io.Copy(file, from)
		if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
			return err
		}
		return root.Chtimes(name, changed, changed)
	})
}

// chooseKey decides which key the restored practice lives with, and checks the seal where the archive's key is at hand.
func (s *staging) chooseKey(found *contents, target Target) error {
	here, err := clinic.LoadKey(target.KeyFile, false)
	if s.oldKey = err == nil; !s.oldKey && !gone(err) {
		return err
	}
	sealing := here
	if !s.oldKey || keyID(here) != found.manifest.KeyID {
		if s.oldKey && !target.OtherKey {
			return ErrOtherKey
		}
		if found.key == nil {
			return nil // nothing can prove the seal: the caller tells, from Sealed
		}
		if sealing, err = clinic.ParseKey(found.key); err != nil {
			return fmt.Errorf("%w (its key cannot be read)", ErrDamaged)
		}
		s.key, s.newKey = found.key, true
	}
	if keyID(sealing) != found.manifest.KeyID || !hmac.Equal([]byte(seal(sealing, found.text)), []byte(found.seal)) {
		return fmt.Errorf("%w (its manifest was not sealed by this practice)", ErrDamaged)
	}
	s.sealed = true
	return nil
}

// compare proves that the databases are sound, that they hold the rows the manifest counts, that this binary understands
// them, and that every file that a row names is there.
func (s *staging) compare(ctx context.Context, known []string) error {
	for _, database := range databases {
		file := filepath.Join(s.dir, database)
		if err := sound(ctx, file); err != nil {
			return err
		}
		rows, err := countRows(ctx, file)
		if err != nil {
			return err
		}
		if !maps.Equal(rows, s.manifest.Tables[database]) {
			return fmt.Errorf("%w (%s does not have the rows that its manifest counts)", ErrDamaged, database)
		}
	}
	data := filepath.Join(s.dir, databases[0])
	applied, err := migrations(ctx, data)
	if err != nil {
		return err
	}
	if err := folder.Understands(applied, known); err != nil {
		return err
	}
	return s.compareFiles(ctx, data)
}

func (s *staging) compareFiles(ctx context.Context, data string) error {
	named, err := namedFiles(ctx, data)
	if err != nil {
		return err
	}
	for name := range named {
		_, err := os.Lstat(filepath.Join(s.dir, filepath.FromSlash(name)))
		if err != nil && !slices.Contains(s.manifest.Missing, name) {
			return fmt.Errorf("%w (%s is not in it)", ErrDamaged, name)
		}
	}
	return nil
}

// marker stands in a folder that a restore is building, or has put in place but not finished with.
type marker struct {
	Stamp string `json:"stamp"`
	Key   bool   `json:"key"` // the key file's successor is to be installed
}

const (
	markerName     = ".kinward_restoring"
	restoringInfix = ".restoring-"
	asideInfix     = ".before-"
	stagedKey      = ".restored"
)

func asideName(path, stamp string) string { return path + asideInfix + stamp }

func writeMarker(dir string, m marker) error {
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return writeSynced(filepath.Join(dir, markerName), text)
}

func readMarker(dir string) (m marker, err error) {
	text, err := os.ReadFile(filepath.Join(dir, markerName))
	if err != nil {
		return m, err
	}
	return m, json.Unmarshal(text, &m)
}
