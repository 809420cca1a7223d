package policy

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/messages"
)

// PostShipped posts each policy of the shipped folder whose slug the practice does not have, in every language it comes in.
// One that is there, posted or withdrawn, is never touched. Nothing happens before the practice is set up, since the texts
// name it.
func PostShipped(app core.App, house *access.House, shipped fs.FS) error {
	practice, err := house.PracticeRecord(app)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	} else if err != nil {
		return err
	}
	var due time.Time
	if now := house.Now(); now.Sub(practice.GetDateTime("set_up").Time()) > 24*time.Hour {
		due = now.Add(laterDue)
	}
	texts, err := readAll(shipped)
	if err != nil {
		return err
	}
	return app.RunInTransaction(func(tx core.App) error {
		for _, languages := range texts {
			if err := postMissing(tx, house, languages, due); err != nil {
				return fmt.Errorf("posting %s: %w", languages[0].Slug, err)
			}
		}
		return nil
	})
}

// laterDue is how long members of a practice that works already may go on before a text that a new release brought stops them.
const laterDue = 14 * 24 * time.Hour

func postMissing(tx core.App, house *access.House, languages []Text, due time.Time) error {
	first := languages[0]
	_, err := tx.FindFirstRecordByData(clinic.Policies, "slug", first.Slug)
	if err == nil || !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if _, err := posted(tx, first); err != nil {
		return err
	}
	edition := Edition{Class: first.Class, Due: due}
	for _, t := range languages {
		edition.Texts = append(edition.Texts, t.words())
	}
	_, err = Publish(tx, house, first.Slug, edition)
	return err
}

func (t Text) words() Words {
	return Words{Language: t.Language, Title: t.Title, Summary: t.Summary, Body: t.Body, Reason: t.Reason, Checks: t.Checks, Strip: t.Strip}
}

// readAll parses LANGUAGE/SLUG.md of every language and puts the languages of one policy together.
func readAll(shipped fs.FS) (map[string][]Text, error) {
	out := map[string][]Text{}
	if shipped == nil {
		return out, nil
	}
	for _, language := range clinic.Languages {
		names, err := fs.Glob(shipped, language+"/*.md")
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			raw, err := fs.ReadFile(shipped, name)
			if err != nil {
				return nil, err
			}
			text, err := Parse(raw)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			out[text.Slug] = append(out[text.Slug], text)
		}
	}
	return out, nil
}

// Republish publishes a new version of every posted policy whose words change with what the practice now says of itself, as a
// typo: nobody is asked, and the history shows when the phone or the hours changed. Where nothing changes, nothing happens.
// A withdrawn one is left alone until it is posted again.
func Republish(app core.App, house *access.House) error {
	return app.RunInTransaction(func(tx core.App) error {
		texts, err := query(tx, whole+"WHERE p.status = 'posted' AND"+atLatest+"ORDER BY p.position, p.slug, v.language", nil)
		if err != nil {
			return err
		}
		return republish(tx, house, texts)
	})
}

// republish does so with these texts, each policy's newest.
func republish(tx core.App, house *access.House, texts []edition) error {
	record, err := house.PracticeRecord(tx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	} else if err != nil {
		return err
	}
	for _, languages := range grouped(texts) {
		if err := republishOne(tx, house, languages, practiceOf(record)); err != nil {
			return err
		}
	}
	return nil
}

func republishOne(tx core.App, house *access.House, languages []edition, practice Practice) error {
	next, changed := Edition{Class: Typo}, false
	for _, v := range languages {
		words, err := v.words()
		if err != nil {
			return err
		}
		changed = changed || practice.changes(v, words)
		words.Reason = messages.Say(v.Language, "policy.reason.practice_changed", nil)
		next.Texts = append(next.Texts, words)
	}
	if !changed {
		return nil
	}
	_, err := Publish(tx, house, languages[0].Slug, next)
	return err
}

// changes reports whether what the practice says of itself now would be read anywhere in a version.
func (p Practice) changes(v edition, words Words) bool {
	var checks []Check
	var strip map[string]string
	if errors.Join(unmarshal(v.Checks, &checks), unmarshal(v.Strip, &strip)) != nil {
		return true
	}
	saying := func(a, b Check) bool { return a.Say == b.Say }
	return p.Fill(v.Source, v.Language) != v.Markdown || p.FillPlain(v.SourceSummary, v.Language) != v.Summary ||
		!slices.EqualFunc(p.fillChecks(words.Checks, v.Language), checks, saying) || !maps.Equal(p.fillStrip(words.Strip, v.Language), strip)
}

func said(slug string, number int, class string) string {
	return fmt.Sprintf("%s version %d, %s", slug, number, class)
}
