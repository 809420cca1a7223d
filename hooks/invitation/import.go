package invitation

import (
	"bytes"
	"errors"
	"io"
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// importForm is the body of POST /invitations/import, multipart/form-data: file, and dry_run=1 to see what would come of it,
// or skip_problems=1 to bring in the rows that are well and leave out the others.
type importForm struct {
	rows         []cells
	dryRun, skip bool
}

// result is what came of a row.
type result struct {
	Line   int             `json:"line"`
	Email  string          `json:"email"`
	Status string          `json:"status"` // ok, created or problem
	Reason *access.Telling `json:"reason,omitempty"`

	wish wish
}

const (
	rowOK      = "ok"
	rowCreated = "created"
	rowProblem = "problem"
)

// importFile proposes an invitation for each row of a file; a provider's own are approved at once. All of it happens, or
// nothing.
func importFile(e *access.Event) error {
	form, err := readImport(e)
	if err != nil {
		return err
	}
	rooms, err := openRooms(e.App)
	if err != nil {
		return err
	}
	rooms = known(e.Viewer, rooms)
	if form.dryRun {
		results, _, err := form.try(e, e.App, rooms)
		if err != nil {
			return err
		}
		return e.Write(http.StatusOK, map[string]any{"rows": results, "created": 0, "batch": ""})
	}
	return e.Once(func(tx core.App) (int, any, error) {
		results, problems, err := form.try(e, tx, rooms)
		if err != nil {
			return 0, nil, err
		}
		if problems > 0 && !form.skip {
			return 0, nil, HasProblems.With("problems", problems).With("rows", results)
		}
		return form.submit(e, tx, rooms, results)
	})
}

// readImport reads the form within its limits.
func readImport(e *access.Event) (importForm, error) {
	body, err := io.ReadAll(http.MaxBytesReader(e.Response, e.Request.Body, mostBytes+16<<10))
	if err != nil {
		var long *http.MaxBytesError
		if errors.As(err, &long) {
			return importForm{}, FileTooLarge.With("max", mostBytes)
		}
		return importForm{}, clinic.BadRequest
	}
	e.Request.Body = io.NopCloser(bytes.NewReader(body))
	file, _, err := e.Request.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) {
		return importForm{}, FileMissing
	}
	if err != nil {
		return importForm{}, clinic.BadRequest
	}
	defer file.Close()
	text, err := io.ReadAll(file)
	if err != nil {
		return importForm{}, clinic.BadRequest
	}
	form := importForm{dryRun: e.Request.FormValue("dry_run") == "1", skip: e.Request.FormValue("skip_problems") == "1"}
	e.Fingerprint(append([]byte(e.Request.FormValue("skip_problems")+"\n"), text...)) // the boundary between parts is another each time
	form.rows, err = readCSV(text)
	return form, err
}

// try checks every row and says what is wrong with it, in the order of the file. It changes nothing.
func (f importForm) try(e *access.Event, app core.App, rooms []room) (out []result, problems int, err error) {
	seen := map[string]int{}
	for _, row := range f.rows {
		r := result{Line: row.Line, Email: clip(row.Email, 254), Status: rowOK}
		var fault *clinic.Fault
		r.wish, fault = row.wish(rooms, e.House.Practice().Language)
		if fault == nil {
			fault, err = r.wish.problem(e, app, rooms)
		}
		if err != nil {
			return nil, 0, err
		}
		if first, twice := seen[r.wish.Email]; fault == nil && twice {
			fault = RowTwice.With("line", first)
		}
		if fault != nil {
			r.Status, r.Reason = rowProblem, e.Tell(fault)
			problems++
		} else {
			seen[r.wish.Email] = row.Line
		}
		out = append(out, r)
	}
	return out, problems, nil
}

// problem is what stops one row; an error is something else.
func (w *wish) problem(e *access.Event, app core.App, rooms []room) (*clinic.Fault, error) {
	err := w.Validate(e.House.Practice().Language)
	if err == nil {
		err = w.fits(e.Viewer, rooms)
	}
	if err == nil {
		err = w.strangers(e, app)
	}
	var fault *clinic.Fault
	if errors.As(err, &fault) {
		return fault, nil
	}
	return nil, err
}

// strangers refuses a member's address whatever the role: a list brings people in, and changes nobody's role unseen.
func (w *wish) strangers(e *access.Event, app core.App) error {
	member, err := memberWith(app, w.Email)
	if err != nil {
		return err
	}
	if member != nil {
		return clinic.AlreadyAMember.With("member", member.Id).With("state", member.GetString("status"))
	}
	return w.free(e, app)
}

// submit makes what was found well, in the caller's transaction.
func (f importForm) submit(e *access.Event, tx core.App, rooms []room, results []result) (int, any, error) {
	batch, created := core.GenerateDefaultRandomId(), 0
	for n := range results {
		r := &results[n]
		if r.Status != rowOK {
			continue
		}
		r.wish.batch = batch
		if _, err := r.wish.submit(e, tx, rooms); err != nil {
			return 0, nil, err
		}
		r.Status = rowCreated
		created++
	}
	err := e.House.Audit(tx, e.Viewer.ID, "invitation.import", "batches/"+batch, "")
	return http.StatusCreated, map[string]any{"rows": results, "created": created, "batch": batch}, err
}
