package access_test

import (
	"net/http"
	"runtime"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/hookstest"
)

// Whose activity is being stored waits for the database's one writer. Who has it, and ends sessions, must not have to wait for them in
// turn: nobody who is signed in would ever be answered again.
func TestEndingSessionsWaitsForNobodysActivity(t *testing.T) {
	c := hookstest.New(t)
	active, other, gone := c.Patient(), c.Patient(), c.Patient()
	for _, who := range []*hookstest.Client{active, other} {
		who.Get("/me")
	}
	c.Pass(61 * time.Second) // from now on the next activity is stored
	writer := c.App.NonconcurrentDB().(*dbx.DB).DB()
	answered := make(chan int, 1)
	ended := make(chan error, 1)
	go func() {
		ended <- c.App.RunInTransaction(func(tx core.App) error {
			waiting := writer.Stats().WaitCount
			go func() { answered <- active.Get("/me").Status }()
			for writer.Stats().WaitCount == waiting {
				runtime.Gosched()
			}
			return c.House.EndAll(tx, gone.ID, "")
		})
	}()
	select {
	case err := <-ended:
		if err != nil {
			t.Fatal(err)
		}
	case <-time.After(30 * time.Second):
		t.Fatal("they wait for each other")
	}
	if status := <-answered; status != http.StatusOK {
		t.Errorf("who was active: %d", status)
	}
	if status := gone.Get("/me").Status; status != http.StatusUnauthorized {
		t.Errorf("who was signed out: %d", status)
	}
	if status := other.Get("/me").Status; status != http.StatusOK {
		t.Errorf("another one: %d", status)
	}
}
