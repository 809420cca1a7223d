package site

import (
	"errors"
	"io/fs"

	"github.com/pocketbase/pocketbase/core"
)

const (
	// dashboardFolder is the part of the built page that PocketBase's dashboard loads. Being a dot folder, the site does not
	// serve it: PocketBase does, to those who reach the dashboard.
	dashboardFolder = ".dashboard"
	// extensionName stands in the addresses that the build writes into main.js: /_/extensions/kinward/.
	extensionName = "kinward"
	// extensionsScript is all extensions' main.js in one. Its name never changes and it names the hashed files of one release,
	// so a browser asks for it each time; PocketBase would let it be kept for 14 days.
	extensionsScript = "/_/extensions.js"
)

// extend adds our pages to the dashboard, where the built page holds them.
func extend(se *core.ServeEvent, dist fs.FS) error {
	folder, err := fs.Sub(dist, dashboardFolder)
	if err != nil {
		return err
	}
	switch _, err := fs.Stat(folder, "main.js"); {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	}
	se.UIExtensions = append(se.UIExtensions, core.UIExtension{Name: extensionName, FS: folder})
	return nil
}
