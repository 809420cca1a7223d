package moderation

import (
	"encoding/json"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
)

// The record events of posts and comments. Each runs in the transaction of whoever writes, the dashboard included, after the
// piece itself is stored.

// finding is what of a check's finding decides here; the rest goes through as it came.
type finding struct {
	Clause string `json:"clause"`
	Policy string `json:"policy"`
	Family string `json:"family"`
	Check  string `json:"check"`
	Action string `json:"action"`
}

// found gives the findings that came with a record, as JSON, and what of them decides. The first that holds stands first.
func found(r *core.Record) (text string, first finding, families []string) {
	list, err := json.Marshal(r.Get(clinic.FoundIn))
	var findings []finding
	if err != nil || json.Unmarshal(list, &findings) != nil || len(findings) == 0 {
		return "[]", finding{}, nil
	}
	first = findings[0]
	for _, f := range findings {
		families = append(families, f.Family, f.Check)
		if f.Action == "hold" && first.Action != "hold" {
			first = f
		}
	}
	return string(list), first, families
}

// stored opens a hold for what is stored as held.
func (d *desk) stored(e *core.RecordEvent) error {
	if err := e.Next(); err != nil {
		return err
	}
	if p := pieceOf(e.Record); p.status() == clinic.Held {
		return d.open(e.App, p)
	}
	return nil
}

// changed keeps a piece's hold right when the piece changes: it was held, mended, let go or taken away. What the desk itself
// does carries a decision of a member, and the desk writes its hold itself.
func (d *desk) changed(e *core.RecordEvent) error {
	was := e.Record.Original()
	if err := e.Next(); err != nil {
		return err
	}
	p := pieceOf(e.Record)
	if p.status() == clinic.Deleted && was.GetString("status") != clinic.Deleted {
		if err := d.endWords(e.App, "post = {:post} && comment = {:comment}", dbx.Params{"post": p.post, "comment": p.comment}); err != nil {
			return err
		}
	}
	if _, is := e.Record.Get(atDesk).(byDesk); is {
		return nil
	}
	decision, _ := e.Record.Get(clinic.DecidedBy).(clinic.Decision)
	mended := was.GetString("body") != p.says().Body || was.GetString("title") != p.says().Title
	switch before, now := was.GetString("status"), p.status(); {
	case now == before && (!mended || now == clinic.Deleted):
		return nil
	case now == clinic.Shown && before == clinic.Shown:
		return d.rewritten(e.App, p)
	case now == clinic.Held:
		return d.open(e.App, p)
	case now == clinic.Deleted && before != clinic.Deleted:
		return d.taken(e.App, p, was, decision.Member)
	case before == clinic.Held:
		return d.end(e.App, p, Published, decision.Member)
	}
	return nil
}

// gone empties what the desk keeps of a piece that an operator takes away for good.
func (d *desk) gone(e *core.RecordEvent) error {
	if err := e.Next(); err != nil {
		return err
	}
	p := pieceOf(e.Record)
	for _, statement := range []string{
		"UPDATE holds SET findings = '[]', snapshot = '{}' WHERE post = {:post} AND ({:all} OR comment = {:comment})",
		"UPDATE reports SET snapshot = '{}', words = '' WHERE post = {:post} AND ({:all} OR comment = {:comment})",
	} {
		params := dbx.Params{"post": p.post, "comment": p.comment, "all": p.comment == ""}
		if _, err := e.App.DB().NewQuery(statement).Bind(params).Execute(); err != nil {
			return err
		}
	}
	where := "post = {:post}"
	if p.comment != "" {
		where += " && comment = {:comment}"
	}
	if err := d.endWords(e.App, where, dbx.Params{"post": p.post, "comment": p.comment}); err != nil {
		return err
	}
	return d.end(e.App, p, Withdrawn, "")
}

// open puts a held piece on the desk: as a new hold, or as news of the one that it has.
func (d *desk) open(tx core.App, p piece) error {
	hold, err := liveHold(tx, p)
	if err != nil {
		return err
	}
	findings, first, families := found(p.record)
	kind := edited
	if hold == nil {
		if hold, err = d.fresh(tx, p, ByCheck); err != nil {
			return err
		}
		kind = Open
	}
	return d.news(tx, hold, event{kind: kind, by: p.author()}, p.says(), findings, first, families)
}

// news writes on a hold what its author says now, and what was found in it. One that waited for them waits for the desk again.
func (d *desk) news(tx core.App, hold *core.Record, what event, says snapshot, findings string, first finding, families []string) error {
	if hold.GetString("state") == Returned {
		what.kind = Resubmitted
		hold.Set("state", Resubmitted)
		hold.Set("since", d.house.Now())
		hold.Set("told", "")
	}
	hold.Set("known", true)
	hold.Set("findings", findings)
	hold.Set("snapshot", says.json())
	if first.Clause != "" {
		hold.Set("policy", first.Policy)
		hold.Set("clause", first.Clause)
	}
	if is := lane(families...); is != "" && hold.GetString("lane") != "crisis" {
		hold.Set("lane", is)
	}
	return d.keep(tx, hold, what)
}

// fresh is a new hold of a piece, not saved yet.
func (d *desk) fresh(tx core.App, p piece, source string) (*core.Record, error) {
	collection, err := tx.FindCachedCollectionByNameOrId(clinic.Holds)
	if err != nil {
		return nil, err
	}
	hold := core.NewRecord(collection)
	now := d.house.Now()
	hold.Load(map[string]any{
		"source": source, "post": p.post, "comment": p.comment, "community": p.community(), "author": p.author(), "state": Open,
		"opened": now, "since": now, "findings": "[]", "snapshot": p.says().json(),
	})
	return hold, nil
}

// taken ends the hold of a piece that was deleted. What others reported is looked at all the same if its author took it away:
// what it said was seen.
func (d *desk) taken(tx core.App, p piece, was *core.Record, by string) error {
	if p.record.GetString("deleted_by") == "practice" {
		return d.removed(tx, p, was, by)
	}
	hold, err := liveHold(tx, p)
	if err != nil || hold == nil || hold.GetString("source") == ByReport && was.GetString("status") == clinic.Shown {
		return err
	}
	return d.end(tx, p, Withdrawn, p.author())
}

// removed ends what a lead or moderator removed in the thread as if it had been removed at the desk: its author can ask for a
// second look at that, too.
func (d *desk) removed(tx core.App, p piece, was *core.Record, by string) error {
	hold, err := liveHold(tx, p)
	if err != nil || by == "" && hold == nil {
		return err
	}
	if hold == nil {
		if hold, err = d.fresh(tx, p, ByPerson); err != nil {
			return err
		}
		hold.Set("snapshot", pieceOf(was).says().json())
	}
	hold.Set("known", true)
	err = d.conclude(tx, hold, event{kind: Removed, by: by, reason: p.record.GetString("reason")})
	if err != nil {
		return err
	}
	return d.answer(tx, hold)
}

// rewritten keeps what the desk looks at right when an author changes what was reported and is still shown.
func (d *desk) rewritten(tx core.App, p piece) error {
	hold, err := liveHold(tx, p)
	if err != nil || hold == nil {
		return err
	}
	hold.Set("snapshot", p.says().json())
	return d.keep(tx, hold, event{kind: edited, by: p.author()})
}

// end brings the live hold of a piece to an end that was not decided at the desk: by an operator, or by the author.
func (d *desk) end(tx core.App, p piece, state, by string) error {
	hold, err := liveHold(tx, p)
	if err != nil || hold == nil {
		return err
	}
	return d.conclude(tx, hold, event{kind: state, by: by})
}
