package file

import (
	"path/filepath"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// Register binds what holds for every writer of posts and comments, the doors, and the sweeping. most is what all files may
// have together, in bytes; 0 means MaxOfPractice. Call it after
// package post's, since it dresses the HTML that post has made, and before package check's, which reads what it puts beside it.
func Register(app core.App, house *access.House, most int64) {
	if most <= 0 {
		most = MaxOfPractice
	}
	d := &desk{app: app, house: house, most: most}
	app.OnRecordCreate(clinic.Posts, clinic.Comments).BindFunc(d.keepListed) // around what follows
	app.OnRecordCreate(clinic.Posts, clinic.Comments).BindFunc(d.carry)
	app.OnRecordUpdate(clinic.Posts, clinic.Comments).BindFunc(d.keepListed) // around what follows
	app.OnRecordUpdate(clinic.Posts, clinic.Comments).BindFunc(d.carry)
	app.OnRecordDelete(clinic.Posts, clinic.Comments).BindFunc(d.drop)
	app.OnRecordUpdate(clinic.Files).BindFunc(d.redressed)
	app.Cron().MustAdd("kinward_files", "23 * * * *", d.sweep)

	house.Routes(app, func(r *access.Routes) {
		r.GET("/files", access.Member, d.list)
		r.POST("/files", access.Member, d.begin)
		r.GET("/communities/{id}/files", access.MemberOf("id"), d.inCommunity)
		r.PUT("/files/{id}/content", access.Member, d.receive)
		r.Quiet("/files/{id}", access.Member, d.content)
		r.Quiet("/files/{id}/thumbnail", access.Member, d.thumbnail)
		r.Quiet("/files/{id}/captions", access.Member, d.captions)
		r.GET("/files/{id}/about", access.Member, d.about)
		r.PATCH("/files/{id}", access.Member, d.change)
		r.DELETE("/files/{id}", access.Member, d.remove)
	})
}

// desk is what the doors of this package share.
type desk struct {
	app   core.App
	house *access.House
	most  int64
	busy  alone
}

// uploads is the folder inside the data folder where files wait until they are whole. It is in no backup.
const uploads = ".kinward_uploads"

// waiting is where a file is put together, by its id.
func (d *desk) waiting(id string) string { return filepath.Join(d.app.DataDir(), uploads, id) }
