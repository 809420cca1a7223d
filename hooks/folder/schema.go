package folder

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"
)

// NewerSchema says that a later binary has worked on the folder: this one would not understand the data.
type NewerSchema struct {
	Unknown []string // the migrations that this binary does not know
}

// Error names what this binary does not know and what to do.
func (e *NewerSchema) Error() string {
	return fmt.Sprintf("a newer version of kinward has changed these data (%s): run that version, or restore a backup made before it",
		strings.Join(e.Unknown, ", "))
}

var _ error = (*NewerSchema)(nil)

// CheckSchema returns *NewerSchema where the database went through a migration that this binary does not have. Call it
// after bootstrap and before migrations run.
func CheckSchema(app core.App) error {
	applied, err := Applied(app)
	if err != nil {
		return err
	}
	return Understands(applied, Known())
}

// Understands returns *NewerSchema where one of the applied migrations is not among the known ones.
func Understands(applied, known []string) error {
	newer := &NewerSchema{}
	for _, name := range applied {
		if !slices.Contains(known, name) {
			newer.Unknown = append(newer.Unknown, name)
		}
	}
	if len(newer.Unknown) > 0 {
		return newer
	}
	return nil
}

// Known lists the migrations that this binary has, PocketBase's own included.
func Known() []string {
	var names []string
	for _, list := range []core.MigrationsList{core.SystemMigrations, core.AppMigrations} {
		for _, migration := range list.Items() {
			names = append(names, migration.File)
		}
	}
	return names
}

// Applied lists the migrations that the database went through, in their order.
func Applied(app core.App) ([]string, error) {
	var names []string
	err := app.DB().Select("file").From(core.DefaultMigrationsTable).OrderBy("applied", "file").Column(&names)
	return names, err
}
