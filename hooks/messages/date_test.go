package messages

import (
	"testing"
	"time"
)

func TestDay(t *testing.T) {
	day := time.Date(2027, 2, 3, 23, 0, 0, 0, time.UTC)
	if got := Day(day, "en") + " | " + Day(day, "es"); got != "February 3, 2027 | 3 de febrero de 2027" {
		t.Error(got)
	}
}
