package invitation

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"rsc.io/qr"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// sheet is the printable letter, in the invitation's language.
type sheet struct {
	ID           string        `json:"id"`
	Practice     contact       `json:"practice"`
	Inviter      access.Person `json:"inviter"`
	InviterName  string        `json:"inviter_name"`
	Role         clinic.Role   `json:"role"`
	Email        string        `json:"email"`
	Language     string        `json:"language"`
	Heading      string        `json:"heading"`
	Greeting     []string      `json:"greeting"`
	CodeNote     string        `json:"code_note"`
	Notes        []string      `json:"notes"`
	Link         string        `json:"link"`
	QR           string        `json:"qr_svg"`
	Expires      time.Time     `json:"expires"`
	PoliciesLink string        `json:"policies_link"`
}

// contact is how the practice is reached.
type contact struct {
	Name    string `json:"name"`
	Phone   string `json:"phone"`
	Address string `json:"address,omitempty"`
	Hours   string `json:"hours,omitempty"`
}

// printable gives the letter to print. It makes nothing: its token is derived from the practice's key and has been one of the
// invitation's since its approval.
func printable(e *access.Event) error {
	i, err := find(e.App, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	if now := i.at(e.House.Now()); !now.Living() {
		return NotNow.With("status", now)
	}
	if err := i.mayHandOut(e.App, e.Viewer); err != nil {
		return err
	}
	inviter, active, err := i.inviter(e.App)
	if err != nil {
		return err
	}
	if !active {
		return InviterGone
	}
	out, err := i.sheet(e.House, inviter)
	if err != nil {
		return err
	}
	return e.Write(http.StatusOK, out)
}

func (i invitation) sheet(house *access.House, inviter *core.Record) (sheet, error) {
	practice := house.Practice()
	name := formal(inviter.GetString("name"), inviter.GetString("title"))
	w := i.wording(practice.Name, name)
	link := joinLink(house, i.printed(house.Key))
	svg, err := qrSVG(link)
	return sheet{
		ID: i.Id, Practice: contact{practice.Name, practice.Phone, practice.Address, practice.Hours},
		Inviter: personOf(inviter, i.language()), InviterName: name, Role: i.role(), Email: i.email(), Language: i.language(),
		Heading: w.Heading, Greeting: w.Paragraphs, CodeNote: w.Code, Notes: w.Notes, Link: link, QR: svg, Expires: i.expires(),
		PoliciesLink: house.PublicURL() + "/policies",
	}, err
}

func personOf(member *core.Record, language string) access.Person {
	return access.NewPerson(language, member.Id, member.GetString("name"), member.GetString("role"), member.GetString("title"), member.GetString("status"))
}

// quiet is the white border that a QR code needs, in modules (ISO/IEC 18004 section 6.3.8).
const quiet = 4

// qrSVG draws a text as a QR code that forgives 15 % of dirt and folds: black on white whatever the page's colours are.
func qrSVG(text string) (string, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return "", err
	}
	var path strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; {
			run := 0
			for x+run < code.Size && code.Black(x+run, y) {
				run++
			}
			if run > 0 {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", x+quiet, y+quiet, run, run)
			}
			x += run + 1
		}
	}
	size := code.Size + 2*quiet
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges">`+
		`<path fill="#fff" d="M0 0h%dv%dH0z"/><path fill="#000" d="%s"/></svg>`, size, size, size, size, path.String()), nil
}
