// Package member keeps accounts: who is signed in and where, how a password or an address is changed, and who may come in no
// longer.
//
// It promises: whether an address belongs to a member is never told to those who may not know, by an answer or by its time;
// who is suspended, removed or given other rights is signed out at once; there is always an active admin and an active provider; and
// nobody leaves a community without a lead behind them.
package member

import (
	"net/http"
	"slices"
	"time"

	"kinward/hooks/clinic"
)

// How long the links in letters live, and how often a door may be tried.
const (
	ResetLife     = 2 * time.Hour
	AddressLife   = 24 * time.Hour
	answerAfter   = 300 * time.Millisecond // every forgotten password is answered after this long, known address or not
	triesAddress  = 60                     // sign-ins from one address (a practice shares one) in triesWithin
	triesAccount  = 10                     // sign-ins to one account in triesWithin
	triesWithin   = 15 * time.Minute
	lettersWithin = time.Hour
	lettersMost   = 5
)

// The faults of this capability.
var (
	signInWrong     = &clinic.Fault{Status: http.StatusUnauthorized, Code: "sign_in_wrong"}
	suspended       = &clinic.Fault{Status: http.StatusForbidden, Code: "account_suspended"}
	passwordWrong   = clinic.PasswordWrong
	linkEnded       = &clinic.Fault{Status: http.StatusGone, Code: "link_ended"}
	lastAdmin       = &clinic.Fault{Status: http.StatusConflict, Code: "last_admin"}
	leads           = &clinic.Fault{Status: http.StatusConflict, Code: "leads_communities"} // params.communities: [{id, name}]
	yourself        = &clinic.Fault{Status: http.StatusConflict, Code: "not_yourself"}
	adminsWork      = &clinic.Fault{Status: http.StatusBadRequest, Code: "rights_for_practice_only"}
	addressTaken    = &clinic.Fault{Status: http.StatusConflict, Code: "address_taken"}
	sessionNotFound = clinic.NotFound
)

// CheckRights says what is wrong with a list of rights for a member of this role, or nil: only who works here has any.
func CheckRights(role clinic.Role, rights []clinic.Right) *clinic.Fault {
	for _, right := range rights {
		if !slices.Contains(clinic.AllRights, right) {
			return clinic.Invalid
		}
	}
	if len(rights) > 0 && !role.Works() {
		return adminsWork
	}
	return nil
}
