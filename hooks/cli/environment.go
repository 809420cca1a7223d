package cli

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// namedVariable annotates a flag whose variable is not named as the flag.
const namedVariable = "kinward_variable"

// variable is the environment variable of a flag: KINWARD_PUBLIC_URL for --public-url.
func variable(f *pflag.Flag) string {
	if names := f.Annotations[namedVariable]; len(names) == 1 {
		return names[0]
	}
	return "KINWARD_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
}

// fromEnvironment fills the flags that were not given from the environment. A list is parted by commas.
func fromEnvironment(cmd *cobra.Command) error {
	var failed error
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		value, set := os.LookupEnv(variable(f))
		if !set || value == "" || f.Changed || f.Name == "help" || f.Name == "version" || failed != nil {
			return
		}
		if err := cmd.Flags().Set(f.Name, value); err != nil {
			failed = fmt.Errorf("%s: %w", variable(f), err)
		}
	})
	return failed
}

// tellVariables names each flag's variable in its help.
func tellVariables(cmd *cobra.Command) {
	cmd.Flags().VisitAll(func(f *pflag.Flag) { f.Usage += " (or " + variable(f) + ")" })
	for _, child := range cmd.Commands() {
		tellVariables(child)
	}
}
