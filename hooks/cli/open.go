package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/backup"
	"kinward/hooks/folder"
)

// opened is a data folder that this process holds, with the app on it: bootstrapped and migrated, and nothing served yet.
type opened struct {
	Place
	app   core.App
	house *access.House
	held  *folder.Held
}

// errNoPractice is for commands that need a folder that was used before.
var errNoPractice = errors.New("there is no practice in this data folder yet: make one with `kinward setup`, or name another folder with --dir")

// open takes the data folder for this process and brings its database to this binary's schema. It refuses a folder that
// another process holds, or whose schema is newer, before anything is changed. The caller closes what it returns.
func (s *shell) open(mustExist bool) (*opened, error) {
	syscall.Umask(0o077) // PocketBase makes its files readable by all
	dir, err := filepath.Abs(s.dir)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(dir, "data.db")); mustExist && err != nil {
		return nil, errNoPractice
	}
	held, err := folder.Hold(dir)
	var busy *folder.InUse
	if errors.As(err, &busy) {
		return nil, fmt.Errorf("%w: stop that one first, or name another folder with --dir", busy)
	}
	if err != nil {
		return nil, fmt.Errorf("the data folder cannot be used: %w", err)
	}
	o := &opened{held: held}
	if err = settle(dir); err == nil {
		err = o.start(s)
	}
	if err != nil {
		return nil, errors.Join(err, o.close())
	}
	return o, nil
}

// settle makes good what a killed restore or backup left, and then works as the folder's owner: what root would make there,
// the server could not open.
func settle(dir string) error {
	if err := backup.Settle(dir, keyFile(dir)); err != nil {
		return err
	}
	own, err := folder.OwnerOf(dir)
	if err != nil {
		return err
	}
	return own.Become()
}

func (o *opened) start(s *shell) error {
	var err error
	if o.Place, err = s.place(); err != nil {
		return err
	}
	o.app, o.house = s.make(o.Place)
	if err := o.app.Bootstrap(); err != nil {
		return fmt.Errorf("the database cannot be opened: %w", err)
	}
	logTo(o.app, o.Dev)
	if err := folder.CheckSchema(o.app); err != nil {
		return err
	}
	if err := o.app.RunAllMigrations(); err != nil {
		return fmt.Errorf("the database cannot be brought to this version, and nothing was changed: %w", err)
	}
	return o.keepNoRequests()
}

// keepNoRequests ends PocketBase's request log, which holds full URLs and addresses for days.
func (o *opened) keepNoRequests() error {
	settings := o.app.Settings()
	if settings.Logs.MaxDays == 0 && !settings.Logs.LogIP && settings.Meta.AppName == "Kinward" {
		return nil
	}
	settings.Logs.MaxDays, settings.Logs.LogIP, settings.Meta.AppName = 0, false, "Kinward"
	return o.app.Save(settings)
}

// close gives the database and the folder back. It may be called twice.
func (o *opened) close() error {
	var err error
	if o.app != nil {
		err = o.app.ClearBootstrap()
	}
	return errors.Join(err, o.held.Release())
}
