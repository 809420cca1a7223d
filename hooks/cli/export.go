package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kinward/hooks/export"
)

// exporting is what `kinward export` was asked for.
type exporting struct {
	out    string
	asJSON bool
}

// exportDone is what an export tells.
type exportDone struct {
	File string `json:"file"`
	*export.Summary
}

func exportCommand(s *shell) *cobra.Command {
	var x exporting
	cmd := &cobra.Command{
		Use: "export MEMBER", Short: "Write everything that is held of one member into a file", Args: cobra.ExactArgs(1),
		Long: `Write everything that the practice holds of one member into a ZIP file: their account, what they wrote, marked, chose and acknowledged,
what is on the audit record about them, each as JSON, and the files that they uploaded. It is for somebody who asks for what is held of them
(45 CFR 164.524). MEMBER is an e-mail address, or the id in the address of their page under People. What others wrote, and who reported or
decided, is not in it; about.json in the file says what is left out, and why. That it was made stands on the audit record, where the member sees
it. The server may run. The file is not encrypted: give it to nobody but that person.`,
		Example: "  kinward export maple@example.org\n  kinward export 4ag1k2m9x0p7qzt --out /mnt/usb/maple.zip",
		RunE: func(cmd *cobra.Command, args []string) error {
			return x.run(cmd.Context(), s, args[0], cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	// The plain name would be too broad for an environment that all commands share.
	cmd.Flags().StringVar(&x.out, "out", "", "file to write, which must not be there yet. Default: a name from the time, in the current folder")
	_ = cmd.Flags().SetAnnotation("out", namedVariable, []string{"KINWARD_EXPORT"}) // fails only for a flag that is not there
	cmd.Flags().BoolVar(&x.asJSON, "json", false, "print what was done as JSON")
	return cmd
}

func (x *exporting) run(ctx context.Context, s *shell, who string, out, warn io.Writer) (err error) {
	path := x.out
	if path == "" {
		path = "kinward-export-" + time.Now().UTC().Format("20060102T150405Z") + ".zip"
	}
	dir, err := filepath.Abs(s.dir)
	if err != nil {
		return err
	}
	// Made before the folder is opened, since this process is its owner's from then on.
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("the export cannot be written: %w", err)
	}
	defer func() {
		if err != nil {
			_ = file.Truncate(0) // the name may be root's to take away, and this process root's no more
		}
		if err = errors.Join(err, file.Close()); err != nil {
			_ = os.Remove(path)
		}
	}()
	if err := s.export(ctx, dir, who, file); err != nil {
		return err
	}
	info, err := file.Stat()
	if err != nil {
		return err
	}
	done := exportDone{File: path}
	if done.Summary, err = export.Read(file, info.Size()); err != nil {
		return fmt.Errorf("the export is not whole: %w", err)
	}
	if err := file.Sync(); err != nil {
		return err
	}
	if x.asJSON {
		return json.NewEncoder(out).Encode(done)
	}
	done.tell(out, warn)
	return nil
}

// export asks the server that runs on the folder, or else opens the folder itself.
func (s *shell) export(ctx context.Context, dir, who string, to io.Writer) error {
	client, err := askServer(dir)
	if errors.Is(err, errNotServing) {
		o, err := s.open(true)
		if err != nil {
			return err
		}
		_, err = export.Write(ctx, o.app, o.house, who, to)
		return errors.Join(err, o.close())
	}
	if err != nil {
		return err
	}
	return askWhole(ctx, client, "export", url.Values{memberWanted: {who}}, to)
}

func (d *exportDone) tell(out, warn io.Writer) {
	rows := 0
	for _, n := range d.Rows {
		rows += n
	}
	fmt.Fprintf(out, "%s holds what %s has of member %s: %d records, %d files.\n", d.File, d.Practice, d.Member, rows, d.Files)
	if len(d.Missing) > 0 {
		fmt.Fprintf(warn, "Take care: the practice itself has lost %s.\n", strings.Join(d.Missing, ", "))
	}
	fmt.Fprintln(warn, "Take care: it is NOT encrypted. Hand it to nobody but this person, after you have made sure that it is they who ask.")
}
