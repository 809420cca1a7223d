package invitation_test

import (
	"net/http"
	"sync"
	"testing"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

// atOnce runs a request n times at once and counts the answers by status and code.
func atOnce(n int, do func(i int) *hookstest.Response) map[string]int {
	var mu sync.Mutex
	var all sync.WaitGroup
	start := make(chan struct{})
	out := map[string]int{}
	for i := range n {
		all.Go(func() {
			<-start
			r := do(i)
			mu.Lock()
			defer mu.Unlock()
			if r.Status < 300 {
				out["in"]++
			} else {
				out[r.Code()]++
			}
		})
	}
	close(start)
	all.Wait()
	return out
}

// A hundred accept one invitation at the same moment, by three of its tokens: one comes in.
func TestHundredAccepts(t *testing.T) {
	c := hookstest.New(t)
	provider := c.Provider()
	community := c.Community(clinic.KindCondition, []*hookstest.Client{provider})
	id := invite(t, provider, object{"email": newcomer, "role": "patient", "communities": []string{community}})
	tokens := []string{link(t, provider, id), link(t, provider, id), link(t, provider, id)}
	members, err := c.App.CountRecords(clinic.Users)
	if err != nil {
		t.Fatal(err)
	}
	got := atOnce(100, func(i int) *hookstest.Response {
		return c.Guest().Post("/invitations/accept", joining(tokens[i%len(tokens)]))
	})
	if got["in"] != 1 || got["in"]+got["invitation_used"] != 100 {
		t.Errorf("%v", got)
	}
	now, err := c.App.CountRecords(clinic.Users)
	if err != nil || now != members+1 {
		t.Errorf("%d members, then %d, %v", members, now, err)
	}
	var joined int
	if err := c.App.DB().NewQuery("SELECT count(*) FROM memberships WHERE community = '" + community + "' AND NOT lead").Row(&joined); err != nil || joined != 1 {
		t.Errorf("%d memberships, %v", joined, err)
	}
}

// Sixty wrong codes at once are five tries, and the right one among them comes too late or first.
func TestWrongCodesAtOnce(t *testing.T) {
	c := hookstest.New(t)
	provider := c.Provider()
	token := link(t, provider, invite(t, provider, object{"email": newcomer, "role": "patient", "code": "402915"}))
	got := atOnce(60, func(int) *hookstest.Response {
		form := joining(token)
		form["code"] = "000000"
		return c.Guest().Post("/invitations/accept", form)
	})
	if got["invitation_code_wrong"] != 4 || got["invitation_locked"] != 56 {
		t.Errorf("%v", got)
	}
}

// Two providers approve one proposal, one of them while the other takes it back: it has one end.
func TestApprovedAndRevokedAtOnce(t *testing.T) {
	c := hookstest.New(t)
	provider, staff := c.Provider(), c.Staff()
	for range 5 {
		id := invite(t, staff, object{"email": newcomer, "role": "patient"})
		got := atOnce(8, func(i int) *hookstest.Response {
			if i%4 == 3 {
				return staff.Post("/invitations/"+id+"/revoke", object{})
			}
			return provider.Post("/invitations/"+id+"/approve", object{})
		})
		if got["in"] != 1 {
			t.Fatalf("%v", got)
		}
		if status := provider.Post("/invitations/"+id+"/revoke", object{}).Status; status != http.StatusOK && status != http.StatusConflict {
			t.Fatalf("revoking: %d", status)
		}
	}
}
