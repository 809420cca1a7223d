package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"kinward/hooks/backup"
	"kinward/hooks/export"
	"kinward/hooks/folder"
	"kinward/hooks/readiness"
)

// What is asked for beside the address: the practice's key in the archive, and whose export it is.
const (
	keyWanted    = "key"
	memberWanted = "member"
)

// socketRoutes is what commands on this machine may ask a running server for. Only the owner of the data folder reaches it.
// A command must not open the folder itself then: a second bootstrap deletes the first one's temporary files.
func (s *server) socketRoutes() http.Handler {
	routes := http.NewServeMux()
	routes.HandleFunc("GET /ready", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(readiness.Look(r.Context(), s.app)) // a caller who is gone cannot be told
	})
	routes.Handle("POST /backup", s.whole("backup", func(r *http.Request, w io.Writer) error {
		_, err := backup.Make(r.Context(), s.app, w, backup.Source{Version: Version, KeyFile: keyFile(s.Dir), WithKey: r.URL.Query().Has(keyWanted)})
		return err
	}))
	routes.Handle("POST /export", s.whole("export", func(r *http.Request, w io.Writer) error {
		_, err := export.Write(r.Context(), s.app, s.house, r.URL.Query().Get(memberWanted), w)
		return err
	}))
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

// whole answers with what write writes, or with the sentence of its error where nothing was written yet. What fails half-way ends the
// connection, so that nobody takes what came for the whole.
func (s *server) whole(what string, write func(*http.Request, io.Writer) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		out := &begun{Writer: w}
		err := write(r, out)
		if err == nil {
			return
		}
		if r.Context().Err() == nil {
			s.app.Logger().Error("The "+what+" failed", "error", err)
		}
		if out.begun {
			panic(http.ErrAbortHandler)
		}
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// begun notes whether anything was written.
type begun struct {
	io.Writer
	begun bool
}

func (b *begun) Write(p []byte) (int, error) {
	b.begun = true
	return b.Writer.Write(p)
}

// askWhole writes to w what the running server answers to a request for a "backup" or an "export". After an error what was written is
// not the whole; the error is the server's own sentence where it sent one.
func askWhole(ctx context.Context, client *http.Client, what string, wanted url.Values, w io.Writer) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://kinward/"+what+"?"+wanted.Encode(), nil)
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("the running server cannot be asked: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		said, _ := io.ReadAll(io.LimitReader(response.Body, 1000))
		return errors.New(strings.TrimSpace(string(said)))
	}
	if _, err := io.Copy(w, response.Body); err != nil {
		return fmt.Errorf("the server stopped before the %s was complete: %w", what, err)
	}
	return nil
}
