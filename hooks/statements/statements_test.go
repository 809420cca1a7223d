package statements_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"modernc.org/sqlite"

	"kinward/hooks/statements"
)

func open(t testing.TB, connections int) *sql.DB {
	t.Helper()
	connector, err := sqlite.NewConnector(filepath.Join(t.TempDir(), "x.db") + "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)")
	if err != nil {
		t.Fatal(err)
	}
	db := sql.OpenDB(statements.Connector{Connector: connector})
	db.SetMaxOpenConns(connections)
	t.Cleanup(func() { db.Close() })
	run(t, db, "CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
	for i := range 10 {
		run(t, db, "INSERT INTO word (id, text) VALUES (?1, ?2)", i, fmt.Sprint("word ", i))
	}
	return db
}

func run(t testing.TB, db *sql.DB, text string, args ...any) {
	t.Helper()
	if _, err := db.Exec(text, args...); err != nil {
		t.Fatal(err)
	}
}

const byID = "SELECT text FROM word WHERE id >= ?1 ORDER BY id"

func TestTheSameTextInsideItself(t *testing.T) {
	tx, err := open(t, 1).Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	outer, err := tx.Query(byID, 8)
	if err != nil {
		t.Fatal(err)
	}
	defer outer.Close()
	seen := 0
	for outer.Next() {
		var inner string
		if err := tx.QueryRow(byID, 3).Scan(&inner); err != nil || inner != "word 3" {
			t.Errorf("inner: %q %v", inner, err)
		}
		var text string
		if err := outer.Scan(&text); err != nil || text != fmt.Sprint("word ", 8+seen) {
			t.Errorf("outer: %q %v", text, err)
		}
		seen++
	}
	if seen != 2 || outer.Err() != nil {
		t.Errorf("the outer query gave %d rows, %v", seen, outer.Err())
	}
}

func TestPushedOutWhileItIsRead(t *testing.T) {
	tx, err := open(t, 1).Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	rows, err := tx.Query(byID, 0)
	if err != nil {
		t.Fatal(err)
	}
	rows.Next()
	for i := range 2 * statements.Most {
		var n int
		if err := tx.QueryRow(fmt.Sprintf("SELECT ?1 + %d", i), 1).Scan(&n); err != nil || n != i+1 {
			t.Fatal(n, err)
		}
	}
	left := 0
	for rows.Next() {
		left++
	}
	if left != 9 || rows.Err() != nil || rows.Close() != nil {
		t.Errorf("%d rows were left, %v", left, rows.Err())
	}
}

func TestAChangedTableIsCompiledAnew(t *testing.T) {
	db := open(t, 1)
	const all = "SELECT * FROM word WHERE id = ?1"
	columns := func() int {
		rows, err := db.Query(all, 1)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		names, err := rows.Columns()
		if err != nil || !rows.Next() {
			t.Fatal(names, err)
		}
		return len(names)
	}
	before := columns()
	run(t, db, "ALTER TABLE word ADD COLUMN language TEXT NOT NULL DEFAULT 'en'")
	if after := columns(); before != 2 || after != 3 {
		t.Errorf("%d columns before, %d after", before, after)
	}
	run(t, db, "DROP TABLE word")
	if _, err := db.Query(all, 1); err == nil {
		t.Error("a table that is gone was read")
	}
}

func TestErrorsAndRolledBackWritesLeaveNothingBehind(t *testing.T) {
	db := open(t, 1)
	const insert = "INSERT INTO word (id, text) VALUES (?1, ?2)"
	for range 3 {
		if _, err := db.Exec(insert, 1, "again"); err == nil {
			t.Fatal("a second row with the same id")
		}
	}
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(insert, 100, "rolled back"); err != nil {
		t.Fatal(err)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	run(t, db, insert, 100, "stays")
	var n int
	if err := db.QueryRow("SELECT count(*) FROM word WHERE id >= ?1", 0).Scan(&n); err != nil || n != 11 {
		t.Errorf("%d rows, %v", n, err)
	}
}

// A question without parameters is kept as well, and sees what was written since.
func TestAQuestionWithoutParametersIsAskedAgain(t *testing.T) {
	db := open(t, 1)
	const last = "SELECT id FROM word ORDER BY id DESC LIMIT 1"
	for want := 9; want < 12; want++ {
		for range 2 {
			var id int
			if err := db.QueryRow(last).Scan(&id); err != nil || id != want {
				t.Errorf("%d, not %d: %v", id, want, err)
			}
		}
		run(t, db, "INSERT INTO word (id, text) VALUES (?1, ?2)", want+1, "new")
	}
}

func TestManyAtOnce(t *testing.T) {
	db := open(t, 4)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for range 200 {
				var text string
				if err := db.QueryRow(byID, i).Scan(&text); err != nil || text != fmt.Sprint("word ", i) {
					t.Errorf("%q %v", text, err)
					return
				}
			}
		})
	}
	all.Wait()
}

func TestColumnTypesComeThrough(t *testing.T) {
	rows, err := open(t, 1).Query(byID, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	rows.Next()
	types, err := rows.ColumnTypes()
	if err != nil || len(types) != 1 || types[0].DatabaseTypeName() != "TEXT" {
		t.Errorf("%v %v", types, err)
	}
}
