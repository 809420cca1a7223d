package readiness

import "testing"

func TestEnough(t *testing.T) {
	if err := enough(leastFree); err != nil {
		t.Error(err)
	}
	if err := enough(leastFree - 1); err == nil {
		t.Error("an almost full disk is called fine")
	}
	if err := room("/nowhere"); err == nil {
		t.Error("a folder that is not there is called fine")
	}
}
