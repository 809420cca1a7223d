package policy

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pocketbase/dbx"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// document is one text as the doors give it.
type document struct {
	Slug      string     `json:"slug"`
	Version   int        `json:"version"`
	Language  string     `json:"language"`
	Languages []string   `json:"languages"` // those in which this version can be read
	Title     string     `json:"title"`
	Summary   string     `json:"summary"` // plain text
	Audience  string     `json:"audience"`
	Status    string     `json:"status"`
	Current   bool       `json:"current"`
	Class     string     `json:"class"`
	Reason    string     `json:"reason"`
	Published *time.Time `json:"published"`
	Due       *time.Time `json:"due"`
	SHA256    string     `json:"sha256"`
	Markdown  string     `json:"markdown"`
	HTML      string     `json:"html"`
	Kind      string     `json:"kind"`
	// Withdrawn says since when a withdrawn policy is in force no more, and why.
	Withdrawn *gap `json:"withdrawn,omitempty"`
	// Against and Diff say what changed since the version that ?against= names, word by word.
	Against     int      `json:"against,omitzero"`
	Diff        []change `json:"diff,omitempty"`
	TitleDiff   []change `json:"title_diff,omitempty"`
	SummaryDiff []change `json:"summary_diff,omitempty"`
	// Rules is told to editors, who alone are shown the checks.
	Rules *rulesDiff `json:"rules,omitempty"`
}

// entry is one version in a policy's history.
type entry struct {
	Number    int        `json:"number"`
	Title     string     `json:"title"`
	Summary   string     `json:"summary"` // plain text; sha256 is of the text below it
	Language  string     `json:"language"`
	Published *time.Time `json:"published"`
	Due       *time.Time `json:"due"`
	Class     string     `json:"class"`
	Reason    string     `json:"reason"`
	SHA256    string     `json:"sha256"`
	// Until is when it ceased to be in force: replaced by the next, or withdrawn; null while it is.
	Until *time.Time `json:"until"`
	// Withdrawals are the times in between in which it was not in force, the first one first.
	Withdrawals []gap `json:"withdrawals"`
	// Author is told to who works here.
	Author *access.Person `json:"author,omitempty"`
}

type page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next"`
}

// list gives every posted policy, whole: a practice has a handful, and whoever joins reads them all.
func list(e *access.Event) error {
	texts, err := query(e.App, whole+"WHERE p.status = 'posted' AND"+atLatest+"ORDER BY p.position, p.slug, v.language", nil)
	if err != nil {
		return err
	}
	out := page[document]{Items: []document{}}
	for _, languages := range grouped(texts) {
		out.Items = append(out.Items, shown(e, languages))
	}
	return answer(e, out)
}

// view gives the current text of a policy. A withdrawn one can still be read: people accepted it.
func view(e *access.Event) error {
	return one(e, whole+"WHERE p.slug = {:slug} AND"+atLatest, dbx.Params{"slug": e.Request.PathValue("slug")})
}

// version gives one published text, current or not; with ?against= also what differs from another version.
func version(e *access.Event) error {
	texts, err := numberedTexts(e, e.Request.PathValue("number"))
	if err != nil {
		return err
	}
	out, err := inFull(e, texts)
	if err != nil {
		return err
	}
	if wish := e.Request.URL.Query().Get("against"); wish != "" {
		others, err := numberedTexts(e, wish)
		if err != nil {
			return err
		}
		other := choose(others, out.Language, e.House.Practice().Language)
		if err := out.compare(e, other, choose(texts, out.Language, out.Language)); err != nil {
			return err
		}
	}
	return answer(e, out)
}

// compare says what differs from another version.
func (d *document) compare(e *access.Event, other, own edition) error {
	d.Against, d.Diff = other.Number, compareWords(other.Markdown, d.Markdown)
	d.TitleDiff, d.SummaryDiff = compareWords(other.Title, d.Title), compareWords(other.Summary, d.Summary)
	if !e.Edits() {
		return nil
	}
	was, err := other.rules()
	if err != nil {
		return err
	}
	now, err := own.rules()
	d.Rules = rulesReader{e.Language()}.compare(was, now)
	return err
}

func numberedTexts(e *access.Event, number string) ([]edition, error) {
	n, err := strconv.Atoi(number)
	if err != nil {
		return nil, clinic.NotFound
	}
	texts, err := query(e.App, whole+"WHERE p.slug = {:slug} AND v.number = {:number}", params{"slug": e.Request.PathValue("slug"), "number": n})
	if err == nil && len(texts) == 0 {
		err = clinic.NotFound
	}
	return texts, err
}

