package search

import (
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// Register keeps the words that stand somewhere, and opens the door. The index itself is kept by the database.
func Register(app core.App, house *access.House) {
	s := &searcher{app: app, vocabulary: vocabulary{app: app}}
	s.papers.watch(app)
	app.OnRecordAfterCreateSuccess(clinic.Posts, clinic.Comments).BindFunc(s.learn)
	app.OnRecordAfterUpdateSuccess(clinic.Posts, clinic.Comments).BindFunc(s.learn)
	app.OnTerminate().BindFunc(func(e *core.TerminateEvent) error {
		s.vocabulary.close()
		return e.Next()
	})
	app.Cron().MustAdd("kinward_vocabulary", "37 4 * * *", s.vocabulary.sweep)
	house.Routes(app, func(r *access.Routes) {
		r.POST("/search", access.Member, s.find)
	})
}

type searcher struct {
	app        core.App
	vocabulary vocabulary
	papers     papers
}
