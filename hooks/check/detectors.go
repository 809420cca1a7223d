package check

import "slices"

// Identifier is the family of detectors of what points to a person.
const Identifier = "identifier"

// phrasesVersion is the version of the seven detectors of phrases. They share their words and weights, and so rise together, whenever
// anything in the folders grammar and weights changes: TestPhrasesRise tells.
const phrasesVersion = 6

// Detector is one thing that can be looked for. Its title and what it explains stand in the message catalogue, as
// check.detector.ID.title and .explains.
type Detector struct {
	ID string
	// Family is what POST /checks/try names it by; a clause may ask for a family.
	Family string
	// Version rises when the detector begins to judge otherwise.
	Version int
	// Finds are examples in which it finds something; Spares look alike and are left alone. A test runs both.
	Finds, Spares []Example
}

// Example is a line of a language as someone of a role would write it.
type Example struct {
	Language string `json:"language"`
	Role     string `json:"role"`
	Text     string `json:"text"`
}

// FamilyOf gives the family of a detector, or "" if there is no such detector.
func FamilyOf(id string) string {
	for i := range Detectors {
		if Detectors[i].ID == id {
			return Detectors[i].Family
		}
	}
	return ""
}

// versionOf gives the version of a detector, or 0 if there is no such detector.
func versionOf(id string) int {
	for i := range Detectors {
		if Detectors[i].ID == id {
			return Detectors[i].Version
		}
	}
	return 0
}

// Members gives the detectors that an id stands for: itself, or those of a family; none if it is neither.
func Members(id string) []string {
	var out []string
	for _, d := range Detectors {
		if d.ID == id || d.Family == id {
			out = append(out, d.ID)
		}
	}
	return out
}

// Known reports whether an id is that of a detector or of a family.
func Known(id string) bool {
	return slices.ContainsFunc(Detectors, func(d Detector) bool { return d.ID == id || d.Family == id })
}

func en(role, text string) Example { return Example{"en", role, text} }
func es(role, text string) Example { return Example{"es", role, text} }

