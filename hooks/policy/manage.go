package policy

import (
	"database/sql"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// SlugTaken says that another policy stands under this address.
var SlugTaken = &clinic.Fault{Status: http.StatusConflict, Code: "policy_slug_taken"}

// managed finds a policy, posted or withdrawn, by its slug.
func managed(app core.App, slug string) (*core.Record, error) {
	record, err := app.FindFirstRecordByData(clinic.Policies, "slug", slug)
	return record, access.Missing(err)
}

// newest gives every language's text of a policy's newest version, whatever the policy's state; none where nothing is published.
func newest(app core.App, slug string) ([]edition, error) {
	return query(app, whole+"WHERE p.slug = {:slug} AND"+atLatest+"ORDER BY v.language", params{"slug": slug})
}

// wordingOf is what the texts of one version were published from.
func wordingOf(texts []edition) (wording, error) {
	out := wording{map[string]draftText{}, map[string][]Check{}, map[string]map[string]string{}}
	for _, v := range texts {
		w, err := v.words()
		if err != nil {
			return out, err
		}
		out.add(w)
	}
	return out, nil
}

func (w *wording) add(words Words) {
	w.Texts[words.Language] = draftText{words.Title, words.Summary, words.Body}
	w.Checks[words.Language] = append([]Check{}, words.Checks...)
	w.Strip[words.Language] = words.Strip
	if words.Strip == nil {
		w.Strip[words.Language] = map[string]string{}
	}
}

// managedItem is a policy in the editors' list.
type managedItem struct {
	Slug         string      `json:"slug"`
	Title        string      `json:"title"`
	Kind         string      `json:"kind"`
	Audience     string      `json:"audience"`
	Status       string      `json:"status"`
	Number       int         `json:"number"`
	Class        string      `json:"class"`
	Published    *time.Time  `json:"published"`
	Draft        *shownDraft `json:"draft"`
	Offer        bool        `json:"offer"`
	Acknowledged int         `json:"acknowledged"`
	Concerned    int         `json:"concerned"`
}

// manageList gives every policy, posted, withdrawn and not yet published: a practice has a handful.
func (d desk) manageList(e *access.Event) error {
	records, err := e.App.FindRecordsByFilter(clinic.Policies, "id != ''", "position,slug", 0, 0)
	if err != nil {
		return err
	}
	latest, err := query(e.App, brief+"WHERE"+atLatest+"ORDER BY p.slug, v.language", nil)
	if err != nil {
		return err
	}
	out := page[managedItem]{Items: []managedItem{}}
	for _, r := range records {
		item, err := d.item(e, r, slices.DeleteFunc(slices.Clone(latest), func(v edition) bool { return v.Policy != r.Id }))
		if err != nil {
			return err
		}
		out.Items = append(out.Items, item)
	}
	return e.Write(http.StatusOK, out)
}

func (d desk) item(e *access.Event, r *core.Record, texts []edition) (managedItem, error) {
	item := managedItem{Slug: r.GetString("slug"), Kind: r.GetString("kind"), Audience: r.GetString("audience"), Status: r.GetString("status")}
	draft, err := draftOf(e.App, r.Id)
	if err != nil {
		return item, err
	}
	if item.Draft, err = draft.shown(e); err != nil {
		return item, err
	}
	for _, language := range []string{e.House.Practice().Language, clinic.DefaultLanguage, e.Language()} {
		if t := draft.Texts[language]; t.Title != "" {
			item.Title = t.Title
		}
	}
	if item.Draft != nil {
		item.Draft.wording = wording{} // the list shows that there is one
	}
	if len(texts) > 0 {
		v := choose(texts, e.Language(), e.House.Practice().Language)
		item.Title, item.Number, item.Class, item.Published = v.Title, v.Number, v.Class, at(v.Published)
		tally, err := countReport(e, r, v.Number)
		if err != nil {
			return item, err
		}
		item.Acknowledged, item.Concerned = tally.Done, tally.Concerned
	}
	offer, err := d.offer(e.App, r, texts)
	item.Offer = offer != nil
	return item, err
}

// createForm is the form of POST /manage/policies.
type createForm struct {
	Slug     string `json:"slug"`
	Audience string `json:"audience"`
	Title    string `json:"title"`
	Kind     string `json:"kind"`
}

func (f *createForm) validate() error {
	f.Slug, f.Title = strings.TrimSpace(f.Slug), strings.TrimSpace(f.Title)
	if f.Kind == "" {
		f.Kind = KindPolicy
	}
	var slug, audience, kind *clinic.Fault
	if !slugShape.MatchString(f.Slug) || len(f.Slug) > 80 {
		slug = clinic.Invalid.At("slug")
	}
	if !slices.Contains([]string{clinic.Everyone, clinic.AudiencePeople, clinic.AudienceStaff}, f.Audience) {
		audience = clinic.Invalid.At("audience")
	}
	if !slices.Contains(Kinds, f.Kind) || f.Kind == KindAuthorization && f.Audience != clinic.AudiencePeople {
		kind = clinic.Invalid.At("kind") // an authorization is a patient's to give
	}
	faults := append([]*clinic.Fault{slug, audience, kind}, draftText{Title: f.Title}.faults("title")...)
	if f.Title == "" {
		faults = append(faults, clinic.Required.At("title"))
	}
	return clinic.Faults(faults...)
}

// createPolicy makes a policy that has a draft with its title, and no version yet: nobody sees it.
func createPolicy(e *access.Event) error {
	var form createForm
	if err := e.Bind(&form); err != nil {
		return err
	}
	if err := form.validate(); err != nil {
		return err
	}
	return e.Once(func(tx core.App) (int, any, error) {
		if _, err := managed(tx, form.Slug); err == nil {
			return 0, nil, clinic.Faults(SlugTaken.At("slug"))
		} else if !errors.Is(err, clinic.NotFound) {
			return 0, nil, err
		}
		position, err := nextPosition(tx)
		if err != nil {
			return 0, nil, err
		}
		record, err := posted(tx, Text{Slug: form.Slug, Audience: form.Audience, Position: position, Kind: form.Kind})
		if err != nil {
			return 0, nil, err
		}
		d := draft{Open: true, wording: wording{Texts: map[string]draftText{e.Language(): {Title: form.Title}}}}
		if err := d.store(e, tx, record.Id); err != nil {
			return 0, nil, err
		}
		err = e.House.Audit(tx, e.Actor().Audited(), "policy.create", "policies/"+record.Id, form.Slug)
		return http.StatusCreated, map[string]any{"slug": form.Slug, "kind": form.Kind, "audience": form.Audience, "revision": d.Revision}, err
	})
}

func nextPosition(app core.App) (int, error) {
	var last int
	err := app.DB().NewQuery("SELECT COALESCE(MAX(position), 0) FROM policies").Row(&last)
	return last + 1, err
}

// managedText is a published text with what it was made from.
type managedText struct {
	Title    string `json:"title"`
	Summary  string `json:"summary"` // with its placeholders
	Source   string `json:"source"`
	Markdown string `json:"markdown"`
	SHA256   string `json:"sha256"`
}

// currentVersion is the newest version as the editor needs it.
type currentVersion struct {
	Number    int                          `json:"number"`
	Class     string                       `json:"class"`
	Published *time.Time                   `json:"published"`
	Due       *time.Time                   `json:"due"`
	Texts     map[string]managedText       `json:"texts"`
	Checks    map[string][]Check           `json:"checks"`
	Strip     map[string]map[string]string `json:"strip"`
}

// manageView gives all that the editor of one policy needs.
func (d desk) manageView(e *access.Event) error {
	policy, err := managed(e.App, e.Request.PathValue("slug"))
	if err != nil {
		return err
	}
	texts, err := newest(e.App, policy.GetString("slug"))
	if err != nil {
		return err
	}
	current, err := currentOf(texts)
	if err != nil {
		return err
	}
	saved, err := draftOf(e.App, policy.Id)
	if err != nil {
		return err
	}
	draft, err := saved.shown(e)
	if err != nil {
		return err
	}
	offer, err := d.offer(e.App, policy, texts)
	if err != nil {
		return err
	}
	offers, err := offer.shown(e.Language(), texts)
	if err != nil {
		return err
	}
	withdrawn, err := withdrawnNow(e, policy.Id, policy.GetString("status"))
	if err != nil {
		return err
	}
	return e.Write(http.StatusOK, map[string]any{
		"slug": policy.GetString("slug"), "kind": policy.GetString("kind"), "audience": policy.GetString("audience"),
		"yearly": policy.GetBool("yearly"), "status": policy.GetString("status"), "current": current, "draft": draft,
		"revision": saved.Revision, "withdrawn": withdrawn,
		"offer": offers, "placeholders": placeholders(e), "detectors": d.detectors(e.Language()), "languages": clinic.Languages,
		"actions": Actions, "kinds_of_communities": clinic.CommunityKinds, "roles": clinic.RuledRoles,
	})
}

func currentOf(texts []edition) (*currentVersion, error) {
	if len(texts) == 0 {
		return nil, nil
	}
	words, err := wordingOf(texts)
	if err != nil {
		return nil, err
	}
	first := texts[0]
	out := currentVersion{first.Number, first.Class, at(first.Published), at(first.Due), map[string]managedText{}, words.Checks, words.Strip}
	for _, v := range texts {
		out.Texts[v.Language] = managedText{v.Title, v.SourceSummary, v.Source, v.Markdown, v.SHA256}
	}
	return &out, nil
}

// placeholders are the names that may stand in double braces, with what each is filled with today.
func placeholders(e *access.Event) map[string]string {
	out := map[string]string{}
	practice, err := practiceNow(e.App, e.House)
	if err != nil {
		return out
	}
	for _, name := range placeholderNames {
		out[name], _ = practice.value(name, e.Language())
	}
	return out
}

func practiceNow(app core.App, house *access.House) (Practice, error) {
	record, err := house.PracticeRecord(app)
	if errors.Is(err, sql.ErrNoRows) {
		return Practice{}, clinic.SetUpFirst
	} else if err != nil {
		return Practice{}, err
	}
	return practiceOf(record), nil
}
