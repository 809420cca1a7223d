package export

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
)

const memberWanted = "member"

// Serve answers a command's request for an export of the running practice. It belongs on a door that only the operator reaches. An
// export that fails half-way ends the connection, so that nobody takes what came for a whole one.
func Serve(app core.App, house *access.House) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		out := &begun{Writer: w}
		_, err := Write(r.Context(), app, house, r.URL.Query().Get(memberWanted), out)
		switch {
		case err == nil:
		case errors.Is(err, ErrUnknown):
			http.Error(w, err.Error(), http.StatusNotFound)
		case out.begun:
			app.Logger().Error("The export failed", "error", err)
			panic(http.ErrAbortHandler)
		default:
			app.Logger().Error("The export failed", "error", err)
			http.Error(w, "the running server could not make the export: look at its log", http.StatusInternalServerError)
		}
	})
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

// Ask gets an export from a server that answers with Serve at address, and writes it to w.
func Ask(ctx context.Context, client *http.Client, address, who string, w io.Writer) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address+"?"+url.Values{memberWanted: {who}}.Encode(), nil)
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("the running server cannot be asked: %w", err)
	}
	defer response.Body.Close()
	switch response.StatusCode {
	case http.StatusOK:
	case http.StatusNotFound:
		return ErrUnknown
	default:
		said, _ := io.ReadAll(io.LimitReader(response.Body, 1000))
		return errors.New(strings.TrimSpace(string(said)))
	}
	if _, err := io.Copy(w, response.Body); err != nil {
		return fmt.Errorf("the server stopped before the export was complete: %w", err)
	}
	return nil
}

// Read gives the summary of an export that is whole.
func Read(archive io.ReaderAt, size int64) (*Summary, error) {
	read, err := zip.NewReader(archive, size)
	if err != nil {
		return nil, err
	}
	about, err := read.Open(aboutName)
	if err != nil {
		return nil, err
	}
	defer about.Close()
	var out Summary
	return &out, json.NewDecoder(about).Decode(&out)
}
