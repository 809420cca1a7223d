package access

import (
	"fmt"
	"testing"
)

func TestAFaceThatChangesWhileItIsReadIsNotKept(t *testing.T) {
	var f faces
	_, before := f.recall(map[string]Face{"a": departed})
	f.forget("b")
	f.remember(map[string]Face{"a": {Name: "old"}}, before)
	wanted := map[string]Face{"a": departed}
	unknown, now := f.recall(wanted)
	if len(unknown) != 1 || wanted["a"] != departed {
		t.Fatalf("kept: %v", wanted)
	}
	f.remember(map[string]Face{"a": {Name: "new"}}, now)
	if unknown, _ = f.recall(wanted); len(unknown) != 0 || wanted["a"].Name != "new" {
		t.Errorf("not kept: %v %v", unknown, wanted)
	}
	f.forget("a")
	if unknown, _ = f.recall(wanted); len(unknown) != 1 {
		t.Error("who changed is still known")
	}
}

func TestFacesStayWithinTheirMemory(t *testing.T) {
	var f faces
	for i := range mostFaces + 1000 {
		f.remember(map[string]Face{fmt.Sprint(i): {Name: "x"}}, 0)
		if len(f.byID) > mostFaces {
			t.Fatalf("%d faces", len(f.byID))
		}
	}
}
