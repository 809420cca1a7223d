package cli

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// variable is the environment variable of a flag: KINWARD_PUBLIC_URL for --public-url.
func variable(flag string) string {
	return "KINWARD_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// fromEnvironment fills the flags that were not given from the environment. A list is parted by commas.
func fromEnvironment(cmd *cobra.Command) error {
	var failed error
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		value, set := os.LookupEnv(variable(f.Name))
		if !set || value == "" || f.Changed || f.Name == "help" || f.Name == "version" || failed != nil {
			return
		}
		if err := cmd.Flags().Set(f.Name, value); err != nil {
			failed = fmt.Errorf("%s: %w", variable(f.Name), err)
		}
	})
	return failed
}

// tellVariables names each flag's variable in its help.
func tellVariables(cmd *cobra.Command) {
	cmd.Flags().VisitAll(func(f *pflag.Flag) { f.Usage += " (or " + variable(f.Name) + ")" })
	for _, child := range cmd.Commands() {
		tellVariables(child)
	}
}
