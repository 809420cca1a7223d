package file

import (
	"context"
	"errors"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
)

// Moved reports whether words that were looked at while a file went with nothing are kept off it now.
func Moved(app core.App, house *access.House, id, owner, words string) bool {
	d := &desk{app: app, house: house}
	_, err := d.store(app, owner, &row{ID: id, Owner: owner}, &changeForm{Alt: &words})
	return errors.Is(err, errMoved)
}

// Keep cleans a file that has arrived, as its last piece does.
func Keep(ctx context.Context, app core.App, house *access.House, id string) error {
	d := &desk{app: app, house: house}
	return d.keep(ctx, &row{ID: id, Name: "a.jpg"})
}

// Queries are the statements that people wait for, by how each is to seek.
var Queries = map[string]string{
	"files_listed (community=? AND (posted,id)<(?,?))":                 listedQuery,
	"files_listed_kind (community=? AND kind=? AND (posted,id)<(?,?))": listedKindQuery,
}
