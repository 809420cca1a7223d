package cli

import (
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// logTo sends what the app logs to standard error. PocketBase keeps its log in a database, together with requests, and keeps
// neither when that log is off; so the logger that it hands out is filled with another.
func logTo(app core.App, dev bool) {
	level := slog.LevelWarn
	if dev {
		level = slog.LevelDebug
	}
	*app.Logger() = *newLog(level)
}

// newLog writes to standard error, and leaves the time to systemd where that keeps it.
func newLog(level slog.Level) *slog.Logger {
	options := &slog.HandlerOptions{Level: level}
	if os.Getenv("JOURNAL_STREAM") != "" {
		options.ReplaceAttr = func(groups []string, a slog.Attr) slog.Attr {
			if len(groups) == 0 && a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		}
	}
	return slog.New(slog.NewTextHandler(os.Stderr, options))
}

// accessLog opens the log of requests: "-" for standard error, or a file; nil where none is wished for.
func accessLog(to string) (*log.Logger, error) {
	switch to {
	case "":
		return nil, nil
	case "-":
		return log.New(os.Stderr, "", 0), nil
	}
	file, err := os.OpenFile(to, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the access log cannot be written: %w", err)
	}
	return log.New(file, "", 0), nil // open as long as the process lives
}

// logged notes each request with its path, status, size and duration. It never holds the query, a body, an address or who
// asked: a log is read by more people than the community is.
func logged(next http.Handler, out *log.Logger) http.Handler {
	if out == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		watched := &watched{ResponseWriter: w, status: http.StatusOK}
		defer func() {
			out.Printf("%s %s %s %d %dB %.1fms", start.UTC().Format(time.RFC3339), r.Method, r.URL.EscapedPath(),
				watched.status, watched.bytes, float64(time.Since(start).Microseconds())/1000)
		}()
		next.ServeHTTP(watched, r)
	})
}

// watched counts what is written.
type watched struct {
	http.ResponseWriter
	status, bytes int
	begun         bool
}

var (
	_ http.ResponseWriter = (*watched)(nil)
	_ io.ReaderFrom       = (*watched)(nil)
)

// WriteHeader notes the final status, not a 1xx before it.
func (w *watched) WriteHeader(status int) {
	if !w.begun && status >= http.StatusOK {
		w.status, w.begun = status, true
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write counts.
func (w *watched) Write(b []byte) (int, error) {
	w.begun = true
	n, err := w.ResponseWriter.Write(b)
	w.bytes += n
	return n, err
}

// ReadFrom counts what is copied straight from a file.
func (w *watched) ReadFrom(r io.Reader) (int64, error) {
	w.begun = true
	n, err := io.Copy(w.ResponseWriter, r)
	w.bytes += int(n)
	return n, err
}

// Unwrap lets http.ResponseController reach what streams need: flushing and deadlines.
func (w *watched) Unwrap() http.ResponseWriter { return w.ResponseWriter }