func one(e *access.Event, statement string, params dbx.Params) error {
	texts, err := query(e.App, statement, params)
	if err != nil {
		return err
	}
	if len(texts) == 0 {
		return clinic.NotFound
	}
	out, err := inFull(e, texts)
	if err != nil {
		return err
	}
	return answer(e, out)
}

// inFull is shown, with since when and why the policy is withdrawn, if it is.
func inFull(e *access.Event, languages []edition) (document, error) {
	d := shown(e, languages)
	var err error
	d.Withdrawn, err = withdrawnNow(e, languages[0].Policy, d.Status)
	return d, err
}

// history lists a policy's versions, newest first.
func history(e *access.Event) error {
	texts, err := query(e.App, brief+"WHERE p.slug = {:slug} ORDER BY v.number DESC, v.language",
		dbx.Params{"slug": e.Request.PathValue("slug")})
	if err != nil {
		return err
	}
	if len(texts) == 0 {
		return clinic.NotFound
	}
	times, err := access.Withdrawals(e.App, texts[0].Policy)
	if err != nil {
		return err
	}
	known, err := publishers(e, texts, times)
	if err != nil {
		return err
	}
	out := page[entry]{}
	var until *time.Time
	if last := len(times) - 1; last >= 0 && times[last].Back == nil {
		until = &times[last].At
	}
	for _, languages := range grouped(texts) {
		v := choose(languages, e.Language(), e.House.Practice().Language)
		line := entry{v.Number, v.Title, v.Summary, v.Language, at(v.Published), at(v.Due), v.Class, v.Reason, v.SHA256, until, []gap{}, nil}
		for _, w := range times {
			if w.Number == v.Number {
				line.Withdrawals = append(line.Withdrawals, shownGap(e, w, known))
			}
		}
		if known != nil {
			who := v.hand.shown(e.Language(), known)
			line.Author = &who
		}
		out.Items = append(out.Items, line)
		until = line.Published
	}
	return answer(e, out)
}

// publishers names who published, withdrew and posted again, for who works here; nil for anybody else: no name is told.
func publishers(e *access.Event, texts []edition, times []access.Withdrawal) (map[string]access.Person, error) {
	if works := e.Viewer != nil && e.Viewer.Role.Works() || e.HasSuperuserAuth(); !works {
		return nil, nil
	}
	var ids []string
	for _, v := range texts {
		ids = append(ids, v.Author)
	}
	for _, w := range times {
		ids = append(ids, w.Author)
		if w.Back != nil {
			ids = append(ids, w.Back.Author)
		}
	}
	slices.Sort(ids)
	return people(e.App, e.Language(), slices.DeleteFunc(slices.Compact(ids), func(id string) bool { return id == "" })...)
}

func shown(e *access.Event, languages []edition) document {
	v := choose(languages, e.Language(), e.House.Practice().Language)
	d := document{
		Slug: v.Slug, Version: v.Number, Language: v.Language, Title: v.Title, Summary: v.Summary, Audience: v.Audience,
		Status: v.Status, Current: v.Number == v.Latest, Class: v.Class, Reason: v.Reason, Published: at(v.Published), Due: at(v.Due),
		SHA256: v.SHA256, Markdown: v.Markdown, HTML: v.HTML, Kind: v.Kind,
	}
	for _, other := range languages {
		d.Languages = append(d.Languages, other.Language)
	}
	slices.Sort(d.Languages)
	return d
}

// answer writes what anyone may read with an ETag, so that a page that has it is told so in a few bytes. The same address
// answers in the reader's language, so no cache between may keep it.
func answer(e *access.Event, body any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(text)
	tag := `"` + hex.EncodeToString(sum[:16]) + `"`
	header := e.Response.Header()
	header.Set("ETag", tag)
	header.Set("Cache-Control", "private, no-cache")
	header.Add("Vary", "Accept-Language, Cookie, Authorization")
	if known(e.Request.Header.Get("If-None-Match"), tag) {
		return e.NoContent(http.StatusNotModified)
	}
	return e.Blob(http.StatusOK, "application/json", text)
}

// known reports whether an If-None-Match names the tag; a proxy that compressed the answer may have weakened it.
func known(header, tag string) bool {
	for candidate := range strings.SplitSeq(header, ",") {
		if candidate = strings.TrimSpace(candidate); candidate == "*" || strings.TrimPrefix(candidate, "W/") == tag {
			return true
		}
	}
	return false
}
