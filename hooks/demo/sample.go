package demo

import (
	"time"

	"kinward/hooks/clinic"
)

// Password opens every sample account.
const Password = "sunny river walk"

// person is a sample member. Everyone here is made up; the addresses are RFC 2606's.
type person struct {
	key, name, title, role, language string
	rights                           []string
	newcomer                         bool // has not read the policies yet
	quiet                            bool // is there to be counted, and not among those who are offered to sign in as
}

var people = []person{
	{key: "ana", name: "Ana Ruiz", title: "Dr.", role: "provider", language: "en", rights: []string{"admin"}},
	{key: "james", name: "James Okafor", title: "RN", role: "provider", language: "en"},
	{key: "lucy", name: "Lucy Hale", title: "Front desk", role: "staff", language: "en", rights: []string{"policies", "moderate"}},
	{key: "heron", name: "Quiet Heron", role: "patient", language: "en"},
	{key: "maple", name: "Maple Street", role: "patient", language: "en"},
	{key: "rosa", name: "Rosa", role: "patient", language: "es"},
	{key: "tom", name: "Tom B.", role: "caregiver", language: "en"},
	{key: "new", name: "New Neighbor", role: "patient", language: "en", newcomer: true},
	{key: "kettle", name: "Blue Kettle", role: "patient", language: "en", quiet: true},
	{key: "tuesday", name: "Slow Tuesday", role: "patient", language: "en", quiet: true},
	{key: "luis", name: "Don Luis", role: "patient", language: "es", quiet: true},
	{key: "june", name: "June H.", role: "patient", language: "en", quiet: true},
	{key: "oak", name: "Old Oak", role: "patient", language: "en", quiet: true},
	{key: "marta", name: "Marta", role: "caregiver", language: "es", quiet: true},
}

type room struct {
	key, name, kind, about string
	leads, members         []string
}

var rooms = []room{
	{"diabetes", "Living with diabetes", "condition", "Meals, numbers, feet and feelings. **Not for emergencies.** Dr. Ruiz and James read here on weekdays.",
		[]string{"ana", "james"}, []string{"heron", "maple", "rosa", "tom", "lucy", "new"}},
	{"heart", "After a heart attack", "condition", "For the months after the hospital: walking, pills, sleep, and going back to work.",
		[]string{"ana"}, []string{"maple", "tom"}},
	{"everyone", "The whole practice", "practice", "News from the practice for everyone.", []string{"james"},
		[]string{"ana", "lucy", "heron", "maple", "rosa", "tom", "new", "kettle", "tuesday", "luis", "june", "oak", "marta"}},
	{"staff", "Staff room", "staff_room", "For those who work here.", []string{"ana"}, []string{"james", "lucy"}},
}

type comment struct{ by, text string }

type post struct {
	room, by, kind, title, text string
	ago                         time.Duration
	comments                    []comment
}

// held is a sample that waits on the desk, with what was found in it: that stands on these words, against this clause.
type held struct {
	room, by, title, text string
	found, clause         string
	ago                   time.Duration
}

var waiting = held{
	room: "diabetes", by: "maple", title: "Somebody who helped me",
	text:  "When I was new to all this, my neighbor came by every evening. If you are alone with it, call her, she likes to talk: 555-0142.",
	found: "555-0142", clause: "no-identifiers",
	ago: 3 * time.Hour,
}

// flagged is a comment that a member has reported.
var flagged = struct {
	room, by, text, reporter, reason, words string
	ago                                     time.Duration
}{
	room: "heart", by: "tom", ago: 2 * time.Hour,
	text:     "Honestly, I would leave out the morning pill on working days. Mine makes me slow.",
	reporter: "maple", reason: "misinformation", words: "I take the same pill. I was told never to just leave it out.",
}

// reactions are who reacted to the post of a title, and how.
var reactions = map[string][]struct{ by, kind string }{
	"A look at the feet in two minutes": {{"heron", "helpful"}, {"maple", "helpful"}, {"rosa", "helpful"}, {"rosa", "thank_you"}},
	"Back at work, half days":           {{"tom", "with_you"}},
}

