package access

import (
	"kinward/hooks/clinic"
	"kinward/hooks/messages"
)

// Person is a member as other members see them beside what they wrote, lead or approved.
type Person struct {
	ID    string      `json:"id"`
	Name  string      `json:"name"`
	Role  clinic.Role `json:"role"`
	Title string      `json:"title"`
	State string      `json:"state"` // PersonActive or PersonLeft
}

// The states of a Person. A suspended member is still one of the house.
const (
	PersonActive = "active"
	PersonLeft   = "left"
)

// NewPerson is how a member of this status (clinic.Active, clinic.Suspended, clinic.Removed) is shown in a language. Who was
// removed keeps no name, title or id: what they wrote stays, and says nothing of them.
func NewPerson(language, id, name, role, title, status string) Person {
	if status == clinic.Removed {
		return Person{Name: messages.Say(language, "person.left", nil), Role: clinic.Role(role), State: PersonLeft}
	}
	return Person{ID: id, Name: name, Role: clinic.Role(role), Title: title, State: PersonActive}
}
