package policy

import (
	"fmt"
	"math"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/markdown"
	"kinward/hooks/messages"
	"kinward/hooks/reading"
)

type params = dbx.Params

// problem is something that an editor should know of a draft; Blocks says that it cannot be published so.
type problem struct {
	Code     string         `json:"code"`
	Message  string         `json:"message"`
	Line     int            `json:"line,omitzero"` // of the body, from 1
	Language string         `json:"language"`
	Blocks   bool           `json:"blocks"`
	Params   map[string]any `json:"params,omitempty"`
}

// lookForm is the form of POST …/look: a draft in one language, saved or not.
type lookForm struct {
	Language string `json:"language"`
	draftText
	Checks []Check           `json:"checks"`
	Strip  map[string]string `json:"strip"`
	Yearly *bool             `json:"yearly"` // absent: as it is
}

// look shows a draft as it would be read, how hard it is to read, what is wrong with it, and what differs from the posted
// version. It stores nothing.
func look(e *access.Event) error {
	var form lookForm
	if err := e.BindUpTo(&form, maxDraftBody); err != nil {
		return err
	}
	if !slices.Contains(clinic.Languages, form.Language) {
		return clinic.Faults(NoSuchLanguage.With("language", form.Language).At("language"))
	}
	if err := clinic.Faults(form.faults("look")...); err != nil {
		return err
	}
	policy, err := managed(e.App, e.Request.PathValue("slug"))
	if err != nil {
		return err
	}
	practice, err := practiceNow(e.App, e.House)
	if err != nil {
		return err
	}
	texts, err := newest(e.App, policy.GetString("slug"))
	if err != nil {
		return err
	}
	found, err := inspector{e.App, e.Language(), policy.GetString("slug")}.problems(form.words())
	if err != nil {
		return err
	}
	page := markdown.Document(practice.Fill(form.Body, form.Language), true)
	out := map[string]any{
		"html": page, "summary": practice.FillPlain(form.Summary, form.Language), "problems": found, "clauses": clauseNumbers(form.Body),
		"reading": measure(form.Language, form.Summary, page), "diff": nil, "rules": nil,
	}
	if i := slices.IndexFunc(texts, func(v edition) bool { return v.Language == form.Language }); i >= 0 {
		out["diff"], out["against"] = compareWords(texts[i].Source, form.Body), texts[i].Number
		out["title_diff"], out["summary_diff"] = compareWords(texts[i].Title, form.Title), compareWords(texts[i].SourceSummary, form.Summary)
		posted, err := texts[i].words()
		if err != nil {
			return err
		}
		posted.Asked = howOften(policy.GetBool("yearly"))
		out["rules"] = rulesReader{e.Language()}.compare(posted, form.words())
	}
	return e.Write(http.StatusOK, out)
}

func (f lookForm) words() Words {
	w := Words{Language: f.Language, Title: f.Title, Summary: f.Summary, Body: f.Body, Checks: f.Checks, Strip: f.Strip}
	if f.Yearly != nil {
		w.Asked = howOften(*f.Yearly)
	}
	return w
}

// inspector looks for what is wrong with a policy's words, in the editor's language.
type inspector struct {
	app      core.App
	language string
	slug     string
}

func (i inspector) problem(blocks bool, w Words, code string, line int, with map[string]any) problem {
	return problem{code, messages.Say(i.language, "policy.problem."+code, with), line, w.Language, blocks, with}
}

var (
	anyMark    = regexp.MustCompile(`\{#[^}\n]*\}?`)
	policyLink = regexp.MustCompile(`\]\(/policies/([a-z0-9-]+)(?:#clause-([a-z0-9-]+))?\)`)
)

func (i inspector) problems(w Words) ([]problem, error) {
	out := []problem{}
	add := func(blocks bool, code string, line int, with map[string]any) {
		out = append(out, i.problem(blocks, w, code, line, with))
	}
	if strings.TrimSpace(w.Title) == "" || strings.ContainsAny(w.Title, "\r\n") {
		add(true, "title_missing", 0, nil)
	}
	if placeholder.MatchString(w.Title) {
		add(true, "title_placeholder", 0, nil)
	}
	if strings.TrimSpace(w.Body) == "" {
		add(true, "no_words", 0, nil)
	}
	out = append(out, i.marks(w)...)
	for _, err := range []error{ValidateChecks(w.Body, w.Checks), ValidateStrip(w.Strip)} {
		if err != nil {
			add(true, "rule_wrong", 0, map[string]any{"detail": detailOf(err)})
		}
	}
	elsewhere, err := i.links(w)
	return append(out, elsewhere...), err
}

