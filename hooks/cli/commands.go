package cli

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"
)

// commands lists every command, in the order that help shows them.
func commands(s *shell) []*cobra.Command {
	return []*cobra.Command{setup(s), serve(s), demoCommand(s), doctor(s), backupCommand(s), restore(s), archive(s), exportCommand(s), policies(s), superuser(s), audit(s), version()}
}

func version() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "version", Short: "Print the version", Example: "  kinward version\n  kinward version --json", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(map[string]string{"version": Version})
			}
			_, err := fmt.Fprintln(cmd.OutOrStdout(), Version)
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}
