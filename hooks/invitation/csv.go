package invitation

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"kinward/hooks/clinic"
)

// How much one file may hold.
const (
	mostRows  = 1000
	mostBytes = 1 << 20
)

// What is wrong with a file as a whole.
var (
	FileMissing  = &clinic.Fault{Status: http.StatusBadRequest, Code: "import_file_missing"}
	FileTooLarge = &clinic.Fault{Status: http.StatusRequestEntityTooLarge, Code: "import_too_large"} // params.max
	FileNotText  = &clinic.Fault{Status: http.StatusBadRequest, Code: "import_not_utf8"}
	FileBroken   = &clinic.Fault{Status: http.StatusBadRequest, Code: "import_broken"} // params.line
	FileEmpty    = &clinic.Fault{Status: http.StatusBadRequest, Code: "import_empty"}
	FileNoHeader = &clinic.Fault{Status: http.StatusBadRequest, Code: "import_no_header"}
	FileColumn   = &clinic.Fault{Status: http.StatusBadRequest, Code: "import_column_twice"} // params.column
	TooManyRows  = &clinic.Fault{Status: http.StatusBadRequest, Code: "import_too_many_rows"}
	HasProblems  = &clinic.Fault{Status: http.StatusUnprocessableEntity, Code: "import_has_problems"} // params.rows, params.problems
	RowTwice     = &clinic.Fault{Status: http.StatusConflict, Code: "import_row_twice"}               // params.line: the first
	RowRole      = &clinic.Fault{Status: http.StatusBadRequest, Code: "import_role_unknown"}
	RowLanguage  = &clinic.Fault{Status: http.StatusBadRequest, Code: "import_language_unknown"}
	RowCommunity = &clinic.Fault{Status: http.StatusBadRequest, Code: "import_community_unknown"} // params.community
	RowAmbiguous = &clinic.Fault{Status: http.StatusBadRequest, Code: "import_community_ambiguous"}
	RowFields    = &clinic.Fault{Status: http.StatusBadRequest, Code: "import_row_fields"}
)

// cells is one row as it stands in the file.
type cells struct {
	Line                                     int // of the file, from 1, as a spreadsheet counts
	Email, Role, Communities, Language, Code string
	Ragged                                   bool // more cells than the header has
}

// headers are the names that a column may have, in small letters without accents.
var headers = map[string]string{
	"email": "email", "e-mail": "email", "mail": "email", "address": "email", "correo": "email", "correo electronico": "email",
	"role": "role", "rol": "role", "papel": "role",
	"communities": "communities", "community": "communities", "comunidades": "communities", "comunidad": "communities",
	"language": "language", "idioma": "language", "lengua": "language",
	"code": "code", "codigo": "code",
}

// roleNames are the words for roles, in small letters without accents; an empty cell means a patient.
// An outside doctor is named one by one: what a row among a thousand opens is not seen.
var roleNames = map[string]clinic.Role{
	"": clinic.Patient, "patient": clinic.Patient, "paciente": clinic.Patient,
	"caregiver": clinic.Caregiver, "cuidador": clinic.Caregiver, "cuidadora": clinic.Caregiver,
	"staff": clinic.Staff, "personal": clinic.Staff,
	"provider": clinic.Provider, "profesional": clinic.Provider, "medico": clinic.Provider, "medica": clinic.Provider,
}

var languageNames = map[string]string{
	"en": "en", "english": "en", "ingles": "en", "es": "es", "spanish": "es", "espanol": "es", "castellano": "es",
}

// readCSV reads a file: UTF-8 with or without a byte-order mark, its cells parted by comma, semicolon or tab, its first line
// the columns' names in English or Spanish. Blank lines are passed over. Nothing in a cell is ever run or written to a
// spreadsheet again; an address that a spreadsheet would take for a formula is refused with the row.
func readCSV(file []byte) ([]cells, error) {
	if len(file) > mostBytes {
		return nil, FileTooLarge.With("max", mostBytes)
	}
	file = bytes.TrimPrefix(file, []byte("\ufeff"))
	if !utf8.Valid(file) || bytes.IndexByte(file, 0) >= 0 {
		return nil, FileNotText
	}
	reader := csv.NewReader(bytes.NewReader(file))
	reader.Comma = separator(file)
	reader.FieldsPerRecord = -1
	reader.TrimLeadingSpace = reader.Comma != '\t'
	head, err := reader.Read()
	if errors.Is(err, io.EOF) {
		return nil, FileEmpty
	}
	if err != nil {
		return nil, broken(err)
	}
	columns, err := readHead(head)
	if err != nil {
		return nil, err
	}
	return readRows(reader, columns)
}