// marks goes through the lines for clause marks that stand twice or that nothing reads, and for unknown placeholders.
func (i inspector) marks(w Words) []problem {
	var out []problem
	first := map[string]int{}
	for n, line := range strings.Split(w.Body, "\n") {
		for _, found := range placeholder.FindAllStringSubmatch(line, -1) {
			if !slices.Contains(placeholderNames, found[1]) {
				out = append(out, i.problem(true, w, "placeholder_unknown", n+1, map[string]any{"name": found[1]}))
			}
		}
		read := clauseMark.FindStringSubmatch(line)
		for _, mark := range anyMark.FindAllString(line, -1) {
			if read == nil || mark != strings.TrimSpace(read[0]) {
				out = append(out, i.problem(false, w, "clause_mark_unread", n+1, map[string]any{"mark": mark}))
			}
		}
		if read == nil {
			continue
		}
		if earlier, twice := first[read[1]]; twice {
			out = append(out, i.problem(true, w, "clause_twice", n+1, map[string]any{"clause": read[1], "line": earlier}))
			continue
		}
		first[read[1]] = n + 1
	}
	if len(first) == 0 && strings.TrimSpace(w.Body) != "" {
		out = append(out, i.problem(false, w, "clauses_none", 0, nil))
	}
	return out
}

// links compares a text with the other posted policies: clauses that stand in another one too, links that lead nowhere, and
// clauses that are no longer there.
func (i inspector) links(w Words) ([]problem, error) {
	posted, err := query(i.app, whole+"WHERE p.status = 'posted' AND v.language = {:language} AND"+atLatest, params{"language": w.Language})
	if err != nil {
		return nil, err
	}
	var out []problem
	own := Clauses(w.Body)
	clauses := map[string][]string{i.slug: own}
	for _, v := range posted {
		theirs := Clauses(v.Markdown)
		for _, id := range theirs {
			switch has := slices.Contains(own, id); {
			case v.Slug == i.slug && !has:
				out = append(out, i.problem(false, w, "clause_gone", 0, map[string]any{"clause": id}))
			case v.Slug != i.slug && has:
				out = append(out, i.problem(true, w, "clause_elsewhere", 0, map[string]any{"clause": id, "title": v.Title}))
			}
		}
		if v.Slug != i.slug {
			clauses[v.Slug] = theirs
		}
	}
	for n, line := range strings.Split(w.Body, "\n") {
		for _, found := range policyLink.FindAllStringSubmatch(line, -1) {
			ids, known := clauses[found[1]]
			if !known || found[2] != "" && !slices.Contains(ids, found[2]) {
				out = append(out, i.problem(false, w, "link_nowhere", n+1, map[string]any{"link": strings.TrimSuffix(found[0][2:], ")")}))
			}
		}
	}
	return out, nil
}

func detailOf(err error) string {
	if fault, is := err.(*clinic.Fault); is {
		if detail, has := fault.Params["detail"].(string); has {
			return detail
		}
	}
	return err.Error()
}

// numbered is a clause with the number that its readers see.
type numbered struct {
	ID     string `json:"id"`
	Number int    `json:"number"` // 0: it stands in no numbered list
	Line   int    `json:"line"`
}

var itemNumber = regexp.MustCompile(`^\s*(\d{1,9})[.)]\s`)

func clauseNumbers(body string) []numbered {
	out := []numbered{}
	for n, line := range strings.Split(body, "\n") {
		if found := clauseMark.FindStringSubmatch(line); found != nil {
			number := 0
			if item := itemNumber.FindStringSubmatch(line); item != nil {
				number, _ = strconv.Atoi(item[1])
			}
			out = append(out, numbered{found[1], number, n + 1})
		}
	}
	return out
}

// readingLevel is what the meter says of a draft.
type readingLevel struct {
	Grade     float64        `json:"grade"` // years of schooling
	Ease      float64        `json:"ease"`
	Band      string         `json:"band"`
	Aim       float64        `json:"aim"` // the grade to stay under
	Source    string         `json:"source"`
	Words     int            `json:"words"`
	Sentences int            `json:"sentences"`
	Hard      []hardSentence `json:"hard"`
}

