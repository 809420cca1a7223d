//go:build !linux

package backup

import "errors"

// exchange needs Linux, on which kinward is installed. Elsewhere, where people only try it out, a restore into a new folder works.
func exchange(_, _ string) error {
	return errors.New("only Linux can exchange two folders in one step: restore with --into a new folder and start kinward with --dir on that")
}
