package moderation

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// row is a hold as a list reads it, with the names that it is shown with, in one statement for a whole page.
type row struct {
	ID           string `db:"id"`
	Source       string `db:"source"`
	Post         string `db:"post"`
	Comment      string `db:"comment"`
	File         string `db:"file"` // whose words wait; empty: a piece
	Community    string `db:"community"`
	Room         string `db:"room"`
	Author       string `db:"author"`
	Name         string `db:"name"`
	Role         string `db:"role"`
	Title        string `db:"title"`
	Status       string `db:"status"`
	Reads        string `db:"reads"`
	State        string `db:"state"`
	Lane         string `db:"lane"`
	Reports      int    `db:"reports"`
	Kinds        string `db:"kinds"`
	Opened       string `db:"opened"`
	Since        string `db:"since"`
	Decided      string `db:"decided"`
	Reason       string `db:"reason"`
	Note         string `db:"note"`
	Policy       string `db:"policy"`
	Clause       string `db:"clause"`
	PolicyTitle  string `db:"policy_title"`
	Findings     string `db:"findings"`
	Snapshot     string `db:"snapshot"`
	LookedAgain  bool   `db:"looked_again"`
	CanDecide    bool   `db:"can_decide"`
	SecondLookBy string `db:"second_look_by"`
	PieceStatus  string `db:"piece_status"`
}

const waiting = "h.state IN ('open', 'resubmitted', 'second_look')"

// columns are what a row is read from; h is the hold, a its author.
const columns = `h.id, h.source, h.post, h.comment, h.file, h.community, c.name AS room, h.author, a.name, a.role, a.title, a.status, a.language AS reads, h.state,
	h.lane, h.reports, h.opened, h.since, h.decided, h.reason, h.note, h.policy, h.clause, h.findings, h.snapshot, h.looked_again,
	COALESCE((SELECT v.title FROM policies p JOIN policy_versions v ON v.policy = p.id WHERE p.slug = h.policy
		ORDER BY v.language = {:language} DESC, v.number DESC LIMIT 1), '') AS policy_title`

const from = ` FROM holds h JOIN communities c ON c.id = h.community JOIN users a ON a.id = h.author `

// place is the community of a hold.
type place struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// clause is the rule that a hold is about, as a page links to it.
type clause struct {
	Policy string `json:"policy"`
	Clause string `json:"clause"`
	Title  string `json:"title"`
}

// shown is what the desk and the author see of a hold alike.
type shown struct {
	ID        string          `json:"id"`
	Kind      string          `json:"kind"` // post, comment or file
	Post      string          `json:"post"`
	Comment   string          `json:"comment,omitempty"`
	File      string          `json:"file,omitempty"`
	Community place           `json:"community"`
	State     string          `json:"state"`
	Opened    string          `json:"opened"`
	Since     string          `json:"since"`
	Decided   string          `json:"decided"`
	Reason    string          `json:"reason"`
	Note      string          `json:"note"`
	Clause    *clause         `json:"clause"`
	Findings  json.RawMessage `json:"findings"`
	Title     string          `json:"title"`
	Excerpt   string          `json:"excerpt"`
}

func (r row) show() shown {
	says := readSnapshot(r.Snapshot)
	out := shown{
		ID: r.ID, Kind: "post", Post: r.Post, Comment: r.Comment, File: r.File, Community: place{r.Community, r.Room}, State: r.State,
		Opened: access.Moment(r.Opened), Since: access.Moment(r.Since), Decided: access.Moment(r.Decided), Reason: r.Reason, Note: r.Note,
		Findings: json.RawMessage(r.Findings), Title: says.Title, Excerpt: excerpt(says.text(), 200),
	}
	if r.Comment != "" {
		out.Kind = "comment"
	}
	if r.File != "" {
		out.Kind = "file"
	}
	if r.Findings == "" || r.Findings == "null" {
		out.Findings = json.RawMessage("[]")
	}
	if r.Clause != "" {
		out.Clause = &clause{r.Policy, r.Clause, r.PolicyTitle}
	}
	return out
}

// excerpt is how a text begins, in one line.
func excerpt(text string, most int) string {
	text = strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	cut := string([]rune(text)[:most])
	if at := strings.LastIndexByte(cut, ' '); at > most/2 {
		cut = cut[:at]
	}
	return cut + " …"
}

// seen names the words that somebody looked at, so that nothing is decided on words that were changed meanwhile.
func seen(snapshot string) string {
	sum := sha256.Sum256([]byte(readSnapshot(snapshot).json()))
	return hex.EncodeToString(sum[:8])
}

// reach reads one hold that the viewer may see at the desk, with whether they may decide on it; to others it is not there.
func reach(app core.App, v *access.Viewer, language, id string) (*row, error) {
	rows, err := read(app, v, language, "h.id = {:id}", "", "", dbx.Params{"id": id})
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, clinic.NotFound
	}
	return &rows[0], nil
}

// read lists the holds of the viewer's desk for which a condition holds. A member of the desk sees what waits in their
// communities, and never a report on their own writing; an admin also what nobody else may decide. Which holds are on the page
// is found first and by an index; what is shown of them is read for those alone.
func read(app core.App, v *access.Viewer, language, where, order, limit string, params dbx.Params) ([]row, error) {
	rooms, _ := json.Marshal(v.Desks()) // strings always marshal
	for name, value := range map[string]any{"viewer": v.ID, "rooms": string(rooms), "admin": v.Has(clinic.Admin), "language": language} {
		params[name] = value
	}
	var out []row
	err := app.DB().NewQuery("SELECT " + columns + `,
		COALESCE((SELECT group_concat(DISTINCT r.kind) FROM reports r WHERE r.hold = h.id), '') AS kinds,
		` + waiting + ` AND EXISTS (SELECT 1 FROM users u WHERE u.id = {:viewer} AND ` + access.MayDecide + `) AS can_decide` + from +
		" WHERE h.id IN (SELECT h.id FROM holds h WHERE " + where + " AND " + onDesk + " " + order + limit + ") " + order).Bind(params).All(&out)
	return out, err
}

// onDesk is what of the holds a viewer sees at the desk.
var onDesk = `(h.author != {:viewer} AND (h.community IN (SELECT value FROM json_each({:rooms})) OR {:admin} AND (h.decided_by = {:viewer} OR
	` + waiting + ` AND EXISTS (SELECT 1 FROM users u WHERE u.id = {:viewer} AND ` + access.MayDecide + `))))`
