package follow

import (
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// Register binds the rules that hold for every writer, and the doors. Call it after package post's: a follow is made in the
// transaction in which a post or comment is stored.
func Register(app core.App, house *access.House) {
	d := &desk{app: app, house: house}
	app.OnRecordCreate(clinic.Follows).BindFunc(d.followed)
	app.OnRecordCreate(clinic.Saves).BindFunc(d.saved)
	app.OnRecordCreate(clinic.Mutes).BindFunc(d.muted)
	app.OnRecordCreate(clinic.Blocks).BindFunc(d.blocked)
	app.OnRecordUpdate(clinic.Follows, clinic.Saves, clinic.Mutes, clinic.Blocks).BindFunc(neverChanges)
	app.OnRecordCreate(clinic.Posts, clinic.Comments).BindFunc(written)
	app.OnRecordUpdate(clinic.Comments).BindFunc(appeared)
	app.OnRecordDelete(clinic.Posts, clinic.Comments).BindFunc(goneWith)
	app.OnRecordDelete(clinic.Memberships).BindFunc(left)
	app.OnRecordUpdate(clinic.Users).BindFunc(beyondBlocks)

	house.Routes(app, func(r *access.Routes) {
		r.GET("/marks", access.Member, d.marks)
		r.PUT("/posts/{id}/follow", access.Member, d.put(follows))
		r.DELETE("/posts/{id}/follow", access.Member, d.drop(follows))
		r.PUT("/posts/{id}/seen", access.Member, d.seen)
		r.PUT("/posts/{id}/save", access.Member, d.put(savesOf(clinic.Posts)))
		r.DELETE("/posts/{id}/save", access.Member, d.drop(savesOf(clinic.Posts)))
		r.PUT("/comments/{id}/save", access.Member, d.put(savesOf(clinic.Comments)))
		r.DELETE("/comments/{id}/save", access.Member, d.drop(savesOf(clinic.Comments)))
		r.PUT("/posts/{id}/mute", access.Member, d.put(mutesPost))
		r.DELETE("/posts/{id}/mute", access.Member, d.drop(mutesPost))
		r.PUT("/communities/{id}/mute", access.MemberOf("id"), d.put(mutesCommunity))
		r.DELETE("/communities/{id}/mute", access.MemberOf("id"), d.drop(mutesCommunity))
		r.PUT("/members/{id}/block", access.Member, d.put(blocks))
		r.DELETE("/members/{id}/block", access.Member, d.drop(unblocks))
		r.GET("/follows", access.Member, d.listFollows)
		r.GET("/saved", access.Member, d.listSaved)
		r.GET("/mutes", access.Member, d.listMutes)
		r.GET("/blocks", access.Member, d.listBlocks)
	})
}

// desk is what the doors of this package share.
type desk struct {
	app   core.App
	house *access.House
}

// neverChanges: what a member marks is made and taken away. What a follow knows of news is kept by this package in SQL.
func neverChanges(e *core.RecordEvent) error { return access.Refuse(e.App, clinic.OnlyByHouse) }
