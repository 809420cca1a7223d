package access

import (
	"net/http"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
)

// How a session's token travels: in a cookie for browsers, as a bearer's for programs.

// encrypted reports whether browsers reach the practice by https: the public URL in force says so, wherever it comes from, or this very
// request came under TLS of our own. What a request's headers say of it is not asked: they say what their sender likes.
func (h *House) encrypted(r *http.Request) bool {
	return r.TLS != nil || strings.HasPrefix(h.PublicURL(), "https://")
}

// cookieName has the __Host- prefix where browsers come by https (RFC 6265bis section 4.1.3.2): a browser takes it from this host only.
// The other name is then not read, since another host beside ours could have set it.
func (h *House) cookieName(r *http.Request) string {
	if h.encrypted(r) {
		return "__Host-kinward"
	}
	return "kinward"
}

// bearer is the session's token as a program sends it, and whether this request has one.
func bearer(r *http.Request) (string, bool) {
	token, given := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return strings.TrimSpace(token), given
}

func (h *House) token(r *http.Request) string {
	if token, given := bearer(r); given {
		return token
	}
	if cookie, err := r.Cookie(h.cookieName(r)); err == nil {
		return cookie.Value
	}
	return ""
}

func (e *Event) setCookie(value string, age int) {
	http.SetCookie(e.Response, &http.Cookie{
		Name: e.CookieName(), Value: value, Path: "/", MaxAge: age, HttpOnly: true, SameSite: http.SameSiteStrictMode,
		Secure: e.House.encrypted(e.Request),
	})
}

// CookieName is the name that this request's session cookie has now.
func (e *Event) CookieName() string { return e.House.cookieName(e.Request) }

// CookieRenamed does what follows from another public URL where the session's cookie had the name before: if it has another now, no
// browser's is read any more, so every session ends, and nothing that still travels under the old name opens anything. Who made the
// change goes on: a browser with a new session, a program with its own. Call it after the change is committed.
func (e *Event) CookieRenamed(before string) error {
	if e.CookieName() == before {
		return nil
	}
	kept := e.Viewer.Session.ID
	return e.App.RunInTransaction(func(tx core.App) error {
		_, err := tx.DB().NewQuery("DELETE FROM sessions WHERE id != {:kept}").Bind(map[string]any{"kept": kept}).Execute()
		if err != nil {
			return err
		}
		committed(tx, func() {
			e.House.session.forget(func(Session) bool { return true })
			e.House.tell(Changed{})
		})
		if _, program := bearer(e.Request); program {
			return nil
		}
		member, err := tx.FindRecordById(clinic.Users, e.Viewer.ID)
		if err != nil {
			return err
		}
		return e.Start(tx, member)
	})
}
