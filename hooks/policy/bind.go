package policy

import (
	"errors"
	"io/fs"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// forever are the collections whose records are written once.
var forever = []string{clinic.PolicyVersions, clinic.PolicyEvents, clinic.Acknowledgements, clinic.PolicyRefusals, clinic.Authorizations}

// desk is what the editors' doors work with beside the database.
type desk struct {
	shipped map[string][]Text // by slug: what this release brings along
	Options
}

// Options are what other capabilities lend the editor; each may be nil.
type Options struct {
	// Detectors tells what a check may look for, in a language, for the form.
	Detectors func(language string) any
	// Meet prepares a draft's checks, by language, and gives what looks at a text with them: which it meets, what weighs most first.
	Meet func(app core.App, checks map[string][]Check) (func(w Written) ([]Met, error), error)
}

func (d desk) detectors(language string) any {
	if d.Detectors == nil {
		return []any{}
	}
	return d.Detectors(language)
}

// Register binds the policies to the app. shipped is what Kinward brings along: LANGUAGE/SLUG.md.
func Register(app core.App, house *access.House, shipped fs.FS, options ...Options) {
	var d desk
	for _, o := range options {
		d.Options = o
	}
	app.OnRecordCreate(clinic.PolicyVersions).BindFunc(seal)
	app.OnRecordCreate(clinic.PolicyEvents).BindFunc(turn(house))
	keepWords(app, house)
	app.OnRecordUpdate(forever...).BindFunc(neverChanges)
	app.OnRecordDelete(forever...).BindFunc(neverChanges)
	app.OnRecordCreate(clinic.Policies).BindFunc(keepStanding)
	app.OnRecordUpdate(clinic.Policies).BindFunc(keepStanding)
	app.OnRecordDelete(clinic.Policies).BindFunc(keepPublished)

	post := postWithPractice(house, shipped)
	app.OnRecordCreate(clinic.Practices).BindFunc(post)
	app.OnRecordUpdate(clinic.Practices).BindFunc(post)
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		if err := PostShipped(e.App, house, shipped); err != nil {
			return err
		}
		var err error
		if d.shipped, err = readAll(shipped); err != nil {
			return err
		}
		return e.Next()
	})

	house.Routes(app, func(r *access.Routes) {
		r.GET("/policies", access.Anyone, list)
		r.GET("/policies/{slug}", access.Anyone, view)
		r.GET("/policies/{slug}/versions", access.Anyone, history)
		r.GET("/policies/{slug}/versions/{number}", access.Anyone, version)
		r.POST("/policies/{slug}/acknowledge", access.SignedIn, acknowledge)
		r.POST("/policies/{slug}/refuse", access.SignedIn, refusePolicy)
		r.GET("/authorizations/{slug}", access.SignedIn, showAuthorization)
		r.POST("/authorizations/{slug}", access.SignedIn, grantAuthorization)
		r.DELETE("/authorizations/{slug}", access.SignedIn, revokeAuthorization)
		r.GET("/members/{id}/policies", access.Works, policiesOf)
		r.GET("/me/news", access.Member, news)
		r.POST("/me/news/{slug}", access.Member, seen)

		r.GET("/manage/policies", access.Editors, d.manageList)
		r.POST("/manage/policies", access.Editors, createPolicy)
		r.GET("/manage/policies/{slug}", access.Editors, d.manageView)
		r.PUT("/manage/policies/{slug}/draft", access.Editors, saveDraft)
		r.DELETE("/manage/policies/{slug}/draft", access.Editors, dropDraft)
		r.POST("/manage/policies/{slug}/look", access.Editors, look)
		r.POST("/manage/policies/{slug}/consequences", access.Editors, d.consequences)
		r.POST("/manage/policies/{slug}/publish", access.Editors, d.publishDraft)
		r.POST("/manage/policies/{slug}/withdraw", access.Editors, withdraw)
		r.POST("/manage/policies/{slug}/post-again", access.Editors, postAgain)
		r.POST("/manage/policies/{slug}/offer", access.Editors, d.answerOffer)
		r.GET("/manage/policies/{slug}/acknowledgements", access.Editors, showReport)
		r.GET("/manage/policies/{slug}/acknowledgements.csv", access.Editors, exportReport)
		r.POST("/manage/policies/{slug}/acknowledgements", access.Works, witnessWord)
		r.POST("/manage/policies/{slug}/remind", access.Editors, remind)
	})
}

