package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"kinward/hooks/backup"
	"kinward/hooks/clinic"
	"kinward/hooks/mails"
	"kinward/hooks/readiness"
)

// errNotWell ends doctor with exit code 1 where something is to be mended.
var errNotWell = errors.New("something is to be mended: see the lines above that begin with ✗")

func doctor(s *shell) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "doctor", Short: "Say what is wrong with this installation and how to mend it",
		Long: `Look at the data folder, the key, the mail relay and the running server, and say of each whether it is well and, if not, what to
do. It changes nothing, and may be run beside a server.`,
		Example: "  kinward doctor\n  kinward doctor --json", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			found := s.examine(cmd.Context())
			if asJSON {
				if err := json.NewEncoder(cmd.OutOrStdout()).Encode(found); err != nil {
					return err
				}
			} else {
				tellFindings(cmd.OutOrStdout(), found)
			}
			for _, result := range found {
				if !result.OK {
					return errNotWell
				}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func tellFindings(out io.Writer, found []readiness.Result) {
	for _, result := range found {
		mark := "✓"
		if !result.OK {
			mark = "✗"
		}
		fmt.Fprintf(out, "%s %s: %s\n", mark, result.Name, result.Detail)
	}
}

// examine looks at each thing by itself, so that one that is ill hides no other.
func (s *shell) examine(ctx context.Context) []readiness.Result {
	dir, err := filepath.Abs(s.dir)
	if err != nil {
		return []readiness.Result{{Name: "data folder", Detail: err.Error()}}
	}
	found := []readiness.Result{
		verdict("data folder", examineFolder(dir), dir+" is there, and only its owner reads it"),
		verdict("key", examineKey(dir), keyFile(dir)+" is there and sound; keep a copy of it apart from the backups"),
		s.examineRelay(),
		examineBackups(os.Getenv(backupsVariable), time.Now()),
	}
	return append(found, s.examineServer(ctx)...)
}

func verdict(name string, err error, well string) readiness.Result {
	if err != nil {
		return readiness.Result{Name: name, Detail: err.Error()}
	}
	return readiness.Result{Name: name, OK: true, Detail: well}
}

func examineFolder(dir string) error {
	if _, err := os.Stat(filepath.Join(dir, "data.db")); err != nil {
		return errNoPractice
	}
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("others on this machine can look into %s: run `chmod 700 %s`", dir, dir)
	}
	return nil
}

func examineKey(dir string) error {
	path := keyFile(dir)
	if _, err := clinic.LoadKey(path, false); err != nil {
		return fmt.Errorf("%w. Put your copy of it back, or name its place in KINWARD_KEY_FILE", err)
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("others on this machine can read the key: run `chmod 600 %s`", path)
	}
	return nil
}

// examineRelay judges the environment's relay; one from the settings is the running server's to tell.
func (s *shell) examineRelay() readiness.Result {
	relay, err := mails.ParseRelay(s.relay)
	switch {
	case err != nil:
		return readiness.Result{Name: "mail relay", Detail: "KINWARD_RELAY: " + err.Error()}
	case relay.None():
		return readiness.Result{Name: "mail relay", OK: true, Detail: "none in KINWARD_RELAY; the practice's settings decide, and say whether one is set"}
	}
	return readiness.Result{Name: "mail relay", OK: true, Detail: relay.String() + "; send a test letter from the practice's settings"}
}

// backupsEvery is how old the newest backup may be: one a night, and half a day for a server that was off.
const backupsEvery = 36 * time.Hour

// examineBackups looks for a fresh backup in the folder that this machine keeps them in.
func examineBackups(dir string, now time.Time) readiness.Result {
	const name = "backups"
	if dir == "" {
		return readiness.Result{Name: name, OK: true, Detail: "no folder is named in " + backupsVariable + ", so their age is not known; see that somebody makes them"}
	}
	newest, err := backup.Newest(dir)
	switch {
	case err != nil:
		return readiness.Result{Name: name, Detail: "the folder of the backups cannot be read: " + err.Error()}
	case newest.IsZero():
		return readiness.Result{Name: name, Detail: "there is none in " + dir + ": run `kinward backup`, and see why the nightly one does not (systemctl status kinward-backup)"}
	case now.Sub(newest) > backupsEvery:
		return readiness.Result{Name: name, Detail: fmt.Sprintf("the newest in %s is from %s: see why the nightly one does not run (systemctl status kinward-backup)",
			dir, newest.Local().Format("2006-01-02 15:04"))}
	}
	return readiness.Result{Name: name, OK: true, Detail: "the newest in " + dir + " is from " + newest.Local().Format("2006-01-02 15:04")}
}

// examineServer asks the running server how it is. That none runs is told, not blamed: it may be stopped on purpose.
func (s *shell) examineServer(ctx context.Context) []readiness.Result {
	client, err := askServer(s.dir)
	if errors.Is(err, errNotServing) {
		return []readiness.Result{{Name: "server", OK: true, Detail: "not running on this folder; start it with `kinward serve`"}}
	}
	if err != nil {
		return []readiness.Result{{Name: "server", Detail: err.Error()}}
	}
	client.Timeout = 20 * time.Second
	report, err := askReadiness(ctx, client)
	if err != nil {
		return []readiness.Result{{Name: "server", Detail: "it runs and does not answer: " + err.Error() + ". Look at its log, then start it again"}}
	}
	found := []readiness.Result{{Name: "server", OK: true, Detail: "running"}}
	for _, check := range report.Checks {
		if check.OK && check.Detail == "" {
			check.Detail = "well"
		}
		check.Name = "server's " + check.Name
		found = append(found, check)
	}
	return found
}

func askReadiness(ctx context.Context, client *http.Client) (readiness.Report, error) {
	var report readiness.Report
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://kinward/ready", nil)
	if err != nil {
		return report, err
	}
	response, err := client.Do(request)
	if err != nil {
		return report, err
	}
	defer response.Body.Close()
	return report, json.NewDecoder(response.Body).Decode(&report)
}
