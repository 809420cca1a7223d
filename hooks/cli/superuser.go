package cli

import (
	"errors"

	"github.com/pocketbase/pocketbase/cmd"
	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"
)

// later is an app that is opened once a command runs: PocketBase's commands want theirs when they are made.
type later struct{ core.App }

// superuser is PocketBase's own command, for operators who need the dashboard. The server must not be running.
func superuser(s *shell) *cobra.Command {
	app := &later{}
	command := cmd.NewSuperuserCommand(app)
	command.Short = "Manage the operators of the dashboard (PocketBase's superusers); they are never members"
	command.Example = "  kinward superuser upsert it@example.org PASSWORD"
	var o *opened
	command.PersistentPreRunE = func(cmd *cobra.Command, _ []string) (err error) {
		if err := fromEnvironment(cmd); err != nil {
			return err
		}
		if o, err = s.open(true); err == nil {
			app.App = o.app
		}
		return err
	}
	for _, child := range command.Commands() {
		run := child.RunE
		child.RunE = func(cmd *cobra.Command, args []string) error { return errors.Join(run(cmd, args), o.close()) }
	}
	return command
}
