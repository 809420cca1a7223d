package invitation

import (
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
)

// Whatever the role and the language, the letter is whole, names who invites, and tells nothing of health.
func TestWording(t *testing.T) {
	for _, language := range clinic.Languages {
		for _, role := range clinic.Roles {
			for _, returning := range []string{"", "somebody"} {
				record := core.NewRecord(core.NewBaseCollection(clinic.Invitations))
				record.Load(map[string]any{
					"email": "marisol@mail.example", "role": string(role), "language": language, "returning": returning,
					"communities": []string{"Living with diabetes"}, "code_hash": "x", "expires": time.Date(2027, 2, 3, 12, 0, 0, 0, time.UTC),
				})
				w := invitation{record}.wording("Riverside Family Practice", "Dr. Ada Park")
				all := strings.Join(append(append([]string{w.Heading, w.Label, w.Code}, w.Paragraphs...), w.Notes...), "\n")
				for _, missing := range []string{"Dr. Ada Park", "Riverside Family Practice", "marisol@mail.example", "2027"} {
					if !strings.Contains(all, missing) {
						t.Errorf("%s %s %q lacks %q", language, role, returning, missing)
					}
				}
				for _, wrong := range []string{"{{", "<no value>", "invitation.", "diabetes", "patient", "paciente", "caregiver", "health", "salud"} {
					if strings.Contains(all, wrong) {
						t.Errorf("%s %s %q tells %q:\n%s", language, role, returning, wrong, all)
					}
				}
			}
		}
	}
}
