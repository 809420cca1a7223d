package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"syscall"

	"kinward/hooks/backup"
	"kinward/hooks/export"
	"kinward/hooks/folder"
	"kinward/hooks/readiness"
)

// socketRoutes is what commands on this machine may ask a running server for. Only the owner of the data folder reaches it.
// A command must not open the folder itself then: a second bootstrap deletes the first one's temporary files.
func (s *server) socketRoutes() http.Handler {
	routes := http.NewServeMux()
	routes.HandleFunc("GET /ready", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(readiness.Look(r.Context(), s.app)) // a caller who is gone cannot be told
	})
	routes.Handle("POST /backup", backup.Serve(s.app, backup.Source{Version: Version, KeyFile: keyFile(s.Dir)}))
	routes.Handle("POST /export", export.Serve(s.app, s.house))
	routes.HandleFunc("GET /audit", serveAudit(s.app, s.house))
	return routes
}

// listenSocket opens the socket in the data folder. One that is there belongs to a dead process: this one holds the folder.
func listenSocket(dir string) (net.Listener, error) {
	path := filepath.Join(dir, folder.SocketName)
	if len(path) > 107 {
		return nil, fmt.Errorf("the path of the data folder is too long for a socket in it (%d characters): move it to a shorter one", len(dir))
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	listener, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("the socket for commands cannot be opened: %w", err)
	}
	return listener, os.Chmod(path, 0o600)
}

// errNotServing says that no server runs on the folder.
var errNotServing = errors.New("no server is running on this data folder")

// askServer gives a client for the server that runs on dir, or errNotServing. Any host in the URL reaches it, such as
// http://kinward/ready.
func askServer(dir string) (*http.Client, error) {
	path := filepath.Join(dir, folder.SocketName)
	conn, err := net.Dial("unix", path)
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED) {
		return nil, errNotServing
	}
	if err != nil {
		return nil, fmt.Errorf("the running server cannot be asked: %w", err)
	}
	_ = conn.Close()
	return &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", path)
	}}}, nil
}
