package backup

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/url"
	"path"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	_ "modernc.org/sqlite" // the driver that PocketBase's own connections use
)

// openCopy opens a copied database for reading. Never open the database that the practice is using in this way.
func openCopy(file string) (*sql.DB, error) {
	address := url.URL{Scheme: "file", OmitHost: true, Path: file, RawQuery: "mode=ro&immutable=1"}
	db, err := sql.Open("sqlite", address.String())
	if err == nil {
		db.SetMaxOpenConns(1)
	}
	return db, err
}

// countRows counts the rows of each table. Virtual tables are left out: what they hold stands in their shadow tables.
func countRows(ctx context.Context, file string) (map[string]int64, error) {
	db, err := openCopy(file)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	tables, err := texts(ctx, db, `SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name`)
	if err != nil {
		return nil, err
	}
	rows := make(map[string]int64, len(tables))
	for _, table := range tables {
		var n int64
		if err := db.QueryRowContext(ctx, "SELECT count(*) FROM "+quoted(table)).Scan(&n); err != nil {
			return nil, fmt.Errorf("the rows of %s cannot be counted: %w", table, err)
		}
		rows[table] = n
	}
	return rows, nil
}

// migrations lists the migrations that a copied database went through.
func migrations(ctx context.Context, file string) ([]string, error) {
	db, err := openCopy(file)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	return texts(ctx, db, "SELECT file FROM "+quoted(core.DefaultMigrationsTable)+" ORDER BY applied, file")
}

// sound returns an error unless SQLite finds the whole copied database in order.
func sound(ctx context.Context, file string) error {
	db, err := openCopy(file)
	if err != nil {
		return err
	}
	defer db.Close()
	said, err := texts(ctx, db, "PRAGMA integrity_check(5)")
	if err != nil {
		return err
	}
	if answer := strings.Join(said, "; "); answer != "ok" {
		return fmt.Errorf("%w (SQLite says of %s: %s)", ErrDamaged, path.Base(file), answer)
	}
	return nil
}

// namedFiles returns the files that the rows of a copied data.db name, relative to the data folder.
func namedFiles(ctx context.Context, file string) (map[string]bool, error) {
	db, err := openCopy(file)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	columns, err := fileColumns(ctx, db)
	if err != nil {
		return nil, err
	}
	named := map[string]bool{}
	for _, column := range columns {
		if err := column.addTo(ctx, db, named); err != nil {
			return nil, fmt.Errorf("the files of %s cannot be listed: %w", column.table, err)
		}
	}
	return named, nil
}

// fileColumn is a column whose values are names of uploaded files.
type fileColumn struct{ collection, table, name string }

func fileColumns(ctx context.Context, db *sql.DB) ([]fileColumn, error) {
	rows, err := db.QueryContext(ctx, "SELECT id, name, fields FROM _collections WHERE type <> 'view'")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var columns []fileColumn
	for rows.Next() {
		var id, table, text string
		if err := rows.Scan(&id, &table, &text); err != nil {
			return nil, err
		}
		var fields []struct{ Name, Type string }
		if err := json.Unmarshal([]byte(text), &fields); err != nil {
			return nil, err
		}
		for _, field := range fields {
			if field.Type == core.FieldTypeFile {
				columns = append(columns, fileColumn{id, table, field.Name})
			}
		}
	}
	return columns, rows.Err()
}

// addTo adds the column's files. A field for several files holds a JSON list, one for a single file its bare name.
func (c fileColumn) addTo(ctx context.Context, db *sql.DB, named map[string]bool) error {
	value := quoted(c.name)
	rows, err := db.QueryContext(ctx, fmt.Sprintf("SELECT id, %s FROM %s WHERE %s NOT IN ('', '[]')", value, quoted(c.table), value))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var record, text string
		if err := rows.Scan(&record, &text); err != nil {
			return err
		}
		var files []string
		if json.Unmarshal([]byte(text), &files) != nil {
			files = []string{text}
		}
		for _, file := range files {
			named[path.Join(core.LocalStorageDirName, c.collection, record, file)] = true
		}
	}
	return rows.Err()
}

func texts(ctx context.Context, db *sql.DB, query string) ([]string, error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := []string{}
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		all = append(all, text)
	}
	return all, rows.Err()
}

// quoted makes a name safe to stand in a query.
func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
