package site

import (
	"io/fs"

	"github.com/pocketbase/pocketbase/core"
)

// Register serves dist for every path that no route takes, with the content that pages gives (it may be nil), adds
// our pages to the dashboard, and hardens the answers of the routes and of the dashboard.
//
// Where a server is there, pages are answered before PocketBase's router, whose middlewares (token, activity, rate limits)
// cost three times as much as the answer. A test that has only the router gets the same pages through it.
func Register(app core.App, dist fs.FS, pages Pages) {
	app.OnServe().BindFunc(func(se *core.ServeEvent) error {
		s, err := New(dist)
		if err != nil {
			return err
		}
		s.pages = pages
		se.Router.GET("/{path...}", func(e *core.RequestEvent) error {
			if Elsewhere(e.Request.URL.Path) {
				return e.NotFoundError("", nil)
			}
			s.ServeHTTP(e.Response, e.Request)
			return nil
		})
		if err := extend(se, dist); err != nil {
			return err
		}
		if err := se.Next(); err != nil {
			return err
		}
		if se.Server != nil && se.Server.Handler != nil {
			se.Server.Handler = s.Around(Harden(se.Server.Handler))
		}
		return nil
	})
}
