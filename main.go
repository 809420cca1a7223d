// Kinward is the private community that a clinic runs itself. This file only puts the parts together.
package main

import (
	"os"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks"
	"kinward/hooks/access"
	"kinward/hooks/cli"
	public "kinward/pb_public"
	"kinward/policies"
)

func main() { os.Exit(cli.Run(os.Args[1:], newApp)) }

// newApp makes the practice's app on a data folder: PocketBase's core, and every capability bound to it. Nothing is opened yet.
func newApp(at cli.Place) (core.App, *access.House) {
	config := hooks.Config(at.Dir)
	config.IsDev = at.Dev
	config.EncryptionEnv = cli.SettingsKeyVariable
	app := core.NewBaseApp(config)
	house := hooks.Register(app, hooks.Options{
		Options: access.Options{Key: at.Key, Dev: at.Dev}, Relay: at.Relay, MailFrom: at.MailFrom, Files: at.Files,
		Version: cli.Version, Policies: policies.FS, Page: public.Dist,
	})
	return app, house
}
