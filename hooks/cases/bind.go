package cases

import (
	"io/fs"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// Register binds the example cases to the app. shipped is what Kinward brings along: cases/LANGUAGE/SLUG.md.
func Register(app core.App, house *access.House, shipped fs.FS) {
	app.OnRecordUpdate(clinic.CaseVersions).BindFunc(neverChanges)
	app.OnRecordDelete(clinic.CaseVersions).BindFunc(neverChanges)

	app.OnRecordCreate(clinic.PolicyVersions).BindFunc(dueAgain(house))

	app.OnRecordAfterCreateSuccess(clinic.Practices).BindFunc(func(e *core.RecordEvent) error {
		if err := PostShipped(e.App, house, shipped); err != nil {
			return err
		}
		return e.Next()
	})
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		if err := PostShipped(e.App, house, shipped); err != nil {
			return err
		}
		return e.Next()
	})

	house.Routes(app, func(r *access.Routes) {
		r.GET("/cases", access.SignedIn, mine)
		r.POST("/cases/{id}/answers", access.SignedIn, answer)
		r.POST("/cases/{id}/questions", access.Member, ask)
		r.POST("/cases/skip", access.SignedIn, skip)
		r.GET("/cases/questions", access.Works, questions)
		r.GET("/cases/questions/open", access.Works, countOpen)
		r.POST("/cases/questions/{id}/answer", access.Works, reply)

		r.GET("/manage/cases", access.Editors, list)
		r.POST("/manage/cases", access.Editors, create)
		r.POST("/manage/cases/look", access.Editors, look)
		r.GET("/manage/cases/{slug}", access.Editors, view)
		r.PUT("/manage/cases/{slug}", access.Editors, change)
		r.GET("/manage/cases/{slug}/draft", access.Editors, readDraft)
		r.PUT("/manage/cases/{slug}/draft", access.Editors, saveDraft)
		r.DELETE("/manage/cases/{slug}/draft", access.Editors, dropDraft)
	})
}

// neverChanges refuses even the house: which text a member went through can be looked up. A trigger refuses whoever comes in
// below the record events.
func neverChanges(e *core.RecordEvent) error { return access.Refuse(e.App, NeverChanges) }
