package invitation

import (
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// invitation gives the fields of its record names and types.
type invitation struct{ *core.Record }

func blank(app core.App) (invitation, error) {
	collection, err := app.FindCachedCollectionByNameOrId(clinic.Invitations)
	if err != nil {
		return invitation{}, err
	}
	record := core.NewRecord(collection)
	record.Id = core.GenerateDefaultRandomId() // known before it is saved: the code's hash is bound to it
	return invitation{record}, nil
}

// find returns the invitation with this id, or clinic.NotFound.
func find(app core.App, id string) (invitation, error) {
	record, err := app.FindRecordById(clinic.Invitations, id)
	if errors.Is(err, sql.ErrNoRows) {
		return invitation{}, clinic.NotFound
	}
	return invitation{record}, err
}

// holding returns the invitation that a token opens, spent or not, or Unknown.
func holding(app core.App, token string) (invitation, error) {
	var id string
	err := app.DB().Select("invitation").From(clinic.InvitationTokens).Where(dbx.HashExp{"hash": clinic.Hash(token)}).Row(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return invitation{}, Unknown
	}
	if err != nil {
		return invitation{}, err
	}
	return find(app, id)
}

func (i invitation) email() string           { return i.GetString("email") }
func (i invitation) role() clinic.Role       { return clinic.Role(i.GetString("role")) }
func (i invitation) communities() []string   { return i.GetStringSlice("communities") }
func (i invitation) language() string        { return i.GetString("language") }
func (i invitation) status() Status          { return Status(i.GetString("status")) }
func (i invitation) approvedBy() string      { return i.GetString("approved_by") }
func (i invitation) returning() string       { return i.GetString("returning") }
func (i invitation) tries() int              { return i.GetInt("tries") }
func (i invitation) needsCode() bool         { return i.GetString("code_hash") != "" }
func (i invitation) locked() bool            { return i.tries() >= MaxTries }
func (i invitation) askedAgain() bool        { return !i.GetDateTime("asked_again").IsZero() }
func (i invitation) expires() time.Time      { return i.GetDateTime("expires").Time() }
func (i invitation) at(now time.Time) Status { return i.status().At(now, i.expires()) }
func (i invitation) subject() string         { return clinic.Invitations + "/" + i.Id }

// setCode keeps a code, or takes it away if it is empty. Six digits are soon tried through, so the hash is keyed: with the
// database alone nobody can try even one. It is bound to this invitation.
func (i invitation) setCode(key clinic.Key, code string) {
	i.Set("tries", 0)
	i.Set("code_hash", "")
	if code != "" {
		i.Set("code_hash", i.hashCode(key, code))
	}
}

func (i invitation) hashCode(key clinic.Key, code string) string {
	mac := hmac.New(sha256.New, key.Derive("invitation codes"))
	mac.Write([]byte(i.Id + "\n" + code))
	return hex.EncodeToString(mac.Sum(nil))
}

func (i invitation) codeIs(key clinic.Key, code string) bool {
	return hmac.Equal([]byte(i.GetString("code_hash")), []byte(i.hashCode(key, code)))
}

// note adds an event to the invitation's timeline.
func (i invitation) note(house *access.House, tx core.App, kind, by, detail, reason string) error {
	collection, err := tx.FindCachedCollectionByNameOrId(clinic.InvitationEvents)
	if err != nil {
		return err
	}
	event := core.NewRecord(collection)
	event.Set("invitation", i.Id)
	event.Set("kind", kind)
	event.Set("at", house.Now())
	event.Set("by", by)
	event.Set("detail", clip(detail, 1000))
	event.Set("reason", reason)
	return house.Save(tx, event)
}

// token keeps the hash of a token that opens the invitation.
func (i invitation) token(house *access.House, tx core.App, via, token string) error {
	collection, err := tx.FindCachedCollectionByNameOrId(clinic.InvitationTokens)
	if err != nil {
		return err
	}
	record := core.NewRecord(collection)
	record.Set("invitation", i.Id)
	record.Set("hash", clinic.Hash(token))
	record.Set("via", via)
	return house.Save(tx, record)
}

// spend marks every token of the invitation as used.
func (i invitation) spend(house *access.House, tx core.App) error {
	_, err := tx.DB().NewQuery("UPDATE invitation_tokens SET spent = {:now}, updated = {:now} WHERE invitation = {:id} AND spent = ''").
		Bind(dbx.Params{"now": access.Date(house.Now()), "id": i.Id}).Execute()
	return err
}

// printed is the token of the printable letter: derived, so that reading the letter again makes nothing.
func (i invitation) printed(key clinic.Key) string { return key.Token("invitation-letter:" + i.Id) }

// opensPrinted reports whether the token of the printable letter opens the invitation: not where it was approved under another key.
func (i invitation) opensPrinted(app core.App, key clinic.Key) (bool, error) {
	return i.opensWith(app, i.printed(key))
}

// opensWith reports whether a token is one of the invitation's.
func (i invitation) opensWith(app core.App, token string) (opens bool, err error) {
	err = app.DB().NewQuery("SELECT EXISTS (SELECT 1 FROM invitation_tokens WHERE invitation = {:id} AND hash = {:hash})").
		Bind(dbx.Params{"id": i.Id, "hash": clinic.Hash(token)}).Row(&opens)
	return opens, err
}

// makePrintable keeps the token of the printable letter, where there is none of this key yet.
func (i invitation) makePrintable(house *access.House, tx core.App) error {
	if opens, err := i.opensPrinted(tx, house.Key); opens || err != nil {
		return err
	}
	return i.token(house, tx, ByLetter, i.printed(house.Key))
}

// inviter returns the provider who approved it, and whether they still are an active provider.
func (i invitation) inviter(app core.App) (member *core.Record, active bool, err error) {
	if i.approvedBy() == "" {
		return nil, false, nil
	}
	member, err = app.FindRecordById(clinic.Users, i.approvedBy())
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	active = member.GetString("status") == clinic.Active && member.GetString("role") == string(clinic.Provider)
	return member, active, nil
}

// refusal says why the invitation cannot be accepted now, or nil.
func (i invitation) refusal(app core.App, now time.Time) error {
	_, active, err := i.inviter(app)
	if err != nil {
		return err
	}
	if fault := refusal(i.at(now), i.tries(), active); fault != nil {
		return fault
	}
	return nil
}

// memberWith returns the member with an address, or nil.
func memberWith(app core.App, email string) (*core.Record, error) {
	member, err := app.FindAuthRecordByEmail(clinic.Users, email)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return member, err
}

// openFor returns the id of another invitation for an address that waits or lives, or "".
func openFor(app core.App, email, except string, now time.Time) (string, error) {
	var id string
	err := app.DB().Select("id").From(clinic.Invitations).
		Where(dbx.And(dbx.HashExp{"email": email}, dbx.Not(dbx.HashExp{"id": except}), dbx.Or(
			dbx.HashExp{"status": string(Proposed)},
			dbx.And(dbx.In("status", texts(living)...), dbx.NewExp("expires > {:now}", dbx.Params{"now": access.Date(now)}))))).
		OrderBy("created DESC").Limit(1).Row(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return id, err
}

func texts(statuses []Status) []any {
	out := make([]any, len(statuses))
	for i, s := range statuses {
		out[i] = string(s)
	}
	return out
}

// clip cuts a text after so many runes.
func clip(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most])
	}
	return text
}
