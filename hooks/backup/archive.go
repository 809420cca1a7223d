package backup

import (
	"archive/tar"
	"bufio"
	"compress/flate"
	"compress/gzip"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"kinward/hooks/clinic"
)

// writer puts members into an archive and into its manifest.
type writer struct {
	tar      *tar.Writer
	manifest *Manifest
}

// addAll adds the databases, the linked files and, where wanted, the key.
func (w *writer) addAll(ctx context.Context, work *work, source Source) error {
	for _, database := range databases {
		if err := w.add(ctx, dataPrefix+database, filepath.Join(work.dir, database)); err != nil {
			return err
		}
	}
	err := work.walk(func(name, path string) error { return w.add(ctx, dataPrefix+name, path) })
	if err == nil && source.WithKey {
		err = w.add(ctx, keyName, source.KeyFile)
	}
	return err
}

// add puts one file into the archive. It must keep its size meanwhile, which copies and links of finished files do.
func (w *writer) add(ctx context.Context, name, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if err := w.tar.WriteHeader(header(name, info.Size(), info.ModTime())); err != nil {
		return err
	}
	sum := sha256.New()
	if _, err := io.Copy(io.MultiWriter(w.tar, sum), &interruptible{ctx, file}); err != nil {
		return fmt.Errorf("%s cannot be copied: %w", name, err)
	}
	w.manifest.Members = append(w.manifest.Members, Member{name, info.Size(), hex.EncodeToString(sum.Sum(nil))})
	return nil
}

// close adds the manifest and its seal, and ends the archive.
func (w *writer) close(key clinic.Key) error {
	text, err := json.MarshalIndent(w.manifest, "", " ")
	if err != nil {
		return err
	}
	for _, last := range []struct {
		name string
		text []byte
	}{{manifestName, text}, {sealName, []byte(seal(key, text))}} {
		if err := w.tar.WriteHeader(header(last.name, int64(len(last.text)), w.manifest.Made)); err != nil {
			return err
		}
		if _, err := w.tar.Write(last.text); err != nil {
			return err
		}
	}
	return w.tar.Close()
}

func header(name string, size int64, changed time.Time) *tar.Header {
	return &tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o600, ModTime: changed.Truncate(time.Second), Format: tar.FormatPAX}
}

// seal proves that a manifest was written by somebody who has the practice's key.
func seal(key clinic.Key, manifest []byte) string {
	mac := hmac.New(sha256.New, key.Derive("backup manifest"))
	mac.Write(manifest)
	return hex.EncodeToString(mac.Sum(nil))
}

// interruptible ends reading when its context does.
type interruptible struct {
	ctx context.Context
	io.Reader
}

func (r *interruptible) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}

// contents is what reading an archive to its end gave.
type contents struct {
	manifest *Manifest
	text     []byte // the manifest as it stands in the archive
	seal     string
	key      []byte // the key file's text, where the archive holds it
}

// maxSmall bounds what is read into memory: the manifest of a practice with a hundred thousand files has about 20 MB.
const maxSmall = 256 << 20

// read reads a plain archive to its end and gives each file of the data folder to take. It returns an error unless every
// member is there, once, with the size and sum that the manifest says, and nothing else.
func read(ctx context.Context, r io.Reader, take func(name string, size int64, changed time.Time, from io.Reader) error) (*contents, error) {
	buffered := bufio.NewReader(&interruptible{ctx, r})
	compressed, err := gzip.NewReader(buffered)
	if err != nil {
		return nil, describeRead(err)
	}
	compressed.Multistream(false)
	var members []Member
	found := &contents{}
	archive := tar.NewReader(compressed)
	for {
		head, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, describeRead(err)
		}
		member, err := found.member(head, archive, take)
		if err != nil {
			return nil, describeRead(err)
		}
		if member != nil {
			members = append(members, *member)
		}
	}
	if err := ended(compressed, buffered); err != nil {
		return nil, err
	}
	return found, found.check(members)
}

// member reads one member and returns what the manifest should say of it; nil for the manifest and the seal themselves.
func (c *contents) member(head *tar.Header, archive io.Reader, take func(string, int64, time.Time, io.Reader) error) (*Member, error) {
	if head.Typeflag != tar.TypeReg || c.seal != "" || (c.text != nil && head.Name != sealName) {
		return nil, fmt.Errorf("%w (%q does not belong there)", ErrDamaged, head.Name)
	}
	sum := sha256.New()
	from := io.TeeReader(archive, sum)
	var err error
	switch head.Name {
	case manifestName:
		c.text, err = small(from, head.Size)
		return nil, err
	case sealName:
		text, err := small(from, head.Size)
		c.seal = string(text)
		return nil, err
	case keyName:
		c.key, err = small(from, head.Size)
	default:
		var name string
		if name, err = dataMember(head.Name); err == nil {
			err = take(name, head.Size, head.ModTime, from)
		}
	}
	return &Member{head.Name, head.Size, hex.EncodeToString(sum.Sum(nil))}, err
}

func small(from io.Reader, size int64) ([]byte, error) {
	if size > maxSmall {
		return nil, ErrDamaged
	}
	return io.ReadAll(from)
}

// ended returns an error unless the archive's sum is right and nothing follows it. It reads to the very end, because an
// encrypted archive proves only there that it was not cut.
func ended(compressed, rest io.Reader) error {
	for _, part := range []io.Reader{compressed, rest} {
		n, err := io.Copy(io.Discard, part)
		if err != nil {
			return describeRead(err)
		}
		if n > 0 {
			return fmt.Errorf("%w (something was added at its end)", ErrDamaged)
		}
	}
	return nil
}

// check compares the members that were read with those that the manifest lists.
func (c *contents) check(members []Member) error {
	if c.text == nil || c.seal == "" {
		return ErrTruncated
	}
	c.manifest = &Manifest{}
	if err := json.Unmarshal(c.text, c.manifest); err != nil {
		return fmt.Errorf("%w (its manifest cannot be read)", ErrDamaged)
	}
	if c.manifest.Format > format {
		return ErrFormat
	}
	if !slices.Equal(members, c.manifest.Members) {
		return fmt.Errorf("%w (%s)", ErrDamaged, difference(members, c.manifest.Members))
	}
	for i, database := range databases {
		if len(members) <= i || members[i].Name != dataPrefix+database {
			return fmt.Errorf("%w (%s is not in it)", ErrDamaged, database)
		}
	}
	if c.manifest.HasKey != (c.key != nil) {
		return fmt.Errorf("%w (the key is not as its manifest says)", ErrDamaged)
	}
	return nil
}

// difference names the first member that is not as the manifest says.
func difference(found, listed []Member) string {
	for i, member := range found {
		if i >= len(listed) || listed[i] != member {
			return fmt.Sprintf("%q is not as its manifest says", member.Name)
		}
	}
	return fmt.Sprintf("%q is not in it", listed[len(found)].Name)
}

// describeRead turns the errors of the formats below into ours, and leaves those of the disk and the context alone.
func describeRead(err error) error {
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return ErrTruncated
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, io.EOF):
		return ErrNotOurs
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, tar.ErrHeader), errors.As(err, &corrupt):
		return fmt.Errorf("%w (%w)", ErrDamaged, err)
	}
	return err
}

// Check reads a plain archive to its end and returns its manifest, or says why it is none. It stores nothing.
func Check(ctx context.Context, r io.Reader) (*Manifest, error) {
	found, err := read(ctx, r, func(_ string, _ int64, _ time.Time, from io.Reader) error {
		_, err := io.Copy(io.Discard, from)
		return err
	})
	if err != nil {
		return nil, err
	}
	return found.manifest, nil
}
