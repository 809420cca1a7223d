package hooks

import (
	"database/sql"
	"runtime"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"modernc.org/sqlite"

	"kinward/hooks/statements"
	_ "kinward/pb_migrations" // the schema comes with the app, in tests as in main
)

// pragmas for every connection: busy_timeout first, so that the switch to WAL waits for others.
//
// synchronous is FULL: with WAL and NORMAL a power cut may take back what a person was told is done. cache_size is 4 MB a
// connection, since what is read often is in the system's page cache already. recursive_triggers makes INSERT OR REPLACE run the
// triggers of a deletion: without it, it goes round those that keep published versions, acknowledgements and the audit record.
const pragmas = "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=journal_size_limit(200000000)" +
	"&_pragma=synchronous(FULL)&_pragma=foreign_keys(ON)&_pragma=temp_store(MEMORY)&_pragma=cache_size(-4000)&_pragma=recursive_triggers(ON)&_defensive=1"

// Connect opens one of the database files of a practice.
func Connect(path string) (*dbx.DB, error) {
	connector, err := sqlite.NewConnector(path + pragmas)
	if err != nil {
		return nil, err
	}
	return dbx.NewFromDB(sql.OpenDB(statements.Connector{Connector: connector}), "sqlite"), nil
}

// Config is how the database of a practice is opened: few connections, since each holds its own cache, and reads on two to
// four cores gain nothing from more.
func Config(dir string) core.BaseAppConfig {
	return core.BaseAppConfig{
		DataDir: dir, DBConnect: Connect, DataMaxOpenConns: readers(), DataMaxIdleConns: readers(), AuxMaxOpenConns: 2, AuxMaxIdleConns: 1,
	}
}

func readers() int { return max(4, runtime.NumCPU()) }

// Alone takes out PocketBase's watcher of its own data folder, which tells processes on one folder of each other's changes.
// One process holds a practice's folder, so there is nobody to tell; and the watcher reads the app's state while the app is
// being closed, which the race detector rightly reports. Register calls it; who opens an app without Register does.
func Alone(app core.App) { app.OnBootstrap().Unbind("__pbNotifyWatcherSystemHook__") }
