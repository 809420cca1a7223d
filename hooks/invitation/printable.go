package invitation

import (
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/messages"
	"kinward/hooks/square"
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
	// PoliciesLabel says what the link is, in the letter's language.
	PoliciesLabel string `json:"policies_label"`
}

// contact is how the practice is reached.
type contact struct {
	Name    string `json:"name"`
	Phone   string `json:"phone"`
	Address string `json:"address,omitempty"`
	Hours   string `json:"hours,omitempty"`
}

// printable gives the letter to print. It makes nothing: its token is derived from the practice's key and has been one of the
// invitation's since its approval, or since it was sent again where the practice got another key in between.
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
	switch opens, err := i.opensPrinted(e.App, e.House.Key); {
	case err != nil:
		return err
	case !opens:
		return OtherKey
	}
	out, err := i.sheet(e.House, inviter)
	if err != nil {
		return err
	}
	return e.Write(http.StatusOK, out)
}

func (i invitation) sheet(house *access.House, inviter *core.Record) (sheet, error) {
	practice := house.Practice().In(i.language())
	name := formal(inviter.GetString("name"), inviter.GetString("title"))
	w := i.wording(practice.Name, name)
	link := joinLink(house, i.printed(house.Key))
	svg, err := square.SVG(link)
	return sheet{
		ID: i.Id, Practice: contact{practice.Name, practice.Phone, practice.Address, practice.Hours},
		Inviter: personOf(inviter, i.language()), InviterName: name, Role: i.role(), Email: i.email(), Language: i.language(),
		Heading: w.Heading, Greeting: w.Paragraphs, CodeNote: w.Code, Notes: w.Notes, Link: link, QR: svg, Expires: i.expires(),
		PoliciesLink: house.PublicURL() + "/policies", PoliciesLabel: messages.Say(i.language(), "mails.foot.policies", nil),
	}, err
}

func personOf(member *core.Record, language string) access.Person {
	return access.NewPerson(language, member.Id, member.GetString("name"), member.GetString("role"), member.GetString("title"), member.GetString("status"))
}
