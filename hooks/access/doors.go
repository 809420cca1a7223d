package access

import (
	"net/http"
	"net/netip"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"kinward/hooks/clinic"
)

// A route is closed unless it was declared with a guard (House.Routes) or is listed here, open to those said: so one that a later
// PocketBase adds, or that somebody binds past House.Routes, lets nobody in. They are compared with the pattern that the router
// matched, not with the path that was asked for, so that no spelling of a path gets around them.
var (
	openToAnyone = set("GET /api/health")

	// Outside of the interface: what answers where there is no route, the built page (package site), and the mailbox of `kinward demo`.
	besideTheInterface = set("/", "GET /{path...}", "GET /demo/mailbox", "GET /demo/mailbox/{n}")

	// Only for the collection _superusers: how an operator signs in to the dashboard.
	openToOperatorsSigningIn = set(
		"GET /api/collections/{collection}/auth-methods",
		"POST /api/collections/{collection}/auth-with-password",
		"POST /api/collections/{collection}/auth-refresh",
		"POST /api/collections/{collection}/request-otp",
		"POST /api/collections/{collection}/auth-with-otp",
		"POST /api/collections/{collection}/request-password-reset",
		"POST /api/collections/{collection}/confirm-password-reset",
	)

	// What the dashboard needs, without what would go around the record events: the SQL console, backups and restore,
	// changes of collections, views made from SQL, impersonation, and clearing the log.
	openToOperators = set(
		"GET /api/collections", "GET /api/collections/{collection}", "GET /api/collections/meta/scaffolds",
		"GET /api/collections/meta/oauth2-providers",
		"GET /api/collections/{collection}/records", "GET /api/collections/{collection}/records/{id}",
		"POST /api/collections/{collection}/records", "PATCH /api/collections/{collection}/records/{id}",
		"DELETE /api/collections/{collection}/records/{id}", "POST /api/batch",
		"GET /api/settings", "PATCH /api/settings", "POST /api/settings/test/email",
		"GET /api/logs", "GET /api/logs/stats", "GET /api/logs/{id}", "GET /api/crons", "POST /api/crons/{id}",
		"GET /api/backups", "POST /api/files/token", "GET /api/files/{collection}/{recordId}/{filename}",
	)

	// Outside the house's own server: while the collections are being designed.
	openInDevelopment = set(
		"POST /api/collections", "PATCH /api/collections/{collection}", "DELETE /api/collections/{collection}",
		"POST /api/collections/meta/dry-run-view",
	)
)

// operatorSignIns is how often one network may try the operators' sign-in within operatorWithin: PocketBase's own limits are off.
const operatorSignIns = 30

// doorClosed is the answer at a door that is not open to who asks.
var doorClosed = &clinic.Fault{Status: http.StatusForbidden, Code: "door_closed"}

func set(patterns ...string) map[string]bool {
	out := make(map[string]bool, len(patterns))
	for _, pattern := range patterns {
		out[pattern] = true
	}
	return out
}

// closeDoors binds the check before every route, after PocketBase has read its own token.
func (h *House) closeDoors() {
	h.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "kinwardCloseDoors",
		Func: func(se *core.ServeEvent) error {
			se.Router.Bind(&hook.Handler[*core.RequestEvent]{
				Id:       "kinwardDoors",
				Priority: -1001, // after PocketBase's loadAuthToken (-1020), before its rate limit (-1000) and every route
				Func: func(e *core.RequestEvent) error {
					if !h.open(e) {
						return fail(e, doorClosed, clinic.DefaultLanguage)
					}
					if openToOperatorsSigningIn[e.Request.Pattern] && e.Request.Method == http.MethodPost {
						if err := h.Try("operator from "+h.Origin(e.Request), operatorSignIns, operatorWithin); err != nil {
							return fail(e, err, clinic.DefaultLanguage)
						}
					}
					return e.Next()
				},
			})
			return se.Next()
		},
	})
}

// open says whether a request may go on to its route: a declared one asks its guard next.
func (h *House) open(e *core.RequestEvent) bool {
	if e.Auth != nil && !e.Auth.IsSuperuser() {
		e.Auth = nil // a token of another collection means nothing here
	}
	pattern := e.Request.Pattern
	switch {
	case h.declares(pattern), openToAnyone[pattern], besideTheInterface[pattern]:
		return true
	case !h.operatorsAddress(e.Request):
		return false
	case strings.HasPrefix(pattern, "GET /_/"): // the dashboard's files
		return true
	case openToOperatorsSigningIn[pattern]:
		return e.Request.PathValue("collection") == core.CollectionNameSuperusers
	case openToOperators[pattern]:
		return e.HasSuperuserAuth()
	}
	return h.Dev && openInDevelopment[pattern] && e.HasSuperuserAuth()
}

// operatorsAddress reports whether a request comes from where operators may: this machine, or a listed address. What somebody
// forwarded for others is from neither: a proxy on this machine that nobody listed as trusted would open the dashboard to all.
func (h *House) operatorsAddress(r *http.Request) bool {
	address, sure := h.source(r)
	return sure && (address.IsLoopback() || within(address, h.where().superusers))
}

// ParsePrefixes reads addresses and networks in CIDR notation; one address is a network of its own.
func ParsePrefixes(list []string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, item := range list {
		prefix, err := netip.ParsePrefix(item)
		if err != nil {
			address, addressErr := netip.ParseAddr(item)
			if addressErr != nil {
				return nil, addressErr
			}
			prefix = netip.PrefixFrom(address, address.BitLen())
		}
		out = append(out, prefix.Masked())
	}
	return out, nil
}
