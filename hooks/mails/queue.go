package mails

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net"
	"net/url"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
)

// Queue composes a letter, seals it and puts it into the queue, in the transaction of the app it is given. The senders hear
// of it once that transaction is committed. It returns the id of the letters record. An address that nothing can be sent to
// is ErrAddress.
func Queue(app core.App, l Letter) (id string, err error) {
	ready, err := Prepare(app, []Letter{l})
	if err != nil {
		return "", err
	}
	if ready[0] == nil {
		return "", ErrAddress
	}
	return ready[0].Queue(app)
}

// Ready is a letter that is composed and sealed. It can go into the queue once.
type Ready struct {
	office *office
	id     string
	letter Letter
	sealed string
}

// Prepare composes and seals letters, in their order, with one look at the practice. It writes nothing: whoever has many of them
// prepares them beside the transaction that queues them, since the database has one writer. An address that nothing can be sent to
// leaves nil in its place.
func Prepare(app core.App, letters []Letter) ([]*Ready, error) {
	o, err := officeOf(app)
	if err != nil {
		return nil, err
	}
	practice, err := practiceOf(app)
	if err != nil {
		return nil, err
	}
	relay := o.currentRelay()
	out := make([]*Ready, len(letters))
	for i, l := range letters {
		c, err := o.composeFor(practice, l, relay)
		if errors.Is(err, ErrAddress) {
			continue
		} else if err != nil {
			return nil, err
		}
		id := core.GenerateDefaultRandomId() // known before saving: the seal is bound to it
		out[i] = &Ready{o, id, l, o.seal(id, c)}
	}
	return out, nil
}

// Queue puts the letter into the queue, in the transaction of the app it is given, and returns the id of its record.
func (r *Ready) Queue(app core.App) (id string, err error) {
	collection, err := app.FindCachedCollectionByNameOrId(clinic.Letters)
	if err != nil {
		return "", err
	}
	record := core.NewRecord(collection)
	record.Id = r.id
	record.Set("kind", r.letter.Kind)
	record.Set("about", r.letter.About)
	record.Set("status", Queued)
	record.Set("urgent", r.letter.Urgent)
	record.Set("recipient", r.office.hash(r.letter.To))
	record.Set("sealed", r.sealed)
	record.Set("next_at", r.office.now())
	record.Set("not_after", r.letter.NotAfter)
	return record.Id, save(app, record)
}

// compose makes the message of a letter with what the practice's record says today. The relay may lend its user as sender.
func (o *office) compose(app core.App, l Letter, relay Relay) (composed, error) {
	practice, err := practiceOf(app)
	if err != nil {
		return composed{}, err
	}
	return o.composeFor(practice, l, relay)
}

func (o *office) composeFor(practice *core.Record, l Letter, relay Relay) (composed, error) {
	if !slices.Contains(clinic.Languages, l.Language) {
		l.Language = clinic.DefaultLanguage
		if practice != nil && slices.Contains(clinic.Languages, practice.GetString("language")) {
			l.Language = practice.GetString("language")
		}
	}
	return compose(l, o.letterhead(practice, l, relay), randomID(), o.now())
}

// randomID is what makes a Message-ID unlike any other: 128 bits.
func randomID() string {
	id := make([]byte, 16)
	rand.Read(id)
	return hex.EncodeToString(id)
}

// practiceOf returns the practice's record, or nil before it is set up.
func practiceOf(app core.App) (*core.Record, error) {
	record, err := app.FindFirstRecordByFilter(clinic.Practices, "id != ''")
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return record, err
}

func (o *office) letterhead(practice *core.Record, l Letter, relay Relay) letterhead {
	head := letterhead{name: "Kinward"}
	if practice != nil {
		head.phone, head.url = practice.GetString("phone"), practice.GetString("url")
		for _, name := range []string{practice.GetString("mail_name"), practice.GetString("name")} {
			if strings.TrimSpace(name) != "" {
				head.name = name
				break
			}
		}
	}
	if o.publicURL != nil {
		if u := o.publicURL(); u != "" {
			head.url = u
		}
	}
	if head.url == "" && l.Action != nil { // not set up yet: where the letter's own link leads
		if u, err := url.Parse(l.Action.Link); err == nil {
			head.url = u.Scheme + "://" + u.Host
		}
	}
	head.url = strings.TrimRight(head.url, "/")
	head.from = o.sender(head, relay)
	return head
}

// sender chooses the address that letters come from; see From.
func (o *office) sender(head letterhead, relay Relay) string {
	if from, err := address(o.from); err == nil {
		return from
	}
	if from, err := address(relay.User); err == nil {
		return from
	}
	host := head.host()
	if net.ParseIP(host) != nil {
		host = "localhost"
	}
	return "no-reply@" + host
}

func (o *office) currentRelay() Relay {
	o.mu.Lock()
	get := o.relay
	o.mu.Unlock()
	if get == nil {
		return Relay{}
	}
	return get()
}

// hash gives the keyed hash under which a person's letters can be found. Without the key nobody can test an address.
func (o *office) hash(to string) string {
	if plain, err := address(to); err == nil {
		to = plain
	}
	mac := hmac.New(sha256.New, o.key.Derive("letter recipients"))
	mac.Write([]byte(strings.ToLower(strings.TrimSpace(to))))
	return hex.EncodeToString(mac.Sum(nil))
}

func sealContext(id string) string { return "letters/" + id }

func (o *office) seal(id string, c composed) string {
	plain := slices.Concat([]byte(c.From+"\n"+c.To+"\n"), c.Message)
	return base64.StdEncoding.EncodeToString(o.key.Seal(plain, sealContext(id)))
}

func (o *office) open(id, sealed string) (composed, error) {
	raw, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil {
		return composed{}, clinic.ErrSealed
	}
	plain, err := o.key.Open(raw, sealContext(id))
	if err != nil {
		return composed{}, err
	}
	parts := bytes.SplitN(plain, []byte("\n"), 3)
	if len(parts) != 3 {
		return composed{}, clinic.ErrSealed
	}
	return composed{From: string(parts[0]), To: string(parts[1]), Message: parts[2]}, nil
}

// unfinished are the states in which a letter may still go.
var unfinished = []any{Queued, Deferred, Sending}

// Cancel takes back every letter about something that has not been accepted yet, in the transaction of the app it is given,
// and returns how many. A letter that is on the wire at this moment may still be accepted; its state then says so.
func Cancel(app core.App, about string) (n int, err error) {
	o, err := officeOf(app)
	if err != nil {
		return 0, err
	}
	err = app.RunInTransaction(func(tx core.App) error {
		letters, err := find(tx, "about", about, unfinished...)
		if err != nil {
			return err
		}
		for _, letter := range letters {
			letter.Set("status", Cancelled)
			letter.Set("sealed", "")
			letter.Set("reason", "")
			letter.Set("ended", o.now())
			if err := save(tx, letter); err != nil {
				return err
			}
		}
		n = len(letters)
		return nil
	})
	return n, err
}

// To finds the letters to one address, the newest first, whatever their state.
func To(app core.App, address string) ([]*core.Record, error) {
	o, err := officeOf(app)
	if err != nil {
		return nil, err
	}
	return find(app, "recipient", o.hash(address))
}