func readRows(reader *csv.Reader, columns []string) ([]cells, error) {
	var out []cells
	for {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, broken(err)
		}
		if !slices.ContainsFunc(record, func(cell string) bool { return strings.TrimSpace(cell) != "" }) {
			continue
		}
		if len(out) == mostRows {
			return nil, TooManyRows.With("max", mostRows)
		}
		line, _ := reader.FieldPos(0)
		out = append(out, sorted(line, columns, record))
	}
	if len(out) == 0 {
		return nil, FileEmpty
	}
	return out, nil
}

// separator is the one of the three that the first line has most of.
func separator(file []byte) rune {
	head, _, _ := bytes.Cut(file, []byte("\n"))
	best := ','
	for _, candidate := range ";\t" {
		if bytes.Count(head, []byte(string(candidate))) > bytes.Count(head, []byte(string(best))) {
			best = candidate
		}
	}
	return best
}

// readHead says which of our columns each of the file's is; one we do not know is passed over.
func readHead(head []string) ([]string, error) {
	out := make([]string, len(head))
	for i, name := range head {
		column := headers[plain(name)]
		if column != "" && slices.Contains(out, column) {
			return nil, FileColumn.With("column", clip(strings.TrimSpace(name), 40))
		}
		out[i] = column
	}
	if !slices.Contains(out, "email") {
		return nil, FileNoHeader
	}
	return out, nil
}

func sorted(line int, columns, record []string) cells {
	c := cells{Line: line, Ragged: len(record) > len(columns)}
	for i, cell := range record {
		if i >= len(columns) {
			break
		}
		cell = strings.TrimSpace(cell)
		switch columns[i] {
		case "email":
			c.Email = cell
		case "role":
			c.Role = cell
		case "communities":
			c.Communities = cell
		case "language":
			c.Language = cell
		case "code":
			c.Code = cell
		}
	}
	return c
}

func broken(err error) error {
	var at *csv.ParseError
	if errors.As(err, &at) {
		return FileBroken.With("line", at.Line)
	}
	return FileBroken.With("line", 1)
}

var accents = strings.NewReplacer("á", "a", "é", "e", "í", "i", "ó", "o", "ú", "u", "ü", "u", "ñ", "n")

// plain puts a word in small letters, without accents and with single spaces, for comparing.
func plain(text string) string {
	return accents.Replace(strings.ToLower(strings.Join(strings.Fields(text), " ")))
}

// wish reads the cells as an invitation, or says what is wrong with the row. language is the practice's own.
func (c cells) wish(rooms []room, language string) (wish, *clinic.Fault) {
	if c.Ragged {
		return wish{}, RowFields
	}
	role, known := roleNames[plain(c.Role)]
	if !known {
		return wish{}, RowRole
	}
	if c.Language != "" {
		if language, known = languageNames[plain(c.Language)]; !known {
			return wish{}, RowLanguage
		}
	}
	w := wish{Email: c.Email, Role: role, Language: language, Code: c.Code}
	for name := range strings.SplitSeq(c.Communities, "|") {
		if strings.TrimSpace(name) == "" {
			continue
		}
		id, fault := named(rooms, name)
		if fault != nil {
			return wish{}, fault
		}
		w.Communities = append(w.Communities, id)
	}
	return w, nil
}

// named finds the one open community with a name, however it is written in small and capital letters.
func named(rooms []room, name string) (string, *clinic.Fault) {
	id := ""
	for _, r := range rooms {
		if plain(r.Name) != plain(name) {
			continue
		}
		if id != "" {
			return "", RowAmbiguous.With("community", clip(strings.TrimSpace(name), 120))
		}
		id = r.ID
	}
	if id == "" {
		return "", RowCommunity.With("community", clip(strings.TrimSpace(name), 120))
	}
	return id, nil
}
