package cli

import (
	"fmt"

	"github.com/spf13/cobra"
)

// commands lists every command, in the order that help shows them.
func commands(s *shell) []*cobra.Command {
	return []*cobra.Command{setup(s), serve(s), demoCommand(s), doctor(s), backupCommand(s), restore(s), archive(s), exportCommand(s), policies(s), superuser(s), audit(s), version()}
}

func version() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Example: "  kinward version", Args: cobra.NoArgs,
		Run: func(cmd *cobra.Command, _ []string) { fmt.Fprintln(cmd.OutOrStdout(), Version) },
	}
}