type hardSentence struct {
	Sentence string  `json:"sentence"`
	Grade    float64 `json:"grade"`
}

const mostHard = 20

// measure reads the page as a reader sees it: no marks, each paragraph and item by itself.
func measure(language, summary, page string) readingLevel {
	blocks := append([]string{summary}, blocksOf(page)...)
	m := reading.Of(language, strings.Join(blocks, "\n"))
	out := readingLevel{oneDigit(m.Grade), oneDigit(m.Ease), m.Band, reading.HardText, m.Source, m.Words, m.Sentences, []hardSentence{}}
	for _, block := range blocks {
		for _, sentence := range reading.Sentences(block) {
			if g := reading.Of(language, sentence).Grade; g > reading.HardSentence {
				out.Hard = append(out.Hard, hardSentence{sentence, oneDigit(g)})
			}
		}
	}
	slices.SortStableFunc(out.Hard, func(a, b hardSentence) int { return int(math.Copysign(1, b.Grade-a.Grade)) })
	out.Hard = out.Hard[:min(len(out.Hard), mostHard)]
	return out
}

func oneDigit(f float64) float64 { return math.Round(f*10) / 10 }

// blocksOf gives the words of each paragraph, heading, item and cell of a rendered page; one that ends without a mark gets one.
func blocksOf(page string) []string {
	var out []string
	var now strings.Builder
	end := func() {
		if text := strings.Join(strings.Fields(now.String()), " "); text != "" {
			if !strings.ContainsAny(text[len(text)-1:], ".!?:") {
				text += "."
			}
			out = append(out, text)
		}
		now.Reset()
	}
	tokens := html.NewTokenizer(strings.NewReader(page))
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			end()
			return out
		case html.TextToken:
			now.Write(tokens.Text())
		case html.StartTagToken, html.EndTagToken:
			name, _ := tokens.TagName()
			switch atom.Lookup(name) {
			case atom.P, atom.Li, atom.H3, atom.H4, atom.H5, atom.H6, atom.Td, atom.Th, atom.Ul, atom.Ol, atom.Blockquote:
				end()
			}
		}
	}
}

// NotReady says that a draft cannot be published as it is: params.problems, and params.first in words.
var NotReady = &clinic.Fault{Status: http.StatusUnprocessableEntity, Code: "policy_not_ready"}

// ready returns NotReady where one of the words' problems blocks, or where the languages do not say the same.
func (i inspector) ready(languages []Words) error {
	var blocking []problem
	for _, w := range languages {
		found, err := i.problems(w)
		if err != nil {
			return err
		}
		blocking = append(blocking, slices.DeleteFunc(found, func(p problem) bool { return !p.Blocks })...)
		if other := languages[0]; !sameClauses(other, w) {
			blocking = append(blocking, i.problem(true, w, "languages_differ", 0, map[string]any{"clauses": strings.Join(onlyIn(other, w), ", ")}))
		} else if !slices.EqualFunc(other.Checks, w.Checks, sameRule) {
			blocking = append(blocking, i.problem(true, w, "checks_differ", 0, nil))
		}
	}
	if len(blocking) == 0 {
		return nil
	}
	first := blocking[0]
	if first.Line > 0 {
		first.Message = fmt.Sprintf("%d: %s", first.Line, first.Message)
	}
	return NotReady.With("problems", blocking).With("first", first.Message)
}

func sameClauses(a, b Words) bool {
	x, y := Clauses(a.Body), Clauses(b.Body)
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}

// onlyIn lists the clauses that one of two texts lacks.
func onlyIn(a, b Words) []string {
	var out []string
	x, y := Clauses(a.Body), Clauses(b.Body)
	for _, id := range slices.Concat(x, y) {
		if (!slices.Contains(x, id) || !slices.Contains(y, id)) && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// sameRule compares two checks without their words, which each language has of its own.
func sameRule(a, b Check) bool {
	return a.Clause == b.Clause && a.Detector == b.Detector && a.Action == b.Action &&
		slices.Equal(a.Whose, b.Whose) && slices.Equal(a.Where, b.Where)
}
