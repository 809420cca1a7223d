package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"kinward/hooks/demo"
	"kinward/hooks/mails"
)

func demoCommand(s *shell) *cobra.Command {
	var d doors
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Start a throw-away practice with sample people, to look around",
		Long: `Start a practice that is gone when it stops, with sample people, rooms and posts. Its mail goes by SMTP to a mailbox inside
the process, which you read at /demo/mailbox.`,
		Example: `  kinward demo
  kinward demo --http 127.0.0.1:9000`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			parent, err := os.MkdirTemp("", "kinward-demo-")
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, os.RemoveAll(parent)) }()
			mailbox, err := demo.OpenMailbox()
			if err != nil {
				return fmt.Errorf("the demo's mailbox cannot be opened: %w", err)
			}
			defer mailbox.Close()
			throwAway := &shell{make: s.make, dir: filepath.Join(parent, "data"), dev: s.dev, relay: mailbox.Relay()}
			o, err := throwAway.open(false)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, o.close()) }()
			signs, err := demo.Seed(cmd.Context(), o.app, o.house)
			if err != nil {
				return fmt.Errorf("the sample practice cannot be made: %w", err)
			}
			p, err := d.plan(o.Dir)
			if err != nil {
				return err
			}
			mailbox.Bind(o.app)
			server := &server{opened: o, plan: p, out: cmd.OutOrStdout(), relay: mails.RelaySetting(o.app, o.Relay)}
			server.ready = func() { introduce(server.out, server.house.PublicURL(), signs) }
			return server.run(cmd.Context(), nil)
		},
	}
	cmd.Flags().StringVar(&d.http, "http", "", "address to listen on. Default 127.0.0.1:8090")
	return cmd
}

// introduce prints who can sign in, and where the mail goes.
func introduce(out io.Writer, url string, signs []demo.Sign) {
	fmt.Fprintf(out, "Its mail is at %s/demo/mailbox\n\nWho can sign in, all with the password %q:\n\n", url, demo.Password)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, sign := range signs {
		fmt.Fprintf(table, "  %s\t%s\t%s\n", sign.Email, sign.Role, sign.Name)
	}
	table.Flush()
	fmt.Fprintln(out, "\nEverything is gone when you stop it (Ctrl-C).")
}