// Detectors are all there are, in the order of the editor's list.
var Detectors = []Detector{
	{ID: "email", Family: Identifier, Version: 4,
		Finds:  []Example{en("patient", "Write to me at rosa.diaz58@gmail.com"), en("patient", "rosa58 at gmail dot com"), es("patient", "Mi correo es rosa arroba gmail punto com")},
		Spares: []Example{en("patient", "Look at kidney.org for recipes"), en("staff", "The form goes to info@kidney.org"), en("patient", "The whole table was laughing at me. So was I")}},
	{ID: "phone", Family: Identifier, Version: 3,
		Finds:  []Example{en("patient", "Call me at (617) 555-0182"), en("patient", "my cell is five five five, zero one four seven, nine"), es("patient", "Mi celular es 713 555 0164"), es("patient", "por si acaso, mi cel: 55 5555 0142")},
		Spares: []Example{en("patient", "I walked 10,000 steps"), en("patient", "Read the poster: 1-800-273-8255"), en("patient", "Order number 113-4470921 is still on its way")}},
	{ID: "ssn", Family: Identifier, Version: 3,
		Finds:  []Example{en("patient", "My SSN is 078-05-1120"), es("patient", "Mi seguro social es 321549876"), en("patient", "9 0 3 - 7 7 - 2 1 6 0, that's my social")},
		Spares: []Example{en("patient", "Social security pays on the third"), en("staff", "The recalled strips are of lot 412-07-3391-B")}},
	{ID: "record_number", Family: Identifier, Version: 3,
		Finds:  []Example{en("patient", "My MRN is 00483921"), es("patient", "Mi expediente es el 448120"), en("patient", "88-1427-03, yes, that is the record")},
		Spares: []Example{en("patient", "A record number of members came: 140"), en("patient", "The chart on the wall has 2,400 steps")}},
	{ID: "plan_number", Family: Identifier, Version: 3,
		Finds:  []Example{en("patient", "Member ID XQP884120913"), es("patient", "Mi número de póliza es 88-4412097"), es("patient", "En la tarjeta, debajo de mi nombre, sale ZUP 80 0213 447")},
		Spares: []Example{en("patient", "Policy number 4 says to be kind"), en("patient", "Medicare sent form CMS-10230 again")}},
	{ID: "personal_date", Family: Identifier, Version: 4,
		Finds:  []Example{en("patient", "I was born on 3/14/1958"), en("caregiver", "My husband had surgery on May 3"), es("patient", "Me operaron el 12 de marzo"), en("caregiver", "3-14-22. They wheeled him in that morning")},
		Spares: []Example{en("staff", "The clinic opens on May 3"), en("patient", "I was diagnosed in 2015"), en("provider", "The journal published it on May 6, 2024")}},
	{ID: "age_over_89", Family: Identifier, Version: 4,
		Finds:  []Example{en("patient", "My mother is 94 and still gardens"), es("patient", "Mi abuelita tiene 93 años"), en("patient", "At 101 my grandmother takes fewer pills than I do"), en("caregiver", "She's 97, and she still drives")},
		Spares: []Example{en("patient", "My sugar was 95 this morning"), es("patient", "El edificio tiene 95 años"), en("patient", "She is 92 percent sure that it's the gluten")}},
	{ID: "street_address", Family: Identifier, Version: 4,
		Finds:  []Example{en("patient", "I live at 1427 Maple Street"), es("patient", "Vivo en la calle Hidalgo 214"), es("patient", "Es la urb. Villa Serena, calle 5 C-14"), en("patient", "twelve forty Quillfeather Court, the blue door")},
		Spares: []Example{en("patient", "It is a 20 minute drive"), es("patient", "Vivo a 10 minutos de aquí"), en("patient", "It is two blocks down Alder Street")}},
	{ID: "plate", Family: Identifier, Version: 3,
		Finds:  []Example{en("patient", "A white Honda, plate 7KLM392, hit my car"), es("patient", "Un carro con placas JKM-4421"), en("patient", "My license plate was stolen. It was KDN-4417")},
		Spares: []Example{en("patient", "I fill half my plate with greens"), en("patient", "A titanium plate and 7 screws")}},
	{ID: "profile_link", Family: Identifier, Version: 3,
		Finds:  []Example{en("patient", "https://www.facebook.com/rosa.diaz.3"), es("patient", "Mi instagram es @rosa.sana.77"), en("patient", "insta is mags_knits_72"), es("patient", "en tiktok salgo como @elabuelo_valiente")},
		Spares: []Example{en("patient", "https://www.youtube.com/watch?v=abc123"), en("patient", "I saw on facebook that the bridge is closed")}},
	{ID: "photo_link", Family: Identifier, Version: 2,
		Finds:  []Example{en("patient", "Here it is: https://i.imgur.com/Gh72kd.jpg"), es("patient", "Mi pie: https://example.com/pie.png"), en("patient", "My face before and after: drive.google.com/file/d/1Zk9x/view")},
		Spares: []Example{en("patient", "https://medlineplus.gov/diabetes.html"), en("staff", "Print the poster: https://www.cdc.gov/hygiene/poster-hands.png")}},
	{ID: "member_name", Family: "member_name", Version: 2,
		Finds:  []Example{en("patient", "I think Marisol Vega had that too"), es("patient", "gracias jurgen, me sirvió")},
		Spares: []Example{en("patient", "I hope it will be over in may"), es("patient", "Qué bonita luz")}},
	{ID: "direct_address", Family: "direct_address", Version: phrasesVersion,
		Finds: []Example{en("provider", "Your A1c came down nicely"), en("staff", "One of our patients cried after her scan"),
			es("provider", "¿Cómo sigue de su rodilla después de la cirugía?")},
		Spares: []Example{en("provider", "People who start this medicine often ask about sleep."), en("patient", "How is your knee after the surgery?"),
			es("staff", "Gracias por sus preguntas")}},
	{ID: "dose_advice", Family: "dose_advice", Version: phrasesVersion,
		Finds:  []Example{en("patient", "You should take 800 mg of ibuprofen"), es("patient", "Deja de tomar la metformina")},
		Spares: []Example{en("patient", "I take 500 mg of metformin"), en("staff", "Ask your pharmacist before you change a dose"), es("patient", "Mi doctora me subió la dosis")}},
	{ID: "testimonial", Family: "testimonial", Version: phrasesVersion,
		Finds:  []Example{en("patient", "This is the best clinic in town"), es("patient", "La doctora me salvó la vida")},
		Spares: []Example{en("patient", "Can anyone recommend a good dentist?"), es("patient", "La doctora me recomendó caminar")}},
	{ID: "complaint", Family: "complaint", Version: phrasesVersion,
		Finds:  []Example{en("patient", "I waited two hours and nobody told me why"), es("patient", "Nunca contestan el teléfono en esa clínica")},
		Spares: []Example{en("patient", "I waited all week for tomatoes to ripen"), es("patient", "Mi primo fue grosero en la cena")}},
	{ID: "urgent", Family: "urgent", Version: phrasesVersion,
		Finds:  []Example{en("patient", "I have pressure in my chest and my arm is numb"), es("caregiver", "Mi hijo no puede respirar, ¿qué hago?")},
		Spares: []Example{en("patient", "I had chest pain years ago"), es("staff", "Si tiene dolor en el pecho, llame al 911")}},
	{ID: "crisis", Family: "crisis", Version: phrasesVersion,
		Finds:  []Example{en("patient", "I don't want to be here anymore"), en("caregiver", "My daughter wants to kill herself"), es("patient", "Ya no quiero vivir")},
		Spares: []Example{en("patient", "This wait is killing me"), en("staff", "The suicide prevention walk is on Saturday"), es("patient", "Me muero de hambre")}},
	{ID: "interest", Family: "interest", Version: phrasesVersion,
		Finds:  []Example{en("patient", "Use my code LENA15 for 15 percent off"), es("patient", "La empresa me paga por cada venta")},
		Spares: []Example{en("patient", "Use the code on the door to get in"), es("patient", "El código de la puerta cambió")}},
	{ID: "word", Family: "word", Version: 1,
		Finds:  []Example{en("patient", "Has anyone tried BrightHerb?"), es("patient", "¿Alguien ha probado BrightHerb?")},
		Spares: []Example{en("patient", "Has anyone tried herb tea?"), es("patient", "¿Alguien ha probado el té?")}},
}

// PhraseDetectors are those whose rules are phrases and learned weights.
func PhraseDetectors() []string { return slices.Clone(phraseDetectors) }
