package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"kinward/hooks/clinic"
	"kinward/hooks/messages"
	"kinward/hooks/practice"
)

// setupDone is what a set-up tells a script.
type setupDone struct {
	Practice string `json:"practice"`
	Member   string `json:"member"` // the first provider's id
	Email    string `json:"email"`
	Dir      string `json:"dir"`
	Key      string `json:"key"` // the key's file
}

func setup(s *shell) *cobra.Command {
	var form practice.Founding
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "setup",
		Short: "Set up a practice and its first provider",
		Long: `Set up a practice from the terminal: its database, its first provider (who is an admin), and the posted policies. The
password is asked for, or taken from KINWARD_PASSWORD. The same can be done in a browser: start ` + "`kinward serve`" + ` and
open the link it prints.`,
		Example: `  kinward setup --practice "Riverside Family Practice" --phone 555-0100 --name "Dr. Ana Ruiz" --email ana@example.org`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			for _, flag := range []string{"practice", "name", "email"} {
				if value, _ := cmd.Flags().GetString(flag); strings.TrimSpace(value) == "" {
					return fmt.Errorf("--%s is missing; see `kinward setup --help` for an example", flag)
				}
			}
			if form.Password, err = password(cmd); err != nil {
				return err
			}
			if err := form.Validate(); err != nil {
				return spoken(err)
			}
			o, err := s.open(false)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, o.close()) }()
			founder, err := practice.Found(cmd.Context(), o.app, o.house, form)
			if err != nil {
				return spoken(err)
			}
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(setupDone{form.Practice.Name, founder.Id, founder.Email(), o.Dir, keyFile(o.Dir)})
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s is set up in %s.\nIts key is %s: keep a copy of it apart from the backups.\n\nNext: kinward serve\n",
				form.Practice.Name, o.Dir, keyFile(o.Dir))
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&form.Practice.Name, "practice", "", "the practice's name")
	f.StringVar(&form.Practice.Phone, "phone", "", "the practice's phone")
	f.StringVar(&form.Practice.Hours, "hours", "", "its office hours, such as \"Mon to Fri, 8 to 5\"")
	f.StringVar(&form.Practice.Emergency, "emergency", "", "what patients should do in an emergency, such as \"Call 911.\"")
	f.StringVar(&form.Practice.Language, "language", clinic.DefaultLanguage, "its language: "+strings.Join(clinic.Languages, " or "))
	f.StringVar(&form.Practice.HoursOther, "hours-other", "", "its office hours in the other language")
	f.StringVar(&form.Practice.EmergencyOther, "emergency-other", "", "what to do in an emergency in the other language")
	f.StringVar(&form.Name, "name", "", "the first provider's name")
	f.StringVar(&form.Title, "title", "", "their title, such as \"Dr.\" or \"RN\"")
	f.StringVar(&form.Email, "email", "", "the address they sign in with")
	f.BoolVar(&asJSON, "json", false, "print what was done as JSON")
	return cmd
}

// password comes from KINWARD_PASSWORD, else from the terminal, typed twice and not shown.
func password(cmd *cobra.Command) (string, error) {
	if given := os.Getenv("KINWARD_PASSWORD"); given != "" {
		return given, nil
	}
	in := int(os.Stdin.Fd())
	if !term.IsTerminal(in) {
		return "", errors.New("no terminal to ask for the password on: put it into KINWARD_PASSWORD")
	}
	var typed [2][]byte
	for i, prompt := range []string{"Password: ", "The same again: "} {
		fmt.Fprint(cmd.ErrOrStderr(), prompt)
		var err error
		typed[i], err = term.ReadPassword(in)
		fmt.Fprintln(cmd.ErrOrStderr())
		if err != nil {
			return "", err
		}
	}
	if !slices.Equal(typed[0], typed[1]) {
		return "", errors.New("the two passwords differ: start again")
	}
	return string(typed[0]), nil
}

// spoken puts a fault into the sentences of the catalogue, each with its field.
func spoken(err error) error {
	var fault *clinic.Fault
	if !errors.As(err, &fault) {
		return err
	}
	if len(fault.Fields) == 0 {
		return errors.New(messages.Say(clinic.DefaultLanguage, "fault."+fault.Code, fault.Params))
	}
	lines := []string{}
	for _, field := range fault.Fields {
		lines = append(lines, strings.TrimPrefix(field.Field, "practice.")+": "+messages.Say(clinic.DefaultLanguage, "fault."+field.Code, field.Params))
	}
	slices.Sort(lines)
	return errors.New(strings.Join(lines, " "))
}
