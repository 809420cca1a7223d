package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"kinward/hooks/backup"
	"kinward/hooks/folder"
)

// backupPassphrase names the variable that holds a passphrase for archives. It is no flag: a command line can be read by
// every user of the machine.
const backupPassphrase = "KINWARD_BACKUP_PASSPHRASE"

// backupsVariable names the folder of this machine's backups, for backup and for doctor.
const backupsVariable = "KINWARD_BACKUPS"

// backing is what `kinward backup` was asked for.
type backing struct {
	out         string
	recipient   string
	newIdentity string
	keep        int
	asJSON      bool
}

func backupCommand(s *shell) *cobra.Command {
	var b backing
	cmd := &cobra.Command{
		Use: "backup", Short: "Make a whole copy of the practice, while it works", Args: cobra.NoArgs,
		Long: `Make a whole copy of the practice in one file: the databases, every uploaded file and the certificates. The server may run and
goes on answering. The copy is checked before it gets its name, and encrypted with --recipient or with a passphrase in
KINWARD_BACKUP_PASSPHRASE. An encrypted copy holds the practice's key too, a plain one does not: keep the key file yourself then.`,
		Example: `  kinward backup --new-identity backup-key.txt
  kinward backup --recipient age1… --out /mnt/usb/
  kinward backup --out /var/backups/kinward/ --keep 14
  kinward backup --recipient age1… --out - | ssh elsewhere 'cat > kinward.tar.gz.age'`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if b.newIdentity != "" {
				return b.makeIdentity(cmd.OutOrStdout())
			}
			return b.run(cmd.Context(), s, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	f := cmd.Flags()
	f.StringVar(&b.out, "out", "", "file to write, or a folder in which the file gets its name from the time, or - for standard output. Default: the current folder")
	_ = f.SetAnnotation("out", namedVariable, []string{backupsVariable}) // fails only for a flag that is not there
	f.StringVar(&b.recipient, "recipient", "", "age public keys (age1…) that the copy is encrypted for, parted by commas")
	f.StringVar(&b.newIdentity, "new-identity", "", "make a key pair for backups instead: the private key in this new file, the public one printed")
	f.IntVar(&b.keep, "keep", 0, "remove older copies in the folder, so that this many are left. Default: remove none")
	f.BoolVar(&b.asJSON, "json", false, "print what was done as JSON")
	// The plain name would be too broad for an environment that all commands share.
	_ = f.SetAnnotation("recipient", namedVariable, []string{"KINWARD_BACKUP_RECIPIENT"})
	return cmd
}

// backupDone is what a backup tells.
type backupDone struct {
	File      string    `json:"file"`
	Bytes     int64     `json:"bytes"`
	Made      time.Time `json:"made"`
	Encrypted bool      `json:"encrypted"`
	Members   int64     `json:"members"`
	Files     int       `json:"files"`
	Missing   []string  `json:"missing"`
	Removed   []string  `json:"removed"`
}

func (b *backing) run(ctx context.Context, s *shell, out, warn io.Writer) error {
	to, err := backup.Recipients(b.recipient, os.Getenv(backupPassphrase))
	if err != nil {
		return err
	}
	write := func(w io.Writer) error { return s.archive(ctx, w, len(to) > 0) }
	if b.out == "-" {
		_, err := backup.Encrypt(ctx, out, to, write)
		return err
	}
	path := b.path(len(to) > 0)
	manifest, err := backup.WriteFile(ctx, path, to, write)
	if err != nil {
		return fmt.Errorf("no backup was made: %w", err)
	}
	done := backupDone{
		File: path, Made: manifest.Made, Encrypted: len(to) > 0, Members: manifest.Rows("users"), Files: manifest.Files(), Missing: manifest.Missing,
	}
	if info, err := os.Stat(path); err == nil {
		done.Bytes = info.Size()
	}
	if b.keep > 0 {
		if done.Removed, err = backup.Prune(filepath.Dir(path), b.keep); err != nil {
			return fmt.Errorf("the backup was made, but older ones could not be removed: %w", err)
		}
	}
	if b.asJSON {
		return json.NewEncoder(out).Encode(done)
	}
	done.tell(out, warn, keyFile(s.dir))
	return nil
}

// archive writes a plain archive to w: from the running server, or from the folder itself when there is none.
func (s *shell) archive(ctx context.Context, w io.Writer, withKey bool) (err error) {
	client, err := askServer(s.dir)
	if err == nil {
		wanted := url.Values{}
		if withKey {
			wanted.Set(keyWanted, "1")
		}
		return askWhole(ctx, client, "backup", wanted, w)
	}
	if !errors.Is(err, errNotServing) {
		return err
	}
	own, err := folder.OwnerOf(s.dir)
	if err != nil {
		return err
	}
	if os.Geteuid() == 0 && own.UID != 0 {
		return s.archiveAs(ctx, own, w, withKey)
	}
	return s.archiveHere(ctx, w, withKey)
}

// archiveHere writes a plain archive of the folder, which no server uses.
func (s *shell) archiveHere(ctx context.Context, w io.Writer, withKey bool) (err error) {
	o, err := s.open(true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.close()) }()
	_, err = backup.Make(ctx, o.app, w, backup.Source{Version: Version, KeyFile: keyFile(o.Dir), WithKey: withKey})
	return err
}

// archiveAs has a process of the folder's owner write the archive: what root makes in the folder, the server could not open,
// and the owner may not write where root wants the file.
func (s *shell) archiveAs(ctx context.Context, own folder.Owner, w io.Writer, withKey bool) error {
	binary, err := os.Executable()
	if err != nil {
		return err
	}
	dir, err := filepath.Abs(s.dir)
	if err != nil {
		return err
	}
	var said bytes.Buffer
	child := exec.CommandContext(ctx, binary, archiveName, "--dir", dir, "--with-key="+strconv.FormatBool(withKey))
	child.Dir, child.Stdout, child.Stderr = "/", w, &said
	child.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{
		Uid: uint32(own.UID), Gid: uint32(own.GID), Groups: []uint32{uint32(own.GID)},
	}}
	if err := child.Run(); err != nil {
		if words := strings.TrimPrefix(strings.TrimSpace(said.String()), "kinward: "); words != "" {
			return errors.New(words)
		}
		return fmt.Errorf("a process of the folder's owner cannot be started: %w", err)
	}
	return nil
}

