package file

import (
	"errors"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
)

// Moved reports whether words that were looked at while a file went with nothing are kept off it now.
func Moved(app core.App, house *access.House, id, owner, words string) bool {
	d := &desk{app: app, house: house}
	return errors.Is(d.store(app, owner, &row{ID: id, Owner: owner}, &changeForm{Alt: &words}), errMoved)
}
