package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/pocketbase/pocketbase/core"
)

// keyWanted is the parameter that asks for the practice's key in the archive.
const keyWanted = "key"

// Serve answers a command's request for an archive of the running practice. It belongs on a door that only the operator
// reaches: who gets the archive has everything. An archive that fails half-way ends the connection, so that nobody takes
// what came for a whole one.
func Serve(app core.App, source Source) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		wanted := source
		wanted.WithKey = r.URL.Query().Has(keyWanted)
		out := &begun{Writer: w}
		_, err := Make(r.Context(), app, out, wanted)
		if err == nil {
			return
		}
		if r.Context().Err() == nil {
			app.Logger().Error("The backup failed", "error", err)
		}
		if out.begun {
			panic(http.ErrAbortHandler)
		}
		status := http.StatusInternalServerError
		if errors.Is(err, ErrRunning) {
			status = http.StatusConflict
		}
		http.Error(w, err.Error(), status)
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

// Ask gets an archive from a server that answers with Serve at address, and writes it to w.
func Ask(ctx context.Context, client *http.Client, address string, withKey bool, w io.Writer) error {
	if withKey {
		address += "?" + url.Values{keyWanted: {"1"}}.Encode()
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, nil)
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
		return fmt.Errorf("the server stopped before the backup was complete: %w", err)
	}
	return nil
}
