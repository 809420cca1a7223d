package mails

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
)

// office is what the package keeps for one app: how to seal, what time it is, and who waits for the bell.
type office struct {
	key       clinic.Key
	now       func() time.Time
	publicURL func() string // nil: the practice's url
	from      string        // empty: see sender
	bell      bell
	door      door

	mu    sync.Mutex
	relay func() Relay // what Deliver was given; nil where no letters are delivered
	busy  bool         // Deliver runs
}

// Option sets what the house knows and this package cannot.
type Option func(*office)

// PublicURL says where the practice's page is; without it, or when it gives nothing, it is the practice's own setting.
func PublicURL(get func() string) Option { return func(o *office) { o.publicURL = get } }

// From sets the address that letters come from (KINWARD_MAIL_FROM). Empty changes nothing: then it is the relay's user where
// that is an address, since few relays let one write in another name, else no-reply at the public URL's host.
func From(address string) Option { return func(o *office) { o.from = address } }

// ParseFrom checks what would be given to From; the error is a sentence for whoever set it. Empty is nothing.
func ParseFrom(text string) (string, error) {
	if strings.TrimSpace(text) == "" {
		return "", nil
	}
	from, err := address(text)
	if err != nil {
		return "", errors.New("the address that letters come from must be one plain address, for example no-reply@clinic.example.org")
	}
	return from, nil
}

const officeInStore = "kinward.mails"

// ErrNotRegistered says that Register was not called for this app.
var ErrNotRegistered = errors.New("mails: Register was not called for this app")

// Register binds the package to an app: it guards its two collections and rings the bell when a letter was queued or the
// practice's settings changed, and lets old letters go at night. It delivers nothing; see Deliver.
func Register(app core.App, key clinic.Key, now func() time.Time, options ...Option) {
	o := &office{key: key, now: now}
	for _, set := range options {
		set(o)
	}
	app.Store().Set(officeInStore, o)
	guard(app)
	ring := func(e *core.RecordEvent) error {
		o.bell.ring()
		return e.Next()
	}
	app.OnRecordAfterCreateSuccess(clinic.Letters).BindFunc(ring)
	app.OnRecordAfterUpdateSuccess(clinic.Practices).BindFunc(ring)
	o.purgeNightly(app)
}

// WithoutRelay reports whether letters are being delivered and no relay is set, so that they wait until one is.
func WithoutRelay(app core.App) bool {
	o, err := officeOf(app)
	if err != nil {
		return false
	}
	o.mu.Lock()
	get := o.relay
	o.mu.Unlock()
	return get != nil && get().None()
}

// Wake makes the senders look again, for instance after the relay was changed elsewhere than in the practice's record.
func Wake(app core.App) {
	if o, err := officeOf(app); err == nil {
		o.bell.ring()
	}
}

func officeOf(app core.App) (*office, error) {
	o, ok := app.Store().Get(officeInStore).(*office)
	if !ok {
		return nil, ErrNotRegistered
	}
	return o, nil
}

// ours marks the context of this package's own writes. The type is unexported, so nobody else can.
type ours struct{}

func marked(ctx context.Context) context.Context { return context.WithValue(ctx, ours{}, true) }

func save(app core.App, record *core.Record) error {
	return app.SaveWithContext(marked(context.Background()), record)
}

// guard refuses every change of letters and their attempts but this package's own, the dashboard's included: a letter that
// somebody sets back to queued would go twice, and an attempt is a statement of what a relay said.
func guard(app core.App) {
	refuse := func(e *core.RecordEvent) error {
		if e.Context.Value(ours{}) == nil {
			return clinic.OnlyByHouse
		}
		return e.Next()
	}
	tables := []string{clinic.Letters, clinic.LetterAttempts}
	app.OnRecordCreate(tables...).BindFunc(refuse)
	app.OnRecordUpdate(tables...).BindFunc(refuse)
	app.OnRecordDelete(tables...).BindFunc(refuse)
}

// bell wakes everybody who listens. Who takes the channel before looking for work misses no ring.
type bell struct {
	mu sync.Mutex
	ch chan struct{}
}

func (b *bell) listen() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch == nil {
		b.ch = make(chan struct{})
	}
	return b.ch
}

func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch != nil {
		close(b.ch)
		b.ch = nil
	}
}
