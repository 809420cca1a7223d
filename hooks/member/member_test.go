package member

import (
	"testing"

	"kinward/hooks/clinic"
)

func TestCheckRights(t *testing.T) {
	if CheckRights(clinic.Patient, []clinic.Right{clinic.Moderate}) == nil {
		t.Error("a patient was given a right")
	}
	if CheckRights(clinic.Staff, []clinic.Right{"everything"}) == nil {
		t.Error("a right that is none was given")
	}
	if fault := CheckRights(clinic.Staff, clinic.AllRights); fault != nil {
		t.Errorf("staff with every right: %v", fault)
	}
}
