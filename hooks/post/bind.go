package post

import (
	"sync"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// Writing is a post or comment that is being written in a community, new or, where Post is named, changed.
type Writing struct {
	Community, Post, Comment string
	Title, Body              string
	Choices                  []string // of a poll
	Files                    []string // the ids of those beside its words
}

// Look gives what the practice's checks find in what the viewer of an event is writing.
type Look func(e *access.Event, w Writing) (any, error)

// Register binds the rules that hold for every writer, and the doors. look is asked for a preview.
func Register(app core.App, house *access.House, look Look) {
	d := &desk{app: app, house: house, look: look, changes: newChanges(), sheets: newSheets()}
	d.changes.watch(app)
	app.OnRecordCreate(clinic.Posts).BindFunc(whole(d.newPost))
	app.OnRecordUpdate(clinic.Posts).BindFunc(whole(d.changePost))
	app.OnRecordDelete(clinic.Posts).BindFunc(whole(d.removePost))
	app.OnRecordCreate(clinic.Comments).BindFunc(whole(d.newComment))
	app.OnRecordUpdate(clinic.Comments).BindFunc(whole(d.changeComment))
	app.OnRecordDelete(clinic.Comments).BindFunc(whole(d.removeComment))
	app.OnRecordCreateExecute(clinic.Posts, clinic.Comments).BindFunc(startsUnseen)
	app.OnRecordUpdateExecute(clinic.Posts, clinic.Comments).BindFunc(d.appears)

	house.Routes(app, func(r *access.Routes) {
		r.POST("/preview", access.Member, d.preview)
		r.GET("/communities/{id}/posts", access.MemberOf("id"), d.feed)
		r.POST("/communities/{id}/posts", access.MemberOf("id"), d.create)
		r.GET("/posts/{id}", access.Member, d.thread)
		r.PATCH("/posts/{id}", access.Member, d.editPost)
		r.DELETE("/posts/{id}", access.Member, d.deletePost)
		r.PUT("/posts/{id}/top", access.Member, d.putOnTop)
		r.PUT("/posts/{id}/helped", access.Member, d.markHelped)
		r.GET("/posts/{id}/versions", access.Member, d.postVersions)
		r.GET("/posts/{id}/comments", access.Member, d.comments)
		r.POST("/posts/{id}/comments", access.Member, d.comment)
		r.GET("/comments/{id}", access.Member, d.oneComment)
		r.PATCH("/comments/{id}", access.Member, d.editComment)
		r.DELETE("/comments/{id}", access.Member, d.deleteComment)
		r.GET("/comments/{id}/versions", access.Member, d.commentVersions)
		r.GET("/drafts", access.SignedIn, d.drafts)
		r.GET("/drafts/{place}", access.SignedIn, d.draft)
		r.PUT("/drafts/{place}", access.SignedIn, d.keepDraft)
		r.DELETE("/drafts/{place}", access.SignedIn, d.dropDraft)
	})
}

// desk is what the doors of this package share.
type desk struct {
	app      core.App
	house    *access.House
	look     Look
	changes  *changes
	sheets   *sheets
	standing sync.Map // community → judged
}

// whole runs a record event in one transaction with what belongs to it, and gives the event its app back.
func whole(step func(e *core.RecordEvent) error) func(e *core.RecordEvent) error {
	return func(e *core.RecordEvent) error {
		app := e.App
		defer func() { e.App = app }()
		return app.RunInTransaction(func(tx core.App) error {
			e.App = tx
			return step(e)
		})
	}
}