// vote is a sample poll that has ended, and how many chose what.
var vote = struct {
	room, by, title, text string
	choices               []string
	votes                 []int
	voters                []string
	ago                   time.Duration
}{
	room: "everyone", by: "james", ago: 96 * time.Hour, title: "When should we open for flu shots?",
	text:    "We can open on two days. Choose what suits you; nobody can see who chose what.",
	choices: []string{"Monday morning", "Thursday afternoon", "Saturday morning"}, votes: []int{3, 5, 4},
	voters: []string{"ana", "lucy", "heron", "maple", "rosa", "tom", "kettle", "tuesday", "luis", "june", "oak", "marta"},
}

// reviews are what the clinic says of the post of a title; what is corrected, a comment of theirs under it corrects.
var reviews = []struct{ title, by, verdict, note string }{
	{"Walking again after the hospital", "ana", clinic.AccurateNote,
		"True for most people. Stop when your chest hurts or you are short of breath, and call 911 when it does not go away."},
	{"Salt substitutes", "ana", clinic.Corrected, ""},
}

var posts = []post{
	{"heart", "maple", "discussion", "Walking again after the hospital",
		"They told me at the hospital to begin with five minutes on flat ground, and one minute more each day. After three weeks I was around the block twice.",
		78 * time.Hour, []comment{{"tom", "Flat ground was the part that we had not understood."}}},
	{"heart", "tom", "discussion", "Salt substitutes",
		"Somebody at the store says that salt made of potassium is good for every heart, as much of it as one likes.",
		54 * time.Hour, []comment{{"ana", "Not for every heart: together with some pills, potassium from such salt can become too much. Ask us before you buy it."},
			{"tom", "Good that I asked here first. It stays on the shelf."}}},
	{"everyone", "james", "announcement", "Flu shots start on Monday",
		"The flu shots are here. You can come **without an appointment**:\n\n| day | time |\n|---|---|\n| Monday | 8 to 12 |\n| Thursday | 1 to 6 |\n\nBring your insurance card. Questions? Call the front desk.",
		70 * time.Hour, []comment{{"lucy", "The side door is open on Monday, no stairs."}, {"rosa", "¿Puedo traer a mi mamá?"}, {"lucy", "Claro que sí."}}},
	{"diabetes", "heron", "question", "What do you eat before a long walk?",
		"I started walking 40 minutes in the evening and came home shaky twice. I am *not* low right now, but I would like to know what others carry.",
		46 * time.Hour, []comment{{"maple", "Half a banana and a small box of raisins in my jacket. The raisins wait until I need them."},
			{"james", "In general: check before you go, carry something fast (juice, tablets), and tell somebody your route. For **your own numbers**, please call us."},
			{"heron", "Raisins it is. Thank you both."}}},
	{"diabetes", "maple", "discussion", "My kitchen list",
		"What helped me in the first month:\n\n- [x] a small plate\n- [x] water before coffee\n- [ ] no bread in the car\n\nThe last one is still hard.",
		25 * time.Hour, []comment{{"tom", "My wife hides the bread. In the car, of all places."}, {"heron", "Number three made me laugh. Same here."}}},
	{"diabetes", "ana", "article", "A look at the feet in two minutes",
		"## Once a day\n\n1. Sit where the light is good.\n2. Look at the top, the sole, and between the toes. A mirror on the floor helps.\n3. Feel for warm spots.\n\n> A new wound, a color you do not know, or a warm swollen foot: call us the same day.\n\nThis is general advice. It is not about any one person.",
		8 * time.Hour, []comment{{"rosa", "Gracias, doctora. El espejo en el piso es muy buena idea."}}},
	{"heart", "maple", "discussion", "Back at work, half days",
		"Monday was my first half day. I was more tired than I told anyone. Writing it here helps.",
		30 * time.Hour, []comment{{"tom", "Half days count. I drive mine to the door and pretend I have errands."}}},
	{"staff", "lucy", "discussion", "Phones on Thursday afternoon", "I am alone at the desk from 3 to 6. Can someone take the second line?",
		5 * time.Hour, []comment{{"james", "I can, from 4."}}},
}
