// Package notification tells members what happened that concerns them: in the page, by letter, and by web push.
//
// # What it promises
//
// Nobody is told of what they may not see, neither when it is found out whom it concerns nor when a letter or message goes out
// nor when the list is read: package access is asked each time. Nobody is told of their own doing, nor of what they muted, nor of
// whom they blocked. One thing is told to one member once. A letter or message says that there is something, and never what,
// where or of whom: no community, no title, no author. Nothing is sent to an address that nobody confirmed, to who is
// suspended or has left, or to who owes what blocks everything; nor during a member's quiet hours.
//
// # How it goes
//
// Whoever writes pays for one row: a job, in the transaction of what happened. A worker takes the jobs one by one, finds whom each
// concerns in batches of bounded size, and writes their notifications and where it has got to in one transaction, so that a
// process that dies goes on where it was and tells nobody twice. Each notification waits for the letter that its member wants
// for its kind: at once, with the daily or with the weekly one. When that letter is due, what waits and is still unread
// becomes one letter in the queue of package mails, in one transaction. Nothing polls: the worker sleeps until a job is
// written or something is due.
package notification

import (
	"net/http"
	"slices"
	"time"

	"kinward/hooks/clinic"
)

// Kind is a reason to tell a member something.
type Kind string

// The kinds, the more personal first: of two for the same words the first is told.
const (
	Mention      Kind = "mention"      // somebody named the member
	Answer       Kind = "answer"       // to the member's post or comment
	Helpful      Kind = "helpful"      // the asker marked the member's answer as what helped
	Review       Kind = "review"       // the practice reviewed or corrected what the member wrote
	Announcement Kind = "announcement" // of a community that the member is in
	Follow       Kind = "follow"       // a comment on a post that the member follows
	Decided      Kind = "decision"     // somebody decided on what was held; package moderation writes the letter
)

// Kinds lists every kind, in the order of the settings page.
var Kinds = []Kind{Answer, Mention, Follow, Helpful, Review, Announcement, Decided}

// When a letter goes out. Each is a kind of letter of its own, and can be stopped by itself.
const (
	Never  = "off"
	AtOnce = "now" // what comes within Bundle of a letter waits for the next one
	Daily  = "daily"
	Weekly = "weekly"
)

// Cadences lists every choice of when a letter goes out, Never among them.
var Cadences = []string{Never, AtOnce, Daily, Weekly}

// Bundle is how long a member is left in peace after a letter at once: a busy thread is a letter or two an hour, not fifty.
const Bundle = 30 * time.Minute

// Channels says by which ways a member is told of a kind.
type Channels struct {
	Page bool   `json:"page"`
	Mail string `json:"mail"`
	Push bool   `json:"push"`
}

// Choices is how a member wants to be told.
type Choices struct {
	Kinds   map[Kind]Channels `json:"kinds"`
	Hour    int               `json:"hour"`       // of the daily and the weekly letter, 0 to 23, in the member's time zone
	Weekday int               `json:"weekday"`    // of the weekly letter, 0 is Sunday
	From    int               `json:"quiet_from"` // the hour at which quiet begins
	To      int               `json:"quiet_to"`   // the hour at which it ends; the same as From: no quiet hours
}

// Defaults is what a role begins with: gentle for patients and caregivers, who get one letter a day at most; who works here
// hears at once when somebody speaks to them.
func Defaults(role clinic.Role) Choices {
	c := Choices{Kinds: map[Kind]Channels{}, Hour: 17, Weekday: int(time.Monday), From: 21, To: 8}
	for _, kind := range Kinds {
		c.Kinds[kind] = Channels{Page: true, Mail: Daily, Push: kind != Follow}
	}
	if role.Works() {
		c.Kinds[Answer] = Channels{Page: true, Mail: AtOnce, Push: true}
		c.Kinds[Mention] = Channels{Page: true, Mail: AtOnce, Push: true}
	}
	c.Kinds[Decided] = Channels{Page: true, Mail: Never, Push: true} // its letter is package moderation's, and always goes
	return c
}

// ZoneUnknown says that a time zone is not one of the IANA database.
var ZoneUnknown = &clinic.Fault{Status: http.StatusBadRequest, Code: "time_zone_unknown"}

// Check gives the faults of choices that came from outside.
func (c Choices) Check() []*clinic.Fault {
	var faults []*clinic.Fault
	for kind, channels := range c.Kinds {
		if !slices.Contains(Kinds, kind) || !slices.Contains(Cadences, channels.Mail) {
			faults = append(faults, clinic.Invalid.At("kinds"))
		}
	}
	for field, hour := range map[string]int{"hour": c.Hour, "quiet_from": c.From, "quiet_to": c.To} {
		if hour < 0 || hour > 23 {
			faults = append(faults, clinic.Invalid.At(field))
		}
	}
	if c.Weekday < 0 || c.Weekday > 6 {
		faults = append(faults, clinic.Invalid.At("weekday"))
	}
	return faults
}

// Stop turns every letter of one cadence off.
func (c *Choices) Stop(cadence string) (changed bool) {
	for kind, channels := range c.Kinds {
		if channels.Mail == cadence {
			channels.Mail = Never
			c.Kinds[kind] = channels
			changed = true
		}
	}
	return changed
}
