package post

import (
	"context"
	"database/sql"
	"errors"
	"sync"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// reads keeps the statements that people wait for prepared on the app's read connections: compiling one costs about as
// much as running it.
type reads struct {
	app core.App

	mu     sync.RWMutex
	db     *sql.DB
	byText map[string]*sql.Stmt
}

func newReads(app core.App) *reads { return &reads{app: app, byText: map[string]*sql.Stmt{}} }

var errNoPool = errors.New("the app has no pool of read connections")

// query runs a statement with positional parameters. It is one of a few constants, never made from what a person sent: each
// stays prepared for good.
func (r *reads) query(text string, args ...any) (*sql.Rows, error) {
	statement, err := r.statement(text)
	if err != nil {
		return nil, err
	}
	return statement.QueryContext(context.Background(), args...)
}

func (r *reads) statement(text string) (*sql.Stmt, error) {
	pool, ok := r.app.ConcurrentDB().(*dbx.DB)
	if !ok {
		return nil, errNoPool
	}
	db := pool.DB()
	r.mu.RLock()
	statement, known := r.byText[text], r.db == db
	r.mu.RUnlock()
	if known && statement != nil {
		return statement, nil
	}
	return r.prepare(db, text)
}

// prepare keeps a statement; when the app was bootstrapped anew, those of the closed database are dropped.
func (r *reads) prepare(db *sql.DB, text string) (*sql.Stmt, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.db != db {
		r.db = db
		clear(r.byText)
	}
	if statement := r.byText[text]; statement != nil {
		return statement, nil
	}
	statement, err := db.Prepare(text)
	if err != nil {
		return nil, err
	}
	r.byText[text] = statement
	return statement, nil
}
