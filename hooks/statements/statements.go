// Package statements keeps what SQLite has compiled. A connection that it opens remembers its statements by their text, so that
// a query which the house asks a thousand times is compiled once: for the short ones of a web request, compiling costs as
// much as running or more.
//
// It promises to change nothing else. A statement that is still being read is never handed out twice, a changed schema makes
// SQLite compile anew by itself, and a connection remembers only so many. Only texts with parameters are worth it, and short
// questions that need none: a text with values in it is a new one each time and pushes an old one out.
package statements

import (
	"container/list"
	"context"
	"database/sql/driver"
	"errors"
	"strings"
)

// Most is how many statements a connection remembers. Each takes some 5 to 20 kB.
const Most = 128

// longest is the length of text that is worth keeping: longer ones are scripts and imports.
const longest = 8_000

// longestBare is the length of a question without parameters that is worth keeping. Those that the house asks again and again are
// short: which audit line is the last, when the next letter is due.
const longestBare = 300

// Connector opens connections that remember, on another driver's.
type Connector struct{ driver.Connector }

var _ driver.Connector = Connector{}

// Connect opens a connection.
func (c Connector) Connect(ctx context.Context) (driver.Conn, error) {
	inner, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	whole, ok := inner.(full)
	if !ok {
		return nil, errors.Join(errNotFull, inner.Close())
	}
	return &conn{full: whole, byText: map[string]*list.Element{}, recent: list.New()}, nil
}

var errNotFull = errors.New("the database driver lacks what remembering statements needs")

// full is what a driver's connection must offer for nothing to be lost on the way through.
type full interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// statement is what both ways of running one need.
type statement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// conn is a connection with its memory. Like every driver's connection it is used by one goroutine at a time; only rows that
// were left open outlive a call, and database/sql closes them under the same lock.
type conn struct {
	full
	byText map[string]*list.Element
	recent *list.List // of *kept, the latest first
}

// kept is one statement that is remembered.
type kept struct {
	statement
	text    string
	reading bool // its rows are open: nobody else may run it now
	dropped bool // pushed out while its rows were open: closed with them
}

var (
	_ full                     = (*conn)(nil)
	_ driver.NamedValueChecker = (*conn)(nil)
)

// CheckNamedValue leaves values to database/sql's own conversion, as the driver does.
func (c *conn) CheckNamedValue(value *driver.NamedValue) error {
	if checker, ok := c.full.(driver.NamedValueChecker); ok {
		return checker.CheckNamedValue(value)
	}
	return driver.ErrSkip
}

// ExecContext runs a statement that gives no rows.
func (c *conn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	k, err := c.recall(ctx, text, len(args) > 0)
	if err != nil {
		return nil, err
	}
	if k == nil {
		return c.full.ExecContext(ctx, text, args)
	}
	return k.ExecContext(ctx, args)
}

// QueryContext runs a statement that gives rows.
func (c *conn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	k, err := c.recall(ctx, text, len(args) > 0 || question(text))
	if err != nil {
		return nil, err
	}
	if k == nil {
		return c.full.QueryContext(ctx, text, args)
	}
	inner, err := k.QueryContext(ctx, args)
	if err != nil {
		return nil, err
	}
	k.reading = true
	return &rows{Rows: inner, done: k.release}, nil
}

// question reports whether a text without parameters is one short question.
func question(text string) bool {
	return len(text) <= longestBare && strings.HasPrefix(text, "SELECT ") && strings.IndexByte(text, ';') < 0
}

// recall returns the statement of a text, compiled now or before, or nil where the driver should compile one for this once: it is
// being read, or not worth keeping.
func (c *conn) recall(ctx context.Context, text string, worth bool) (*kept, error) {
	if found, ok := c.byText[text]; ok {
		k := found.Value.(*kept)
		if k.reading {
			return nil, nil
		}
		c.recent.MoveToFront(found)
		return k, nil
	}
	if !worth || len(text) > longest {
		return nil, nil
	}
	compiled, err := c.full.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	both, ok := compiled.(statement)
	if !ok {
		return nil, compiled.Close()
	}
	k := &kept{statement: both, text: text}
	c.byText[text] = c.recent.PushFront(k)
	if c.recent.Len() > Most {
		if err := c.forget(c.recent.Back()); err != nil {
			return nil, err
		}
	}
	return k, nil
}

func (c *conn) forget(which *list.Element) error {
	k := c.recent.Remove(which).(*kept)
	delete(c.byText, k.text)
	if k.reading {
		k.dropped = true
		return nil
	}
	return k.Close()
}

// release lets a statement be run again once its rows are closed.
func (k *kept) release() error {
	k.reading = false
	if k.dropped {
		return k.Close()
	}
	return nil
}

// Close forgets every statement and closes the connection.
func (c *conn) Close() error {
	var failures []error
	for which := c.recent.Front(); which != nil; which = c.recent.Front() {
		failures = append(failures, c.forget(which))
	}
	return errors.Join(append(failures, c.full.Close())...)
}
