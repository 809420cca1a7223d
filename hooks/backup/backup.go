// Package backup makes a whole copy of a practice's data folder while it is being used, and puts one back so that a crash
// at any point leaves exactly the old folder or exactly the new one.
//
// An archive is a gzipped tar: the two databases as SQLite's own consistent copies, every other file of the folder, where
// wanted the practice's key, then a manifest with a SHA-256 sum for each member and a row count for each table, and last the
// manifest's seal, made with the practice's key. It may be encrypted to an age recipient. An archive that ends early,
// that holds a byte more or less than its manifest says, or whose sealed manifest was changed, is refused as a whole.
//
// How a copy is made under load: first every file gets a second name (a hard link) in a work folder, so that deleting it
// takes nothing from the copy; then the databases are copied; then the files that came meanwhile are linked too. A file that
// a copied row names was there before that row, so it is in the copy, unless it came and went within the few moments between:
// then the copy is made again.
package backup

import (
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"kinward/hooks/clinic"
	"kinward/hooks/folder"
)

// Names inside an archive. What lies below "data/" is the data folder.
const (
	dataPrefix   = "data/"
	keyName      = "practice.key"
	manifestName = "manifest.json"
	sealName     = "manifest.seal"
)

// format is raised when an archive can no longer be read by the code that read the one before.
const format = 1

// workName is the folder inside the data folder where copies are made. It is emptied by the next backup and by Settle.
const workName = ".kinward_backup"

// The databases of a data folder, in the order in which they are copied.
var databases = []string{"data.db", "auxiliary.db"}

// Why an archive, a backup or a restore is refused. Each says what to do next.
var (
	ErrRunning   = errors.New("another backup of this practice is still running: wait for it")
	ErrTruncated = errors.New("the archive ends too early: use another copy of it")
	ErrDamaged   = errors.New("the archive was damaged or changed: use another copy of it")
	ErrNotOurs   = errors.New("this is not an archive made by kinward backup")
	ErrFormat    = errors.New("the archive was made by a later version of kinward: restore it with that version")
	ErrOtherKey  = errors.New("the archive belongs to another key than this machine's: " +
		"add --other-key if you mean to restore another machine's practice here")
)

// Manifest says what an archive holds, so that a restore can prove that it has all of it.
type Manifest struct {
	Format     int                         `json:"format"`
	Version    string                      `json:"version"` // of kinward
	Made       time.Time                   `json:"made"`
	Migrations []string                    `json:"migrations"`
	Tables     map[string]map[string]int64 `json:"tables"`            // database → table → rows
	Members    []Member                    `json:"members"`           // in the archive's order, without manifest and seal
	Missing    []string                    `json:"missing,omitempty"` // files that a row names and that the practice itself had lost
	KeyID      string                      `json:"key_id"`            // tells keys apart and gives none away
	HasKey     bool                        `json:"has_key"`
}

// Member is one file of an archive.
type Member struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Rows tells how many rows a table of data.db has in the archive.
func (m *Manifest) Rows(table string) int64 { return m.Tables[databases[0]][table] }

// Files tells how many files the archive holds beside the databases and the key.
func (m *Manifest) Files() int {
	n := len(m.Members) - len(databases)
	if m.HasKey {
		n--
	}
	return n
}

// Bytes tells how large the members are together, before compression.
func (m *Manifest) Bytes() (sum int64) {
	for _, member := range m.Members {
		sum += member.Size
	}
	return sum
}

// keyID names a key without telling anything of it.
func keyID(key clinic.Key) string { return hex.EncodeToString(key.Derive("backup key id")[:8]) }

// transient lists what stands in a data folder without being data: it belongs to a running process, or can be made again.
var transient = []string{
	folder.LockName, folder.SocketName, markerName, workName,
	".pb_temp_to_delete", ".kinward_uploads", "backups", ".notify", "lost+found",
}

// skipped reports whether a file or folder, named relative to the data folder with forward slashes, stays out of backups.
func skipped(name string) bool {
	first, _, _ := strings.Cut(name, "/")
	if slices.Contains(transient, first) {
		return true
	}
	for _, database := range databases {
		if rest, is := strings.CutPrefix(name, database); is && slices.Contains([]string{"", "-wal", "-shm", "-journal"}, rest) {
			return true
		}
	}
	return false
}

// dataMember checks the name of a member below "data/" and returns it relative to the data folder. Anything that could
// leave the folder, or that a backup would not have put there, is refused.
func dataMember(name string) (string, error) {
	inside, is := strings.CutPrefix(name, dataPrefix)
	clean := is && inside != "" && inside == path.Clean(inside) && filepath.IsLocal(filepath.FromSlash(inside)) &&
		!strings.ContainsAny(inside, "\\\x00")
	if !clean || (skipped(inside) && !slices.Contains(databases, inside)) {
		return "", fmt.Errorf("%w (it holds a file called %q)", ErrDamaged, name)
	}
	return inside, nil
}
