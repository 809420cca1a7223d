package invitation_test

import (
	"testing"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

// A practice that came back without its key prints no link that opens nothing: sent again, the invitation has a letter once more.
func TestALetterOfAnotherKey(t *testing.T) {
	c := hookstest.New(t)
	provider := c.Provider()
	id := invite(t, provider, object{"email": newcomer, "role": "patient"})
	sheet := func() *hookstest.Response { return provider.Get("/invitations/" + id + "/letter") }
	old := tokenOf(t, hookstest.Into[struct{ Link string }](sheet()).Link)

	c.House.Key = clinic.NewKey()
	expect(t, "under another key", sheet(), 409, "invitation_other_key")
	expect(t, "sent again", provider.Post("/invitations/"+id+"/resend", object{}), 200, "")
	again := tokenOf(t, hookstest.Into[struct{ Link string }](sheet()).Link)
	if again == old {
		t.Error("the link is the old one")
	}
	for _, token := range []string{old, again} {
		expect(t, "opened", c.Guest().Post("/invitations/open", object{"token": token}), 200, "")
	}
	expect(t, "sent a third time", provider.Post("/invitations/"+id+"/resend", object{}), 200, "")
}
