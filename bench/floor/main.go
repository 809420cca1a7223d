// Command floor is what Kinward is measured against: a bare PocketBase with the same data, whose record API asks by its rules
// for what Kinward's routes ask: that the reader is a member of the community, that the writer is the author and a member.
//
//	floor prepare DIR ID…     set the rules and print a token for each member
//	floor serve DIR ADDRESS   serve
package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	_ "github.com/pocketbase/pocketbase/migrations"
)

// member is the cheapest rule that asks for membership: an index answers it. The way over a back-relation joins every member of
// the community to every post.
const member = `@request.auth.id != "" && @collection.memberships.member ?= @request.auth.id && @collection.memberships.community ?= community`

const author = member + ` && author = @request.auth.id`

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "floor: "+err.Error())
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) < 3 {
		return errors.New("floor prepare DIR ID… | floor serve DIR ADDRESS")
	}
	app := pocketbase.NewWithConfig(pocketbase.Config{DefaultDataDir: args[1], HideStartBanner: true})
	if err := app.Bootstrap(); err != nil {
		return err
	}
	if args[0] == "prepare" {
		return errors.Join(prepare(app, args[2:]), app.ClearBootstrap())
	}
	return apis.Serve(app, apis.ServeConfig{HttpAddr: args[2]})
}

func prepare(app core.App, members []string) error {
	rules := map[string]func(c *core.Collection){
		"users": func(c *core.Collection) {
			c.PasswordAuth.Enabled = true
			c.AuthRule = new(string)
			c.ViewRule = said(`@request.auth.id != ""`)
		},
		"posts": func(c *core.Collection) {
			c.ListRule, c.ViewRule, c.CreateRule = said(member), said(member), said(author)
		},
		"comments": func(c *core.Collection) {
			c.ListRule, c.ViewRule, c.CreateRule = said(member), said(member), said(author)
		},
	}
	for name, set := range rules {
		collection, err := app.FindCollectionByNameOrId(name)
		if err != nil {
			return err
		}
		set(collection)
		if err := app.Save(collection); err != nil {
			return err
		}
	}
	for _, id := range members {
		record, err := app.FindRecordById("users", id)
		if err != nil {
			return err
		}
		token, err := record.NewAuthToken()
		if err != nil {
			return err
		}
		fmt.Println(token)
	}
	return nil
}

func said(rule string) *string { return &rule }
