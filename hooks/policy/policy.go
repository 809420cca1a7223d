// Package policy posts the practice's policies, publishes their versions, and takes members' acknowledgements of them.
//
// It promises: a version that was published never changes and never goes, whoever asks and by whatever door; one number
// has one text and one SHA-256 per language, of the exact Markdown that a member reads, with the practice's phone and
// hours already in it; an acknowledgement names such a text and is never changed or taken back; and what ships with
// Kinward is added where it is missing and never applied over the practice's own words.
package policy

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"kinward/hooks/clinic"
	"kinward/hooks/markdown"
)

// The classes of an edit. A typo asks nobody; a clarification is told; a material version is acknowledged again.
const (
	Typo          = "typo"
	Clarification = "clarification"
	Material      = "material"
)

// Classes lists every class of an edit.
var Classes = []string{Typo, Clarification, Material}

// The states of a policy.
const (
	Posted    = "posted"
	Withdrawn = "withdrawn"
)

// The faults of policies.
var (
	VersionChanged = &clinic.Fault{Status: http.StatusConflict, Code: "policy_version_changed"} // params.slug, params.version: the current one
	NeverChanges   = &clinic.Fault{Status: http.StatusForbidden, Code: "published_never_changes"}
	StillKept      = &clinic.Fault{Status: http.StatusConflict, Code: "policy_is_kept"}
	Unreadable     = &clinic.Fault{Status: http.StatusBadRequest, Code: "policy_unreadable"}       // params.detail
	ClauseTwice    = &clinic.Fault{Status: http.StatusBadRequest, Code: "policy_clause_twice"}     // params.clause
	OutOfOrder     = &clinic.Fault{Status: http.StatusConflict, Code: "policy_version_order"}      // someone else published meanwhile
	SlugFixed      = &clinic.Fault{Status: http.StatusForbidden, Code: "policy_slug_is_fixed"}     // links and letters point at it
	KindFixed      = &clinic.Fault{Status: http.StatusForbidden, Code: "policy_kind_is_fixed"}     // what was granted on it would be no policy's
	AudienceFixed  = &clinic.Fault{Status: http.StatusForbidden, Code: "policy_audience_is_fixed"} // nobody would be told that others owe it now
	NoSuchLanguage = &clinic.Fault{Status: http.StatusBadRequest, Code: "policy_language"}         // params.language
	NothingToSay   = &clinic.Fault{Status: http.StatusBadRequest, Code: "policy_without_a_text"}   // neither language has words
)

// Text is one policy in one language, with its placeholders still in it.
type Text struct {
	Slug     string
	Title    string
	Summary  string // plain text, shown above the body
	Audience string
	Position int
	Language string
	Class    string
	Reason   string
	Kind     string            // KindPolicy or KindAuthorization
	Strip    map[string]string // the policy strip's line while writing, by audience: staff, patients
	Checks   []Check
	Body     string // Markdown
}

// head is the front matter as it stands in a file; a name that is not here is refused, so that a slip of the pen shows.
type head struct {
	Slug, Title, Summary, Audience, Language, Class, Reason, Kind string
	Position                                                      int
	Strip                                                         map[string]string
	Checks                                                        []Check
}

var slugShape = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// Parse takes a Markdown file with YAML front matter apart. What it cannot read is Unreadable with the detail.
func Parse(raw []byte) (Text, error) {
	if len(raw) > markdown.MaxDocumentBytes {
		return Text{}, clinic.TooLong.With("max", markdown.MaxDocumentBytes)
	}
	if !utf8.Valid(raw) || bytes.ContainsRune(raw, 0) {
		return Text{}, unreadable("the file is not UTF-8 text")
	}
	source := strings.ReplaceAll(strings.TrimPrefix(string(raw), "\ufeff"), "\r\n", "\n")
	rest, ok := strings.CutPrefix(source, "---\n")
	front, body, closed := strings.Cut(rest, "\n---\n")
	if !ok || !closed {
		return Text{}, unreadable("it must begin with front matter between two lines of ---")
	}
	var h head
	decoder := yaml.NewDecoder(strings.NewReader(front))
	decoder.KnownFields(true)
	if err := decoder.Decode(&h); err != nil && err != io.EOF {
		return Text{}, unreadable(err.Error())
	}
	t := Text{
		Slug: h.Slug, Title: strings.TrimSpace(h.Title), Summary: strings.TrimSpace(h.Summary), Audience: h.Audience, Position: h.Position,
		Language: h.Language, Class: h.Class, Reason: strings.TrimSpace(h.Reason), Kind: cmp.Or(h.Kind, KindPolicy), Strip: h.Strip,
		Checks: h.Checks, Body: strings.TrimSpace(body) + "\n",
	}
	return t, t.Validate()
}

// Validate says what stops a text from being posted.
func (t Text) Validate() error {
	if !slugShape.MatchString(t.Slug) || len(t.Slug) > 80 {
		return unreadable("slug: small letters, digits and single hyphens, for example community-guidelines")
	}
	if !slices.Contains([]string{clinic.Everyone, clinic.AudiencePeople, clinic.AudienceStaff}, t.Audience) {
		return unreadable("audience: everyone, patients or staff")
	}
	if !slices.Contains(clinic.Languages, t.Language) {
		return NoSuchLanguage.With("language", t.Language)
	}
	if !slices.Contains(Classes, t.Class) {
		return unreadable("class: typo, clarification or material")
	}
	if utf8.RuneCountInString(t.Title) > clinic.MaxTitleRunes || strings.ContainsAny(t.Title, "\n\r") || t.Title == "" {
		return unreadable("title: one line of words")
	}
	if t.Reason == "" {
		return unreadable("reason: say why this version is published")
	}
	if !slices.Contains(Kinds, t.Kind) {
		return unreadable("kind: policy or authorization")
	}
	if err := ValidateStrip(t.Strip); err != nil {
		return err
	}
	if err := checkBody(t.Body); err != nil {
		return err
	}
	return ValidateChecks(t.Body, t.Checks)
}

// checkBody refuses a body without words, one that is too long, and a clause id that stands twice.
func checkBody(body string) error {
	if strings.TrimSpace(body) == "" {
		return NothingToSay
	}
	if err := markdown.CheckDocument(body); err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, id := range Clauses(body) {
		if seen[id] {
			return ClauseTwice.With("clause", id)
		}
		seen[id] = true
	}
	return nil
}

// clauseMark is how the renderer knows a clause: an id in braces at the end of a block.
var clauseMark = regexp.MustCompile(`(?m)\{#([a-z][a-z0-9-]{0,62})\}[ \t]*$`)

// Clauses lists the ids of a body's clauses, in order.
func Clauses(body string) []string {
	var out []string
	for _, found := range clauseMark.FindAllStringSubmatch(body, -1) {
		out = append(out, found[1])
	}
	return out
}

// Sum is the SHA-256 of a published Markdown's UTF-8 bytes, in hexadecimal: what an acknowledgement names.
func Sum(markdown string) string {
	sum := sha256.Sum256([]byte(markdown))
	return hex.EncodeToString(sum[:])
}

func unreadable(detail string) error { return Unreadable.With("detail", detail) }
