package cli

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	_ "modernc.org/sqlite" // the driver that PocketBase's own connections use

	"kinward/hooks/folder"
	"kinward/hooks/policy"
)

// errNotVerified ends verify with exit code 1 where something is not as it was published.
var errNotVerified = errors.New("what is kept of the policies is not as it was published: see the lines above; keep this folder as it is, and restore a backup beside it to compare")

func policies(s *shell) *cobra.Command {
	cmd := &cobra.Command{Use: "policies", Short: "Look after what is kept of the practice's policies", Example: "  kinward policies verify"}
	cmd.AddCommand(policiesVerify(s))
	return cmd
}

func policiesVerify(s *shell) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "verify", Short: "Prove that every published text is as it was, and what was accepted with it", Args: cobra.NoArgs,
		Long: `Compute the SHA-256 of every published text anew from its Markdown, and see that every acknowledgement, refusal and authorization
names such a text, and that every withdrawal stands as it was made. It reads only, needs neither the key nor the server, and may be
run beside one, or on the folder of a restored backup. It ends with exit code 1 where something does not match.`,
		Example: "  kinward policies verify\n  kinward policies verify --json --dir /srv/restored",
		RunE: func(cmd *cobra.Command, _ []string) error {
			found, err := s.verifyPolicies(cmd.Context())
			if err != nil {
				return err
			}
			if asJSON {
				err = json.NewEncoder(cmd.OutOrStdout()).Encode(found)
			} else {
				tellVerified(cmd.OutOrStdout(), found)
			}
			if err == nil && len(found.Mismatches) > 0 {
				err = errNotVerified
			}
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func (s *shell) verifyPolicies(ctx context.Context) (policy.Verified, error) {
	dir, err := filepath.Abs(s.dir)
	if err != nil {
		return policy.Verified{}, err
	}
	file := filepath.Join(dir, "data.db")
	if _, err := os.Stat(file); err != nil {
		return policy.Verified{}, errNoPractice
	}
	own, err := folder.OwnerOf(dir) // SQLite may make files beside the database, and the server must be able to open them
	if err == nil {
		err = own.Become()
	}
	if err != nil {
		return policy.Verified{}, err
	}
	address := url.URL{Scheme: "file", OmitHost: true, Path: file, RawQuery: "mode=ro&_pragma=busy_timeout(10000)"}
	db, err := sql.Open("sqlite", address.String())
	if err != nil {
		return policy.Verified{}, err
	}
	defer db.Close()
	found, err := policy.Verify(ctx, db)
	if err != nil {
		return found, fmt.Errorf("the database cannot be read: %w", err)
	}
	return found, nil
}

func tellVerified(out io.Writer, found policy.Verified) {
	for _, wrong := range found.Mismatches {
		fmt.Fprintf(out, "✗ %s\n", wrong.Detail)
	}
	if len(found.Mismatches) > 0 {
		return
	}
	fmt.Fprintf(out, "✓ %d published texts of %d policies are as they were published\n", found.Versions, found.Policies)
	fmt.Fprintf(out, "✓ %d acknowledgements, %d refusals and %d lines on authorizations name such a text\n",
		found.Acknowledgements, found.Refusals, found.Authorizations)
	fmt.Fprintf(out, "✓ %d withdrawals and postings again stand as they were made\n", found.Events)
}
