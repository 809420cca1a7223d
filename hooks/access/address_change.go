package access

import (
	"encoding/base64"

	"github.com/pocketbase/pocketbase/core"
)

// An account token of kind "email" keeps the new address sealed, bound to its own record, so that the record event that
// guards members' addresses can tell that this very address was confirmed by its owner.

// SealAddress puts the address that a token confirms into its record, whose Id must be known already.
func (h *House) SealAddress(token *core.Record, address string) {
	sealed := h.Key.Seal([]byte(address), addressContext(token))
	token.Set("sealed", base64.StdEncoding.EncodeToString(sealed))
}

// SealedAddress gives the address that a token's record confirms, or "" if it confirms none.
func (h *House) SealedAddress(token *core.Record) string {
	sealed, err := base64.StdEncoding.DecodeString(token.GetString("sealed"))
	if err != nil {
		return ""
	}
	address, err := h.Key.Open(sealed, addressContext(token))
	if err != nil {
		return ""
	}
	return string(address)
}

func addressContext(token *core.Record) string { return "account_tokens/" + token.Id }
