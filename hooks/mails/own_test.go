package mails

import (
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	pbmails "github.com/pocketbase/pocketbase/mails"
	"github.com/pocketbase/pocketbase/tools/mailer"

	"kinward/hooks/clinic"
	"kinward/hooks/mails/mailstest"
)

func (h *house) superuser() *core.Record {
	h.Helper()
	collection, err := h.app.FindCollectionByNameOrId(core.CollectionNameSuperusers)
	if err != nil {
		h.Fatal(err)
	}
	record := core.NewRecord(collection)
	record.SetEmail("operator@example.org")
	record.SetPassword("correct horse battery staple")
	if err := h.app.Save(record); err != nil {
		h.Fatal(err)
	}
	return record
}

func TestPocketBasesOwnLettersGoTheSameWay(t *testing.T) {
	h := newHouse(t, PublicURL(func() string { return "https://clinic.example.org" }))
	h.practice(map[string]any{"name": "Riverside", "phone": "555-0100", "language": "es"})
	Transport(h.app)
	catcher := mailstest.New(t)
	operator := h.superuser()
	for name, c := range map[string]struct {
		send    func() error
		subject string
		says    []string
		link    string
	}{
		"a new password": {func() error { return pbmails.SendRecordPasswordReset(h.app, operator) }, "Elija una contraseña nueva",
			[]string{"cuenta de operador"}, "https://clinic.example.org/_/#/auth/confirm-password-reset/"},
		"a code": {func() error { return pbmails.SendRecordOTP(h.app, operator, "otp123", "84712903") }, "Su código para entrar",
			[]string{"84712903"}, "https://clinic.example.org/policies"},
		"a new device": {func() error { return pbmails.SendRecordAuthAlert(h.app, operator, "Firefox <on> Linux") }, "Alguien entró en su cuenta",
			[]string{"Firefox <on> Linux"}, "https://clinic.example.org/policies"},
		"any other": {func() error { return pbmails.SendRecordVerification(h.app, operator) }, "",
			[]string{"Thank you for joining us"}, "http"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := c.send(); err != nil {
				t.Fatal(err)
			}
			heard := h.outcomes()
			stop := h.deliver(Options{Relay: always(relayTo(t, catcher))})
			if a := h.next(heard); a.GetString("outcome") != Accepted {
				t.Fatalf("%v", a.FieldsData())
			}
			stop()
			all := catcher.Letters()
			l := all[len(all)-1]
			if l.Err != nil || l.To != "operator@example.org" || (c.subject != "" && l.Subject != c.subject) || !strings.HasPrefix(l.Link(), c.link) {
				t.Errorf("%s to %s, link %s, %v", l.Subject, l.To, l.Link(), l.Err)
			}
			for _, want := range append(c.says, "Riverside", "555-0100") {
				if !strings.Contains(l.Text, want) {
					t.Errorf("lacks %q:\n%s", want, l.Text)
				}
			}
			if strings.Contains(l.Text, "{") || strings.Contains(l.HTML, "pocketbase") {
				t.Errorf("something of PocketBase's shows:\n%s", l.Text)
			}
		})
	}
}

func TestAMembersResetLeadsToOurOwnPage(t *testing.T) {
	h := newHouse(t, PublicURL(func() string { return "https://clinic.example.org" }))
	Transport(h.app)
	users, err := h.app.FindCollectionByNameOrId(clinic.Users)
	if err != nil {
		t.Fatal(err)
	}
	member := core.NewRecord(users)
	member.Load(map[string]any{"name": "Jane", "role": "patient", "status": "active", "language": "en"})
	member.SetEmail("jane@example.org")
	member.SetPassword("correct horse battery staple")
	if err := h.app.Save(member); err != nil {
		t.Fatal(err)
	}
	if err := pbmails.SendRecordPasswordReset(h.app, member); err != nil {
		t.Fatal(err)
	}
	found, err := To(h.app, "jane@example.org")
	if err != nil || len(found) != 1 {
		t.Fatalf("%d letters, %v", len(found), err)
	}
	letter := found[0]
	o, _ := officeOf(h.app)
	c, err := o.open(letter.Id, letter.GetString("sealed"))
	if err != nil {
		t.Fatal(err)
	}
	if read := mailstest.Read(c.From, c.To, c.Message); read.Link() != "https://clinic.example.org/forgotten" || strings.Contains(read.Text, "/_/") {
		t.Errorf("it leads to %s:\n%s", read.Link(), read.Text)
	}
	if letter.GetString("about") != "users/"+member.Id || letter.GetDateTime("not_after").IsZero() || !letter.GetBool("urgent") {
		t.Errorf("%v", letter.FieldsData())
	}
}

func TestALetterOfAnybodyElseIsReadAsBlocks(t *testing.T) {
	for name, c := range map[string]struct {
		page   string
		blocks []string
		action *Action
	}{
		"a template": {`<html><head><title>x</title><style>p{}</style></head><body><p>Hello,</p><p>Click
			below.</p><p><a class="btn" href="https://clinic.example.org/x?a=1&amp;b=2">Go <b>on</b></a></p><p>Thanks,<br/>us</p></body>`,
			[]string{"Hello,", "Click below.", "Thanks, us"}, &Action{"Go on", "https://clinic.example.org/x?a=1&b=2"}},
		"two links": {`<p>One <a href="https://a.example/1">first</a> and <a href="https://a.example/2">second</a>.</p>`,
			[]string{"One and second (https://a.example/2)."}, &Action{"first", "https://a.example/1"}},
		"a hostile one": {`<p>Hi<script>alert(1)</script> &lt;b&gt;</p><a href="javascript:alert(1)">x</a><img src="https://track.example/p.gif">`,
			[]string{"Hi <b>", "x"}, nil},
		"a broken one": {`<p>not <a href="https://a.example/`, []string{"not"}, nil},
		"nothing":      {"", nil, nil},
	} {
		blocks, action := blocksOf(c.page)
		if !slices.Equal(blocks, c.blocks) || (action == nil) != (c.action == nil) || (action != nil && *action != *c.action) {
			t.Errorf("%s: %q %v", name, blocks, action)
		}
	}
	plain := foreignLetter(&mailer.Message{Text: "One\r\n\r\nTwo\n\n\n"})
	if !slices.Equal(plain.Paragraphs, []string{"One", "Two"}) || plain.complete() != nil {
		t.Errorf("%+v", plain)
	}
	if err := queueAll(nil, &mailer.Message{Attachments: map[string]io.Reader{"x": nil}}, plain); err == nil {
		t.Error("an attachment was dropped in silence")
	}
}
