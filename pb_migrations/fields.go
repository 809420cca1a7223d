// Package pb_migrations builds the database, one capability a file. A released file never changes; each has a way back.
//
// Every collection has nil rules: PocketBase's record API is closed to everyone but superusers, and members come in by
// /api/clinic alone.
package pb_migrations

import (
	"errors"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

func text(name string, max int) core.Field { return &core.TextField{Name: name, Max: max} }

func hiddenText(name string, max int) core.Field {
	return &core.TextField{Name: name, Max: max, Hidden: true}
}

func required(name string, max int) core.Field {
	return &core.TextField{Name: name, Max: max, Required: true}
}

func number(name string) core.Field { return &core.NumberField{Name: name} }

func date(name string) core.Field { return &core.DateField{Name: name} }

func flag(name string) core.Field { return &core.BoolField{Name: name} }

func document(name string) core.Field { return &core.JSONField{Name: name, MaxSize: 1_000_000} }

func choice(name string, values ...string) core.Field {
	return &core.SelectField{Name: name, Values: values, MaxSelect: 1, Required: true}
}

func choices(name string, values ...string) core.Field {
	return &core.SelectField{Name: name, Values: values, MaxSelect: len(values)}
}

// to points at one record of a collection; deleting that record is refused while this one is there only if required.
func to(app core.App, name, collection string, required bool) (core.Field, error) {
	target, err := app.FindCollectionByNameOrId(collection)
	if err != nil {
		return nil, err
	}
	return &core.RelationField{Name: name, CollectionId: target.Id, MaxSelect: 1, Required: required}, nil
}

// base saves a new collection with nil rules, the given fields, created and updated.
func base(app core.App, name string, indexes types.JSONArray[string], fields ...core.Field) error {
	collection := core.NewBaseCollection(name)
	collection.Fields.Add(fields...)
	stamp(collection)
	collection.Indexes = indexes
	return app.Save(collection)
}

// with adds fields and indexes to a collection that is there. The table keeps its rows and its triggers.
func with(app core.App, name string, indexes types.JSONArray[string], fields ...core.Field) error {
	collection, err := app.FindCollectionByNameOrId(name)
	if err != nil {
		return err
	}
	collection.Fields.Add(fields...)
	collection.Indexes = append(collection.Indexes, indexes...)
	return app.Save(collection)
}

// without takes indexes and fields out of a collection.
func without(app core.App, name string, indexes []string, fields ...string) error {
	collection, err := app.FindCollectionByNameOrId(name)
	if err != nil {
		return err
	}
	for _, index := range indexes {
		collection.RemoveIndex(index)
	}
	for _, field := range fields {
		collection.Fields.RemoveByName(field)
	}
	return app.Save(collection)
}

func stamp(collection *core.Collection) {
	collection.Fields.Add(
		&core.AutodateField{Name: "created", OnCreate: true},
		&core.AutodateField{Name: "updated", OnCreate: true, OnUpdate: true},
	)
}

// drop removes collections, those that point at others first.
func drop(app core.App, names ...string) error {
	var failures []error
	for _, name := range names {
		collection, err := app.FindCollectionByNameOrId(name)
		if err == nil {
			err = app.Delete(collection)
		}
		failures = append(failures, err)
	}
	return errors.Join(failures...)
}

// run executes statements one by one, for triggers and tables that PocketBase's fields cannot say.
func run(app core.App, statements ...string) error {
	for _, statement := range statements {
		if _, err := app.DB().NewQuery(statement).Execute(); err != nil {
			return err
		}
	}
	return nil
}

// frozen aborts any change or removal of a table's rows, whoever asks and by whatever way, SQL included.
func frozen(table string) []string {
	return []string{
		"CREATE TRIGGER " + table + "_never_change BEFORE UPDATE ON " + table + " BEGIN SELECT RAISE(ABORT, '" + table + " never change'); END",
		"CREATE TRIGGER " + table + "_never_go BEFORE DELETE ON " + table + " BEGIN SELECT RAISE(ABORT, '" + table + " are never deleted'); END",
	}
}
