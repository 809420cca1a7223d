package follow

import (
	"testing"

	"kinward/hooks/clinic"
)

func TestBlock(t *testing.T) {
	for _, by := range clinic.Roles {
		for _, of := range clinic.Roles {
			want := ""
			switch {
			case by.Works():
				want = "block_by_practice"
			case of.Works():
				want = "block_of_practice"
			}
			got := ""
			if fault := Block(by, of); fault != nil {
				got = fault.Code
			}
			if got != want {
				t.Errorf("%s of %s: %q, want %q", by, of, got, want)
			}
		}
	}
}
