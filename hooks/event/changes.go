package event

import (
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
)

// watch listens to the records that topics are about, after the commit, whoever writes them.
func (h *hub) watch(app core.App) {
	each := func(collection string, told func(was, is *core.Record)) {
		app.OnRecordAfterCreateSuccess(collection).BindFunc(func(e *core.RecordEvent) error {
			told(nil, e.Record)
			return e.Next()
		})
		app.OnRecordAfterUpdateSuccess(collection).BindFunc(func(e *core.RecordEvent) error {
			told(e.Record.Original(), e.Record)
			return e.Next()
		})
		app.OnRecordAfterDeleteSuccess(collection).BindFunc(func(e *core.RecordEvent) error {
			told(e.Record.Original(), nil)
			return e.Next()
		})
	}
	each(clinic.Posts, func(was, is *core.Record) {
		if c, happened := happened(was, is); happened {
			r := either(was, is)
			c.community, c.post = r.GetString("community"), r.Id
			h.inbox.put(h, c)
		}
	})
	each(clinic.Comments, func(was, is *core.Record) {
		if c, happened := happened(was, is); happened {
			r := either(was, is)
			c.community, c.post, c.comment = r.GetString("community"), r.GetString("post"), r.Id
			h.inbox.put(h, c)
		}
	})
	each(clinic.Communities, func(was, is *core.Record) {
		if was != nil && is != nil {
			h.inbox.put(h, change{community: is.Id, what: Changed})
		}
	})
	// What others mark a piece with, where every reader sees the number.
	each(clinic.Reactions, func(was, is *core.Record) {
		r := either(was, is)
		c := change{community: r.GetString("community"), post: r.GetString("post"), what: Changed, unsure: true}
		if piece := r.GetString("piece"); piece != c.post {
			c.comment = piece
		}
		h.inbox.put(h, c)
	})
}

// happened says what a change of a record means to who may read its community, if anything.
func happened(was, is *core.Record) (change, bool) {
	before, after := seen(was), seen(is)
	switch {
	case before && after:
		return change{what: Changed, counted: was.GetString("status") != is.GetString("status")}, true
	case after:
		return change{what: New, counted: true}, true
	case before:
		return change{what: Gone, counted: true}, true
	}
	return change{}, false
}

// seen reports whether everybody in the community may see a piece, if only its tombstone (access.Viewer.Sees).
func seen(r *core.Record) bool {
	if r == nil {
		return false
	}
	status := r.GetString("status")
	return status != "" && status != clinic.Held && !r.GetBool("unseen")
}

func either(was, is *core.Record) *core.Record {
	if is != nil {
		return is
	}
	return was
}

// topics are those that a change is told in.
func (c change) topics() []string {
	if c.member != "" {
		return []string{ofMember + c.member}
	}
	if c.post == "" {
		return []string{ofCommunity + c.community}
	}
	return []string{ofCommunity + c.community, ofPost + c.post}
}

// tell gives what a change means in a topic, as the piece stands now; what is empty where it means nothing there.
func (c change) tell(topic string, now counted) (n news, what string) {
	inPost := topic == ofPost+c.post
	n = news{Post: c.post, Comment: c.comment}
	if now.read && now.post {
		n.Comments, n.LastComment = &now.comments, now.lastComment
	}
	switch {
	case now.read && c.what != Gone && !(now.post && now.piece):
		return n, "" // it is held again, or stands under a post that is
	case c.comment == "" && !inPost && now.deleted && now.comments == 0:
		return n, Gone // nobody talked under it: the feed has it no longer
	case c.comment == "" || inPost:
		return n, c.what
	case c.counted:
		n.Comment = ""
		return n, Counts
	}
	return n, ""
}
