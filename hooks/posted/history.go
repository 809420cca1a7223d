package posted

import (
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/messages"
	"kinward/hooks/site"
)

// spell is one version in the history: when it was in force, and the times in between in which it was not.
type spell struct {
	Text text
	When string
	Gaps []gap
}

// gap is a time in which a policy was withdrawn, in words.
type gap struct {
	When       string
	Why, Again *access.Said
}

func (p *paper) history(app core.App, slug string) (*site.Content, error) {
	found, err := read(app, "WHERE p.slug = {:slug} ORDER BY v.number DESC, v.language", dbx.Params{"slug": slug})
	if err != nil {
		return nil, err
	}
	all := each(found, p.Language, p.Practice.Language)
	if len(all) == 0 {
		return p.missing()
	}
	times, err := access.Withdrawals(app, all[0].Policy)
	if err != nil {
		return nil, err
	}
	page := about{paper: p, Text: all[0], Out: all[0].Status != "posted", Gone: p.gone(times), History: p.spells(all, times)}
	return p.content("history.html", p.say("posted.history", "title", all[0].Title), page)
}

// spells are a policy's versions, the newest first, each with its times.
func (p *paper) spells(all []text, times []access.Withdrawal) []spell {
	var until time.Time
	if last := len(times) - 1; last >= 0 && times[last].Back == nil {
		until = times[last].At
	}
	var out []spell
	for _, t := range all {
		began := access.ParseDate(t.Published)
		one := spell{Text: t, When: p.span("history.in_force", began, until)}
		for _, w := range times {
			if w.Number == t.Number {
				one.Gaps = append(one.Gaps, p.gap(w))
			}
		}
		out = append(out, one)
		until = began
	}
	return out
}

func (p *paper) gap(w access.Withdrawal) gap {
	out, back := gap{Why: w.Reason.In(p.Language, p.Practice.Language)}, time.Time{}
	if w.Back != nil {
		back, out.Again = w.Back.At, w.Back.Reason.In(p.Language, p.Practice.Language)
	}
	out.When = p.span("history.withdrawn", w.At, back)
	return out
}

// gone is the withdrawal that a policy stands in; nil while it is in force.
func (p *paper) gone(times []access.Withdrawal) *gap {
	last := len(times) - 1
	if last < 0 || times[last].Back != nil {
		return nil
	}
	now := p.gap(times[last])
	now.When = p.say("policy.withdrawn.since", "date", p.day(times[last].At))
	return &now
}

// span says from when to when, where the practice is: two days, one, or from one on.
func (p *paper) span(key string, from, to time.Time) string {
	switch begun, ended := p.day(from), p.day(to); {
	case to.IsZero():
		return p.say(key+".since", "from", begun)
	case begun == ended:
		return p.say(key+".day", "from", begun)
	default:
		return p.say(key, "from", begun, "to", ended)
	}
}

func (p *paper) day(at time.Time) string { return messages.Day(at.Local(), p.Language) }
