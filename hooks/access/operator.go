package access

import (
	"github.com/pocketbase/pocketbase/core"
)

// What an operator does at the dashboard goes on the audit record like everybody's doings, in the same transaction: who runs
// the server can change what members wrote, and nobody could tell afterwards. A line says who and which record, no content.

// auditOperators binds the lines to PocketBase's own doors. Members never come there.
func (h *House) auditOperators() {
	for action, hook := range map[string]interface {
		BindFunc(func(*core.RecordRequestEvent) error) string
	}{
		"operator.create": h.app.OnRecordCreateRequest(), "operator.update": h.app.OnRecordUpdateRequest(), "operator.delete": h.app.OnRecordDeleteRequest(),
	} {
		hook.BindFunc(func(e *core.RecordRequestEvent) error {
			return h.audited(e.RequestEvent, action, func() string { return e.Record.Collection().Name + "/" + e.Record.Id }, e.Next)
		})
	}
	h.app.OnSettingsUpdateRequest().BindFunc(func(e *core.SettingsUpdateRequestEvent) error {
		return h.audited(e.RequestEvent, "operator.settings", func() string { return "" }, e.Next)
	})
	h.app.OnRecordAuthRequest(core.CollectionNameSuperusers).BindFunc(func(e *core.RecordAuthRequestEvent) error {
		if e.AuthMethod == "" { // a token that is refreshed
			return e.Next()
		}
		subject := operator(e.Record)
		if err := h.Audit(e.App, subject, "operator.sign_in", subject, e.AuthMethod); err != nil {
			return err
		}
		return e.Next()
	})
}

// audited runs what an operator asked for and writes it down, both or neither. The subject is asked for afterwards, when what
// was made has its id. PocketBase answers once the transaction is committed.
func (h *House) audited(e *core.RequestEvent, action string, subject func() string, next func() error) error {
	app := e.App
	defer func() { e.App = app }()
	return app.RunInTransaction(func(tx core.App) error {
		e.App = tx
		if err := next(); err != nil {
			return err
		}
		return h.Audit(tx, operator(e.Auth), action, subject(), "")
	})
}

func operator(auth *core.Record) string {
	if auth == nil {
		return ""
	}
	return auth.Collection().Name + "/" + auth.Id
}