const archiveName = "archive"

// archive writes a plain archive to standard output, for archiveAs. Nobody needs to type it.
func archive(s *shell) *cobra.Command {
	var withKey bool
	cmd := &cobra.Command{
		Use: archiveName, Short: "Write a plain copy to standard output", Args: cobra.NoArgs, Hidden: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.archiveHere(cmd.Context(), cmd.OutOrStdout(), withKey)
		},
	}
	cmd.Flags().BoolVar(&withKey, "with-key", false, "with the practice's key")
	return cmd
}

// path is where the archive goes.
func (b *backing) path(encrypted bool) string {
	name := backup.Name(time.Now(), encrypted)
	if b.out == "" {
		return name
	}
	if info, err := os.Stat(b.out); err == nil && info.IsDir() {
		return filepath.Join(b.out, name)
	}
	return b.out
}

func (d *backupDone) tell(out, warn io.Writer, key string) {
	fmt.Fprintf(out, "%s holds the practice as of %s: %d members, %d files, %.1f MB.\n",
		d.File, d.Made.Local().Format("2006-01-02 15:04"), d.Members, d.Files, float64(d.Bytes)/1e6)
	for _, old := range d.Removed {
		fmt.Fprintf(out, "Removed the older %s.\n", old)
	}
	for _, file := range d.Missing {
		fmt.Fprintf(warn, "Take care: the practice itself has lost %s; a copy cannot bring it back.\n", file)
	}
	if d.Encrypted {
		fmt.Fprintln(out, "It is encrypted. Keep what opens it somewhere else than this machine.")
	} else {
		fmt.Fprintf(warn, "Take care: it is NOT encrypted, and who has it can read everything. Say --recipient to encrypt it.\n"+
			"It does not hold the key in %s: keep a copy of that too, apart from it.\n", key)
	}
	fmt.Fprintf(out, "Put it back with: kinward restore %s\n", d.File)
}

// makeIdentity makes a key pair for backups. The private part belongs off this machine, so it is not kept where kinward looks.
func (b *backing) makeIdentity(out io.Writer) error {
	text, recipient, err := backup.NewIdentity()
	if err != nil {
		return err
	}
	file, err := os.OpenFile(b.newIdentity, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("the key cannot be written: %w", err)
	}
	_, err = file.WriteString(text)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	fmt.Fprintf(out, "The private key is in %s. Move it off this machine and keep it safe: without it no backup can be opened.\n"+
		"Encrypt backups with: kinward backup --recipient %s\n", b.newIdentity, recipient)
	return nil
}
