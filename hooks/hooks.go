// Package hooks puts the house together: one line a capability, in the order a visitor meets them.
package hooks

import (
	"io/fs"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/cases"
	"kinward/hooks/check"
	"kinward/hooks/community"
	"kinward/hooks/event"
	"kinward/hooks/file"
	"kinward/hooks/follow"
	"kinward/hooks/home"
	"kinward/hooks/invitation"
	"kinward/hooks/mails"
	"kinward/hooks/member"
	"kinward/hooks/mention"
	"kinward/hooks/moderation"
	"kinward/hooks/notification"
	"kinward/hooks/policy"
	"kinward/hooks/poll"
	"kinward/hooks/post"
	"kinward/hooks/posted"
	"kinward/hooks/practice"
	"kinward/hooks/reaction"
	"kinward/hooks/readiness"
	"kinward/hooks/review"
	"kinward/hooks/search"
	"kinward/hooks/site"
)

// Options are what the house is made of; main and every test fill the same struct.
type Options struct {
	access.Options
	// MailFrom is the address that letters come from; empty: the relay's user, or no-reply at the public URL's host.
	MailFrom string
	// Relay is the URL of the mail relay that goes before the practice's settings; empty: the settings alone.
	Relay string
	// Version is the release, as GET /api/clinic/practice tells it.
	Version string
	// Files is how many bytes all members' files may have together; 0: file.MaxOfPractice.
	Files int64
	// Policies are the texts that are posted where the practice has none: LANGUAGE/SLUG.md.
	Policies fs.FS
	// Page is the built page; nil serves the routes alone.
	Page fs.FS
}

// Register binds every capability to the app and returns the house that they share. It opens nothing and starts nothing:
// serve does. Call it once per app, before it is bootstrapped or served.
func Register(app core.App, options Options) *access.House {
	Alone(app)
	house := access.New(app, options.Options)
	mails.Register(app, house.Key, house.Now, mails.PublicURL(house.PublicURL), mails.From(options.MailFrom))
	practice.Register(app, house, options.Relay, options.Version)
	member.Register(app, house)
	invitation.Register(app, house)
	checker := check.New(app, house)
	policy.Register(app, house, options.Policies, lent(checker))
	cases.Register(app, house, options.Policies)
	community.Register(app, house)
	post.Register(app, house, looking(checker))
	mention.Register(app, house)
	poll.Register(app, house) // before the checks, which read what can be chosen too
	review.Register(app, house)
	file.Register(app, house, options.Files)
	checker.Register()
	moderation.Register(app, house)
	reaction.Register(app, house)
	follow.Register(app, house)
	home.Register(app, house)
	search.Register(app, house)
	event.Register(app, house)
	notification.Register(app, house)
	readiness.Register(app, house)
	pages := posted.Register(app, house, options.Policies)
	if options.Page != nil {
		site.Register(app, options.Page, pages)
	}
	return house
}
