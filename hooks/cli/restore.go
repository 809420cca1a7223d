package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"kinward/hooks/backup"
	"kinward/hooks/folder"
)

// restoring is what `kinward restore` was asked for.
type restoring struct {
	into     string
	identity string
	otherKey bool
	finish   bool
	asJSON   bool
}

// restoreDone is what a restore tells a script.
type restoreDone struct {
	Dir     string    `json:"dir"`
	Made    time.Time `json:"made"`
	Version string    `json:"version"`
	Members int64     `json:"members"`
	Files   int       `json:"files"`
	Sealed  bool      `json:"sealed"`
	Kept    string    `json:"kept"`
	KeptKey string    `json:"kept_key"`
}

func restore(s *shell) *cobra.Command {
	var r restoring
	cmd := &cobra.Command{
		Use: "restore FILE", Short: "Put a backup in the practice's place", Args: cobra.MaximumNArgs(1),
		Long: `Put a backup in the practice's place. The server must not run. The new folder is built and checked beside the old one, and
the two are exchanged in one step: whatever happens, the practice is wholly the old one or wholly the new one. The old folder
is kept, and its name printed. FILE may be - for standard input.`,
		Example: `  kinward restore kinward-20260301T020000Z.tar.gz.age --identity backup-key.txt
  kinward restore kinward-20260301T020000Z.tar.gz --into /tmp/look
  KINWARD_BACKUP_PASSPHRASE=… kinward restore kinward-20260301T020000Z.tar.gz.age`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if r.finish {
				return r.settle(s, cmd.OutOrStdout())
			}
			if len(args) == 0 {
				return errors.New("say which file to restore: kinward restore FILE")
			}
			return r.run(cmd.Context(), s, args[0], cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	f := cmd.Flags()
	f.StringVar(&r.into, "into", "", "restore into this new folder and leave the practice alone; its key goes beside it")
	f.StringVar(&r.identity, "identity", "", "file with the age private key that opens the backup")
	f.BoolVar(&r.otherKey, "other-key", false, "restore a backup that was made with another key, such as on a new machine")
	f.BoolVar(&r.finish, "finish", false, "only finish a restore that was interrupted")
	f.BoolVar(&r.asJSON, "json", false, "print what was done as JSON")
	return cmd
}

func (r *restoring) run(ctx context.Context, s *shell, file string, in io.Reader, out, warn io.Writer) error {
	syscall.Umask(0o077)
	target, err := r.target(s)
	if err != nil {
		return err
	}
	if file != "-" {
		opened, err := os.Open(file)
		if err != nil {
			return fmt.Errorf("the backup cannot be read: %w", err)
		}
		defer opened.Close()
		in = opened
	}
	identities, err := backup.Identities(r.identity, os.Getenv(backupPassphrase))
	if err != nil {
		return err
	}
	plain, _, err := backup.Decrypt(in, identities)
	if err != nil {
		return err
	}
	done, err := backup.Restore(ctx, plain, target)
	var busy *folder.InUse
	if errors.As(err, &busy) {
		return fmt.Errorf("%w: stop it first (systemctl stop kinward), or restore beside it with --into", busy)
	}
	var unfinished *backup.Unfinished
	if errors.As(err, &unfinished) {
		return fmt.Errorf("%w: mend that, then run kinward restore --finish", err)
	}
	if err != nil {
		return fmt.Errorf("nothing was restored, and the practice is as it was: %w", err)
	}
	if r.asJSON {
		return json.NewEncoder(out).Encode(restoreDone{
			target.Dir, done.Manifest.Made, done.Manifest.Version, done.Manifest.Rows("users"), done.Manifest.Files(), done.Sealed, done.Kept, done.KeptKey,
		})
	}
	tellRestored(done, target, out, warn)
	return nil
}

// target is where the archive goes: the practice's folder, or a new one that has nothing to do with it.
func (r *restoring) target(s *shell) (backup.Target, error) {
	dir := s.dir
	if r.into != "" {
		dir = r.into
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return backup.Target{}, err
	}
	target := backup.Target{Dir: dir, KeyFile: keyFile(dir), OtherKey: r.otherKey, Known: folder.Known(), Now: time.Now()}
	if r.into == "" {
		return target, nil
	}
	if _, err := os.Lstat(dir); !errors.Is(err, os.ErrNotExist) {
		return target, fmt.Errorf("%s exists already: --into wants the name of a new folder", dir)
	}
	target.KeyFile = dir + ".key"
	return target, nil
}

func tellRestored(done *backup.Restored, target backup.Target, out, warn io.Writer) {
	m := done.Manifest
	fmt.Fprintf(out, "%s holds the practice as of %s (kinward %s): %d members, %d files. Every sum and count is right.\n",
		target.Dir, m.Made.Local().Format("2006-01-02 15:04"), m.Version, m.Rows("users"), m.Files())
	if done.Kept != "" {
		fmt.Fprintf(out, "What was there before is in %s. Remove it once you need it no more: it holds people's data.\n", done.Kept)
	}
	if done.KeptKey != "" {
		fmt.Fprintf(out, "The backup brought its own key; the one before is in %s.\n", done.KeptKey)
	}
	for _, file := range m.Missing {
		fmt.Fprintf(warn, "Take care: when the backup was made, the practice had lost %s.\n", file)
	}
	if !done.Sealed {
		fmt.Fprintf(warn, "Take care: the backup's key is not here, so nothing proves that nobody changed it, and what that key sealed cannot be read:\n"+
			"letters that wait, the mail relay's password, links on printed letters. Put the key in %s if you have it.\n", target.KeyFile)
	}
	fmt.Fprintln(out, "Start the server: systemctl start kinward, or kinward serve --dir "+target.Dir)
}

// settle finishes a restore that was interrupted after its one step.
func (r *restoring) settle(s *shell, out io.Writer) error {
	dir, err := filepath.Abs(s.dir)
	if err != nil {
		return err
	}
	held, err := folder.Hold(dir)
	if err != nil {
		return err
	}
	defer held.Release()
	if err := backup.Settle(dir, keyFile(dir)); err != nil {
		return err
	}
	fmt.Fprintln(out, "Nothing is left half done.")
	return nil
}
