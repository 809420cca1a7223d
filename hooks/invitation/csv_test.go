package invitation

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"kinward/hooks/clinic"
)

func TestReadCSV(t *testing.T) {
	good := []cells{
		{Line: 2, Email: "a@x.example", Role: "patient", Communities: "Living well | Feet", Language: "es", Code: "402915"},
		{Line: 3, Email: "b@x.example"},
	}
	for name, file := range map[string]string{
		"comma":     "email,role,communities,language,code\na@x.example,patient,Living well | Feet,es,402915\nb@x.example,,,,\n",
		"semicolon": "email;role;communities;language;code\r\na@x.example;patient;Living well | Feet;es;402915\r\nb@x.example;;;;",
		"tab":       "email\trole\tcommunities\tlanguage\tcode\na@x.example\tpatient\tLiving well | Feet\tes\t402915\nb@x.example\t\t\t\t\n",
		"mark":      "\ufeffemail,role,communities,language,code\na@x.example,patient,Living well | Feet,es,402915\nb@x.example\n",
		"Spanish":   "Código,Correo electrónico, ROL ,Comunidades,Idioma\n402915,a@x.example,patient,Living well | Feet,es\n,b@x.example,,,\n",
		"quoted":    "\"email\",\"role\",\"communities\",\"language\",\"code\"\n\"a@x.example\",patient,\"Living well | Feet\",es,402915\nb@x.example,,,,\n",
		"others":    "name,email,role,communities,language,code\nAna,a@x.example,patient,Living well | Feet,es,402915\nBea,b@x.example\n",
	} {
		got, err := readCSV([]byte(file))
		if err != nil || !reflect.DeepEqual(got, good) {
			t.Errorf("%s: %+v %v", name, got, err)
		}
	}
}

func TestReadCSVRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		file string
		want *clinic.Fault
	}{
		"nothing":          {"", FileEmpty},
		"only a head":      {"email,role\n", FileEmpty},
		"only blanks":      {"email,role\n,\n  ,\n", FileEmpty},
		"no head":          {"a@x.example,patient\n", FileNoHeader},
		"no address":       {"role,code\npatient,402915\n", FileNoHeader},
		"a column twice":   {"email,correo\na@x.example,b@x.example\n", FileColumn},
		"Latin-1":          {"email,c\xf3digo\na@x.example,402915\n", FileNotText},
		"a nul":            {"email\na\x00@x.example\n", FileNotText},
		"UTF-16":           {"\xff\xfee\x00m\x00a\x00i\x00l\x00", FileNotText},
		"an open quote":    {"email\n\"a@x.example\n", FileBroken},
		"a quote within":   {"email\na\"b@x.example\n", FileBroken},
		"too many rows":    {"email\n" + strings.Repeat("a@x.example\n", mostRows+1), TooManyRows},
		"too many bytes":   {"email\n" + strings.Repeat("x", mostBytes), FileTooLarge},
		"a spreadsheet":    {"PK\x03\x04\x14\x00\x06\x00", FileNotText},
		"a page of a site": {"<!DOCTYPE html><html><body>email</body></html>", FileNoHeader},
	} {
		rows, err := readCSV([]byte(test.file))
		if !errors.Is(err, test.want) || rows != nil {
			t.Errorf("%s: %d rows, %v, want %v", name, len(rows), err, test.want)
		}
	}
}

func TestCellsToWish(t *testing.T) {
	rooms := []room{{ID: "one", Name: "Living Well"}, {ID: "two", Name: "Niños y familias"}, {ID: "three", Name: "Feet"}, {ID: "four", Name: "feet"}}
	for _, test := range []struct {
		cells cells
		want  wish
		fault *clinic.Fault
	}{
		{cells{Email: "a@x.example"}, wish{Email: "a@x.example", Role: clinic.Patient, Language: "en"}, nil},
		{cells{Role: "Cuidadora", Language: "Español", Code: "402915"}, wish{Role: clinic.Caregiver, Language: "es", Code: "402915"}, nil},
		{cells{Role: "PROVIDER", Communities: "living  well|ninos y familias|"}, wish{Role: clinic.Provider, Language: "en", Communities: []string{"one", "two"}}, nil},
		{cells{Role: "admin"}, wish{}, RowRole},
		{cells{Language: "fr"}, wish{}, RowLanguage},
		{cells{Communities: "Living Well|Elsewhere"}, wish{}, RowCommunity},
		{cells{Communities: "FEET"}, wish{}, RowAmbiguous},
		{cells{Ragged: true}, wish{}, RowFields},
	} {
		got, fault := test.cells.wish(rooms, "en")
		if !reflect.DeepEqual(got, test.want) || (fault == nil) != (test.fault == nil) || fault != nil && !errors.Is(fault, test.fault) {
			t.Errorf("%+v: %+v %v, want %+v %v", test.cells, got, fault, test.want, test.fault)
		}
	}
}

// A row that passes is one that nothing downstream can take for more than it is.
func FuzzReadCSV(f *testing.F) {
	for _, seed := range []string{
		"email,role\na@x.example,patient\n", "\ufeffcorreo;rol;código\n=1+1@x.example;paciente;402915\n", "email\n\"a\"\"b\"\n", "email\t\n\t\t\n", ",,\nemail",
		"email,communities\n\"a@x.example\nBcc: b@x.example\",x|y\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		rows, err := readCSV(file)
		var fault *clinic.Fault
		if err != nil {
			if !errors.As(err, &fault) || rows != nil {
				t.Fatalf("%v with %d rows", err, len(rows))
			}
			return
		}
		if len(rows) == 0 || len(rows) > mostRows {
			t.Fatalf("%d rows", len(rows))
		}
		last := 1
		for _, row := range rows {
			if row.Line <= last && last > 1 || row.Line < 2 {
				t.Fatalf("line %d after %d", row.Line, last)
			}
			last = row.Line
			w, fault := row.wish(nil, "en")
			if fault != nil || w.Validate("en") != nil {
				continue
			}
			if !utf8.ValidString(w.Email) || strings.ContainsAny(w.Email, "\r\n\t ,;<>\"") || strings.ContainsAny(w.Email[:1], "=+-@") || w.Email != strings.ToLower(w.Email) {
				t.Fatalf("took %q for an address", w.Email)
			}
			if !w.Role.Valid() || w.Code != "" && codeShape(w.Code) != nil {
				t.Fatalf("took %+v", w)
			}
		}
	})
}