// postWithPractice posts in the transaction in which the practice is set up, and publishes anew in the one in which it
// changes: no moment shows an old number under a new phone.
func postWithPractice(house *access.House, shipped fs.FS) func(e *core.RecordEvent) error {
	return func(e *core.RecordEvent) error {
		outside := e.App
		defer func() { e.App = outside }()
		return outside.RunInTransaction(func(tx core.App) error {
			e.App = tx
			if err := e.Next(); err != nil {
				return err
			}
			if err := PostShipped(tx, house, shipped); err != nil {
				return err
			}
			return Republish(tx, house)
		})
	}
}

// neverChanges refuses even the house: what was published and acknowledged stays. SQLite's triggers refuse whoever comes in
// below the record events.
func neverChanges(e *core.RecordEvent) error { return access.Refuse(e.App, NeverChanges) }

// keepStanding holds a policy to a well-formed slug, to the one it was posted under, to its kind, to whom it concerns once it was published,
// and to what its events say of it: it is withdrawn with a reason, or not at all. Whether it is asked yearly is published with a version.
func keepStanding(e *core.RecordEvent) error {
	if e.Record.GetString("kind") == "" {
		e.Record.Set("kind", KindPolicy)
	}
	slug := e.Record.GetString("slug")
	if !slugShape.MatchString(slug) {
		return refuse(e.App, clinic.Invalid.At("slug"))
	}
	if !e.Record.IsNew() && e.Record.Original().GetString("slug") != slug {
		return refuse(e.App, SlugFixed)
	}
	if !e.Record.IsNew() && e.Record.Original().GetString("kind") != e.Record.GetString("kind") {
		return refuse(e.App, KindFixed)
	}
	if !e.Record.IsNew() && e.Record.Original().GetString("audience") != e.Record.GetString("audience") {
		if number, err := latestNumber(e.App, e.Record.Id); err != nil {
			return err
		} else if number > 0 {
			return refuse(e.App, AudienceFixed)
		}
	}
	if !access.ByHouse(e) && !standsAsBefore(e.Record) {
		return refuse(e.App, clinic.OnlyByHouse)
	}
	return e.Next()
}

// standsAsBefore reports whether a policy has what only the house changes as it was, or as a new one has it.
func standsAsBefore(r *core.Record) bool {
	before := r.Original()
	stood := Posted
	if !r.IsNew() {
		stood = before.GetString("status")
	}
	had, err := settledOffers(before)
	has, wrong := settledOffers(r)
	return r.GetString("status") == stood && r.GetBool("yearly") == before.GetBool("yearly") && errors.Join(err, wrong) == nil && slices.Equal(had, has)
}

// keepPublished refuses to delete a policy that has a version; it can be withdrawn.
func keepPublished(e *core.RecordEvent) error {
	var published bool
	err := e.App.DB().NewQuery("SELECT EXISTS (SELECT 1 FROM policy_versions WHERE policy = {:policy})").
		Bind(dbx.Params{"policy": e.Record.Id}).Row(&published)
	if err != nil {
		return err
	}
	if published {
		return refuse(e.App, StillKept)
	}
	return e.Next()
}

// refuse words a fault for the dashboard too; an error that is no fault stays as it is.
func refuse(app core.App, err error) error {
	var fault *clinic.Fault
	if errors.As(err, &fault) {
		return access.Refuse(app, fault)
	}
	return err
}
