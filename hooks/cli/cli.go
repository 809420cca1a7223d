// Package cli is what people type: one command a file. Each prints what it did and the next step, takes --dir and --help,
// and on failure exits with 1 after one plain sentence on standard error.
package cli

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// Version is the release, set by the linker.
var Version = "development"

// SettingsKeyVariable names the variable that PocketBase reads its settings' encryption key from; the key is derived, and
// set in this process only.
const SettingsKeyVariable = "KINWARD_SETTINGS_KEY"

// Place is where a command works.
type Place struct {
	Dir string // the data folder
	Key clinic.Key
	Dev bool
	// Relay and MailFrom are KINWARD_RELAY and KINWARD_MAIL_FROM: they go before what the practice has set.
	Relay    string
	MailFrom string
	// Files is KINWARD_FILES in bytes: how much all members' files may have together; 0 where it is not set.
	Files int64
}

// Maker makes the app on a place: main's newApp. It opens nothing.
type Maker func(at Place) (core.App, *access.House)

// shell is what the commands share.
type shell struct {
	make  Maker
	dir   string
	dev   bool
	relay string // KINWARD_RELAY; demo puts its mailbox here
}

// Run executes one command line and returns the process's exit code.
func Run(args []string, make Maker) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	root := Root(make)
	root.SetArgs(args)
	if err := root.ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "kinward: "+err.Error())
		return 1
	}
	return 0
}

// Root is the whole command line.
func Root(make Maker) *cobra.Command {
	s := &shell{make: make, relay: os.Getenv("KINWARD_RELAY")}
	root := &cobra.Command{
		Use: "kinward", Short: "The private community that a clinic runs itself", Version: Version, SilenceUsage: true, SilenceErrors: true,
	}
	root.PersistentFlags().StringVar(&s.dir, "dir", defaultDir(), "the data folder (or KINWARD_DIR)")
	root.PersistentFlags().BoolVar(&s.dev, "dev", false, "for developing Kinward itself: the dashboard may change collections")
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error { return fromEnvironment(cmd) }
	root.AddCommand(commands(s)...)
	for _, command := range root.Commands() {
		tellVariables(command)
	}
	return root
}

func defaultDir() string {
	if dir := os.Getenv("KINWARD_DIR"); dir != "" {
		return dir
	}
	binary, err := os.Executable()
	if err != nil {
		return "kinward_data"
	}
	return filepath.Join(filepath.Dir(binary), "kinward_data")
}

// place reads the key that belongs to the data folder. A folder without a database gets a new one; with a database, a missing
// key is an error, since what it sealed could never be opened again.
func (s *shell) place() (Place, error) {
	dir, err := filepath.Abs(s.dir)
	if err != nil {
		return Place{}, err
	}
	_, err = os.Stat(filepath.Join(dir, "data.db"))
	key, err := clinic.LoadKey(keyFile(dir), errors.Is(err, os.ErrNotExist))
	if err != nil {
		return Place{}, err
	}
	at := Place{Dir: dir, Key: key, Dev: s.dev, Relay: s.relay, MailFrom: os.Getenv("KINWARD_MAIL_FROM"), Files: gigabytes(os.Getenv("KINWARD_FILES"))}
	return at, os.Setenv(SettingsKeyVariable, hex.EncodeToString(key.Derive("settings"))[:32])
}

// keyFile is outside the data folder, so that no backup or copy of the folder carries it.
func keyFile(dir string) string {
	if path := os.Getenv("KINWARD_KEY_FILE"); path != "" {
		return path
	}
	return filepath.Clean(dir) + ".key"
}

// gigabytes reads a number of gigabytes, 0 where it is none: what does not say anything sets nothing.
func gigabytes(said string) int64 {
	n, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(said), "GB"), 10, 32)
	if err != nil || n < 0 {
		return 0
	}
	return n << 30
}
