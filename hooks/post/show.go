package post

import (
	"encoding/json/jsontext"
	"encoding/json/v2"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// shown is a post or comment as one viewer gets it. A deleted one is a tombstone: its place, its time, and who took it away.
type shown struct {
	ID          string         `json:"id"`
	Community   string         `json:"community"`
	Post        string         `json:"post,omitempty"`
	Parent      *string        `json:"parent,omitempty"`
	Kind        string         `json:"kind,omitempty"`
	Title       *string        `json:"title,omitempty"`
	HTML        *string        `json:"html,omitempty"`
	Author      *access.Person `json:"author,omitempty"`
	Created     string         `json:"created"`
	Edited      string         `json:"edited"`
	Status      string         `json:"status"`
	Comments    *int           `json:"comments,omitempty"`
	LastComment *string        `json:"last_comment,omitempty"`
	Reactions   map[string]int `json:"reactions,omitempty"` // by kind; none: not there
	By          string         `json:"by,omitempty"`
	Reason      string         `json:"reason,omitempty"`
	Note        string         `json:"note,omitempty"`
	// Top says that it stands on top of its community, and Until how long, if it is an announcement.
	Top   bool   `json:"top,omitempty"`
	Until string `json:"until,omitempty"`
	// Helped is the comment that the asker of a question has marked.
	Helped string       `json:"helped,omitempty"`
	Review *shownReview `json:"review,omitempty"`
	Poll   *shownPoll   `json:"poll,omitempty"`
	// Files are those that it carries, as package file describes them.
	Files   jsontext.Value `json:"files,omitempty"`
	Mine    bool           `json:"mine"`
	Can     can            `json:"can"`
	Body    *string        `json:"body,omitempty"`
	Updated string         `json:"updated,omitempty"`
}

type can struct {
	Edit    bool `json:"edit"`
	Delete  bool `json:"delete"`
	Comment bool `json:"comment"`
	Report  bool `json:"report"`
	// Top: put on top or take down. Helped: mark the comment that helped. Review: say whether it is accurate.
	Top    bool `json:"top"`
	Helped bool `json:"helped"`
	Review bool `json:"review"`
}

// eye is what of a viewer decides how a line is shown to them.
type eye struct {
	viewer                                        *access.Viewer
	language                                      string
	moderates, leads, reviews, writable, mayWrite bool
	now                                           string
}

// eyeOf is the eye of a request's viewer on a community. Where nobody may write, nobody edits or deletes either; who owes
// something before they may write can still delete their own words.
func eyeOf(e *access.Event, community string, writable bool) eye {
	owing := len(e.Viewer.Blocking(clinic.BlocksWrite, e.House.Now())) > 0
	return eye{viewer: e.Viewer, language: e.Language(), moderates: e.Viewer.Moderates(community), leads: e.Viewer.Leads(community),
		reviews: e.Viewer.Role == clinic.Provider, writable: writable, mayWrite: writable && !owing, now: access.Date(e.House.Now())}
}

func (l *line) show(see eye) shown {
	mine, isPost := l.author == see.viewer.ID, l.post == ""
	out := shown{ID: l.id, Community: l.community, Post: l.post, Created: access.Moment(l.created), Edited: access.Moment(l.edited),
		Status: l.status, Mine: mine}
	if isPost {
		last := access.Moment(l.lastComment)
		out.Comments, out.LastComment = &l.comments, &last
	} else {
		out.Parent = &l.parent
	}
	if l.status == clinic.Deleted {
		out.By = l.deletedBy
		if mine || see.moderates {
			out.Reason = l.reason
		}
		return out
	}
	if l.reactions != "" {
		_ = json.Unmarshal([]byte(l.reactions), &out.Reactions) // written by SQLite's json_group_object
	}
	author := l.by.Person(l.author, see.language)
	out.Author, out.HTML, out.Note = &author, &l.html, l.note
	if l.files != "" {
		out.Files = jsontext.Value(l.files)
	}
	if isPost {
		out.Kind, out.Title, out.Helped = l.kind, &l.title, l.helped
		out.Top = l.pinned != "" || l.until > see.now
		out.Until = access.Moment(l.until)
		out.Poll = showPoll(l.poll, see.now)
	}
	out.Review = l.reviewed.show(see)
	stands := l.status == clinic.Shown
	out.Can = can{Edit: mine && see.mayWrite, Delete: mine && see.writable || see.moderates && see.mayWrite, Comment: see.mayWrite && stands,
		Report: !mine && stands, Top: isPost && stands && see.mayWrite && l.onTopBy(see),
		Helped: mine && isPost && stands && l.kind == Question && see.writable, Review: !mine && stands && see.reviews && see.mayWrite}
	return out
}

// onTopBy reports whether a viewer decides what of a post stands on top: the leads; of an announcement also who made it.
func (l *line) onTopBy(see eye) bool {
	return see.leads || l.kind == Announcement && (see.moderates || l.author == see.viewer.ID)
}

// own gives the author what they need to edit a piece: its source, and when it last changed.
func (s shown) own(body, updated string) shown {
	if s.Mine && s.Status != clinic.Deleted {
		s.Body, s.Updated = &body, access.Moment(updated)
	}
	return s
}
