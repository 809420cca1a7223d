package access

import (
	"database/sql"
	"errors"
	"net/http"
	"strconv"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"kinward/hooks/clinic"
	"kinward/hooks/messages"
)

// answer is the documented shape of an error.
type answer struct {
	Status  int            `json:"status"`
	Message string         `json:"message"`
	Data    map[string]any `json:"data"`
}

// Telling is one fault as answers tell it.
type Telling struct {
	Code    string         `json:"code"`
	Message string         `json:"message"`
	Params  map[string]any `json:"params,omitempty"`
}

// explain turns a fault into the answer in a language.
func explain(f *clinic.Fault, lang string) answer {
	a := answer{Status: f.Status, Message: sentence(f, lang), Data: map[string]any{}}
	if len(f.Fields) == 0 {
		a.Data[where(f)] = Telling{f.Code, a.Message, f.Params}
	}
	for _, field := range f.Fields {
		a.Data[where(field)] = Telling{field.Code, sentence(field, lang), field.Params}
	}
	return a
}

// Tell words a fault in the caller's language, for an answer that has several results. Of a fault with fields it tells the
// first.
func (e *Event) Tell(f *clinic.Fault) *Telling {
	if len(f.Fields) > 0 {
		f = f.Fields[0]
	}
	return &Telling{f.Code, sentence(f, e.Language()), f.Params}
}

func where(f *clinic.Fault) string {
	if f.Field == "" {
		return "error"
	}
	return f.Field
}

func sentence(f *clinic.Fault, lang string) string {
	return messages.Say(lang, "fault."+f.Code, f.Params)
}

// internal is what a person sees of an error that has no words of its own; the log has the rest.
var internal = &clinic.Fault{Status: http.StatusInternalServerError, Code: "internal"}

// fail writes an error as the documented answer. What is no fault is logged and told without detail.
func fail(e *core.RequestEvent, err error, lang string) error {
	var fault *clinic.Fault
	var api *router.ApiError
	switch {
	case errors.As(err, &fault):
	case errors.As(err, &api) && api.Status == http.StatusRequestEntityTooLarge:
		fault = tooLarge
	default:
		e.App.Logger().Error("request failed", "method", e.Request.Method, "route", e.Request.Pattern, "error", err)
		fault = internal
	}
	if seconds, ok := fault.Params["seconds"].(int); ok && fault.Status == http.StatusTooManyRequests {
		e.Response.Header().Set("Retry-After", strconv.Itoa(seconds))
	}
	e.Response.Header().Set("Cache-Control", "no-store")
	return e.JSON(fault.Status, explain(fault, lang))
}

// Missing turns the database's "no such row" into clinic.NotFound, and leaves any other error as it is.
func Missing(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return clinic.NotFound
	}
	return err
}

// Refuse makes a fault that PocketBase's own routes (the dashboard's) show with its sentence, for use in record events.
// It is still the fault to errors.Is and errors.As.
func Refuse(app core.App, fault *clinic.Fault) error {
	said := explain(fault, clinic.DefaultLanguage)
	return errors.Join(fault, router.NewApiError(fault.Status, said.Message, nil))
}
