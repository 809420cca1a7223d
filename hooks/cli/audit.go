package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"

	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"

	"kinward/hooks/access"
)

// chain is what was found of the audit record.
type chain struct {
	Lines  int64 `json:"lines"`
	Broken int64 `json:"broken"` // the number of the first line that is not as it was written; 0: none
}

func audit(s *shell) *cobra.Command {
	cmd := &cobra.Command{Use: "audit", Short: "Look after the audit record", Example: "  kinward audit verify"}
	cmd.AddCommand(auditVerify(s))
	return cmd
}

func auditVerify(s *shell) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "verify", Short: "Read the whole audit record and say whether it is as it was written", Args: cobra.NoArgs,
		Long: `Read the audit record from its first line. Each carries a hash of itself and of the line before, made with the practice's key: a line
that was changed, taken out or put in shows, unless whoever did it has the key too. What cannot show is an end that was cut off: compare the
number of lines with an earlier one, or with a backup. The server may run.`,
		Example: "  kinward audit verify\n  kinward audit verify --json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			found, err := s.auditChain(cmd)
			if err != nil {
				return err
			}
			return tellChain(cmd.OutOrStdout(), found, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func tellChain(out io.Writer, found chain, asJSON bool) error {
	if asJSON {
		if err := json.NewEncoder(out).Encode(found); err != nil {
			return err
		}
	}
	if found.Broken != 0 {
		return fmt.Errorf("the audit record is broken at line %d: it was changed by something other than Kinward. Keep this folder as it is, "+
			"and compare it with a backup from before", found.Broken)
	}
	if !asJSON {
		fmt.Fprintf(out, "The audit record is as it was written: %d lines.\n", found.Lines)
	}
	return nil
}

// auditChain asks the server that runs on the folder, or else opens the folder itself.
func (s *shell) auditChain(cmd *cobra.Command) (found chain, err error) {
	dir, err := filepath.Abs(s.dir)
	if err != nil {
		return chain{}, err
	}
	client, err := askServer(dir)
	if errors.Is(err, errNotServing) {
		o, err := s.open(true)
		if err != nil {
			return chain{}, err
		}
		found.Lines, found.Broken, err = o.house.VerifyAudit(o.app)
		return found, errors.Join(err, o.close())
	}
	if err != nil {
		return chain{}, err
	}
	request, err := http.NewRequestWithContext(cmd.Context(), http.MethodGet, "http://kinward/audit", nil)
	if err != nil {
		return chain{}, err
	}
	answer, err := client.Do(request)
	if err != nil {
		return chain{}, fmt.Errorf("the running server cannot be asked: %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return chain{}, fmt.Errorf("the running server could not read the audit record (%s): look at its log", answer.Status)
	}
	return found, json.NewDecoder(answer.Body).Decode(&found)
}

// serveAudit answers the same over the folder's socket.
func serveAudit(app core.App, house *access.House) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		var found chain
		var err error
		if found.Lines, found.Broken, err = house.VerifyAudit(app); err != nil {
			app.Logger().Error("the audit record cannot be read", "error", err)
			http.Error(w, "unreadable", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(found) // a caller who is gone cannot be told
	}
}
