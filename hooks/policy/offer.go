package policy

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"net/http"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// NoOffer says that nothing better is shipped than what the practice has, or that it was set aside.
var NoOffer = &clinic.Fault{Status: http.StatusConflict, Code: "policy_no_offer"}

// DraftOpen says that taking an offer would write over a draft that says something else than what is posted.
var DraftOpen = &clinic.Fault{Status: http.StatusConflict, Code: "policy_draft_open"}

// offered is a shipped text that the practice has neither posted, taken nor set aside. It is shown beside the practice's own
// and never applied.
type offered struct {
	sum  string
	text wording
	kept bool // the practice's own checks stay
}

// offerView is the offer in one language, with what would change.
type offerView struct {
	draftText
	Diff        []change   `json:"diff"`
	TitleDiff   []change   `json:"title_diff"`
	SummaryDiff []change   `json:"summary_diff"`
	Rules       *rulesDiff `json:"rules"`
	// ChecksKept says that the checks are those of the practice, which changed the release's.
	ChecksKept bool `json:"checks_kept"`
}

// shown compares all that would be taken with what is posted, by language, in the words of who reads; null where there is no offer.
func (o *offered) shown(reader string, texts []edition) (any, error) {
	if o == nil {
		return nil, nil
	}
	current, err := wordingOf(texts)
	if err != nil {
		return nil, err
	}
	out := map[string]offerView{}
	for language, t := range o.text.Texts {
		was := current.Texts[language]
		out[language] = offerView{t, compareWords(was.Body, t.Body), compareWords(was.Title, t.Title), compareWords(was.Summary, t.Summary),
			rulesReader{reader}.compare(current.rules(language), o.text.rules(language)), o.kept}
	}
	return out, nil
}

// rules are the checks and the strip of one language.
func (w wording) rules(language string) Words {
	return Words{Checks: w.Checks[language], Strip: w.Strip[language]}
}

// offer finds what the release ships for a policy, unless the practice knows it: as a version of its own, whenever that was
// posted, or because it was taken or set aside.
func (d desk) offer(app core.App, policy *core.Record, texts []edition) (*offered, error) {
	shipped := d.shipped[policy.GetString("slug")]
	if len(shipped) == 0 || shipped[0].Kind != policy.GetString("kind") {
		return nil, nil
	}
	offer := &offered{text: wording{map[string]draftText{}, map[string][]Check{}, map[string]map[string]string{}}}
	for _, t := range shipped {
		offer.text.add(t.words())
	}
	offer.sum = offer.text.sum()
	current, err := wordingOf(texts)
	if err != nil || current.sum() == offer.sum {
		return nil, err
	}
	if settled, err := settledOffers(policy); err != nil || slices.Contains(settled, offer.sum) {
		return nil, err
	}
	versions, err := query(app, whole+"WHERE p.id = {:policy} ORDER BY v.number, v.language", params{"policy": policy.Id})
	if err != nil {
		return nil, err
	}
	shippedChecks, had := offer.text.Checks, false
	for _, languages := range grouped(versions) {
		words, err := wordingOf(languages)
		if err != nil || words.sum() == offer.sum {
			return nil, err
		}
		had = had || wording{Checks: words.Checks}.sum() == wording{Checks: shippedChecks}.sum()
	}
	// The practice had just these checks and made others of them: the release brings nothing new, and the practice's own stay.
	if had && slices.Equal(slices.Sorted(maps.Keys(current.Checks)), slices.Sorted(maps.Keys(shippedChecks))) {
		offer.kept = wording{Checks: current.Checks}.sum() != wording{Checks: shippedChecks}.sum()
		offer.text.Checks = current.Checks
	}
	if current.sum() == offer.text.sum() {
		return nil, nil
	}
	return offer, nil
}

// sum tells one wording from another: JSON writes the keys of a map in order.
func (w wording) sum() string {
	text, err := json.Marshal(w)
	if err != nil {
		panic(err) // strings in maps always marshal
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// answerOffer takes {take, revision}: take makes the draft from the shipped text, false sets the offer aside. Either way it is
// not made again; a later release's is. Nobody's draft is written over: one that says something else than what is posted is published or
// thrown away first.
func (d desk) answerOffer(e *access.Event) error {
	var form struct {
		Take     *bool `json:"take"`
		Revision int   `json:"revision"`
	}
	if err := e.Bind(&form); err != nil {
		return err
	}
	if form.Take == nil {
		return clinic.Faults(clinic.Required.At("take"))
	}
	var saved draft
	err := e.App.RunInTransaction(func(tx core.App) error {
		policy, err := managed(tx, e.Request.PathValue("slug"))
		if err != nil {
			return err
		}
		texts, err := newest(tx, policy.GetString("slug"))
		if err != nil {
			return err
		}
		offer, err := d.offer(tx, policy, texts)
		if err != nil {
			return err
		}
		if offer == nil {
			return NoOffer
		}
		if *form.Take {
			if saved, err = takeOffer(e, tx, policy, texts, offer, form.Revision); err != nil {
				return err
			}
		}
		return settleOffer(e, tx, policy, offer.sum, *form.Take)
	})
	if err != nil {
		return err
	}
	return e.Write(http.StatusOK, map[string]any{"taken": *form.Take, "revision": saved.Revision})
}

func takeOffer(e *access.Event, tx core.App, policy *core.Record, texts []edition, offer *offered, revision int) (draft, error) {
	d, err := begun(e, tx, policy, revision)
	if err != nil {
		return d, err
	}
	current, err := wordingOf(texts)
	if err != nil {
		return d, err
	}
	if sum := d.wording.sum(); sum != current.sum() && sum != offer.text.sum() {
		return d, DraftOpen
	}
	d.wording = offer.text
	return d, d.store(e, tx, policy.Id)
}

// settledOffers are the sums of the shipped texts that were taken or set aside.
func settledOffers(policy *core.Record) ([]string, error) {
	var sums []string
	err := unmarshal(policy.GetString("offers"), &sums)
	return sums, err
}

func settleOffer(e *access.Event, tx core.App, policy *core.Record, sum string, taken bool) error {
	settled, err := settledOffers(policy)
	if err != nil {
		return err
	}
	policy.Set("offers", append(settled, sum))
	if err := e.House.Save(tx, policy); err != nil {
		return err
	}
	action := "policy.offer_set_aside"
	if taken {
		action = "policy.offer_taken"
	}
	return e.House.Audit(tx, e.Actor().Audited(), action, "policies/"+policy.Id, policy.GetString("slug")+" "+sum[:12])
}
