package invitation_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

type imported struct {
	Rows []struct {
		Line          int
		Email, Status string
		Reason        struct{ Code, Message string }
	}
	Created int
	Batch   string
}

// upload sends a file as the page's form does.
func upload(who *hookstest.Client, file string, headers http.Header, fields ...string) *hookstest.Response {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "patients.csv")
	if err != nil {
		panic(err)
	}
	part.Write([]byte(file))
	for _, field := range fields {
		form.WriteField(field, "1")
	}
	form.Close()
	all := http.Header{"Content-Type": {form.FormDataContentType()}}
	for name, values := range headers {
		all[name] = values
	}
	return who.Do("POST", "/invitations/import", body.String(), all)
}

// rows writes a file of n patients for a community.
func rows(n int, community string) string {
	var out strings.Builder
	out.WriteString("email,role,communities,language,code\n")
	for i := range n {
		fmt.Fprintf(&out, "row%04d@mail.example,patient,%s,es,%06d\n", i, community, i)
	}
	return out.String()
}

func nameOf(t testing.TB, c *hookstest.Clinic, community string) string {
	t.Helper()
	record, err := c.App.FindRecordById(clinic.Communities, community)
	if err != nil {
		t.Fatal(err)
	}
	return record.GetString("name")
}

func TestImport(t *testing.T) {
	c := hookstest.New(t)
	provider, staff := c.Provider(), c.Staff()
	mine := c.Community(clinic.KindCondition, []*hookstest.Client{provider})
	file := rows(200, nameOf(t, c, mine))
	made := func(where string) (n int) {
		t.Helper()
		if err := c.App.DB().NewQuery("SELECT count(*) FROM invitations WHERE " + where).Row(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	r := upload(provider, file, nil, "dry_run")
	dry := hookstest.Into[imported](r)
	if r.Status != 200 || len(dry.Rows) != 200 || dry.Rows[7].Status != "ok" || dry.Rows[7].Line != 9 || dry.Created != 0 || made("batch != ''") != 0 {
		t.Fatalf("the dry run: %d %.300s", r.Status, r.Body)
	}
	key := hookstest.Key()
	r = upload(provider, file, key)
	real := hookstest.Into[imported](r)
	if r.Status != 201 || real.Created != 200 || real.Batch == "" || real.Rows[199].Status != "created" {
		t.Fatalf("the import: %d %.300s", r.Status, r.Body)
	}
	if again := upload(provider, file, key); string(again.Body) != string(r.Body) || made("batch != ''") != 200 {
		t.Errorf("sent twice with one key: %d %.200s", again.Status, again.Body)
	}
	if other := upload(provider, rows(2, ""), key); other.Code() != "idempotency_key_reused" {
		t.Errorf("the key with another file: %d %s", other.Status, other.Code())
	}
	if got := hookstest.Into[page](staff.Get("/invitations?batch=" + real.Batch)); got.Counts["queued"] != 200 || len(got.Items) != 50 || !got.Items[0].NeedsCode || got.Items[0].Language != "es" {
		t.Errorf("its progress: %v", got.Counts)
	}
	r = upload(provider, file, nil)
	expect(t, "the same people again", r, 422, "import_has_problems")
	if params(r)["problems"] != float64(200) {
		t.Errorf("%v problems", params(r)["problems"])
	}

	// Staff propose; a provider approves the whole of it at once.
	r = upload(staff, strings.ReplaceAll(rows(30, nameOf(t, c, mine)), "row", "desk"), nil)
	proposed := hookstest.Into[imported](r)
	if got := hookstest.Into[page](staff.Get("/invitations?batch=" + proposed.Batch)); r.Status != 201 || got.Counts["proposed"] != 30 {
		t.Fatalf("staff: %d %v", r.Status, got.Counts)
	}
	expect(t, "approving all", provider.Post("/invitations/approve", object{"batch": proposed.Batch}), 200, "")
	if got := hookstest.Into[page](staff.Get("/invitations?batch=" + proposed.Batch)); got.Counts["queued"] != 30 {
		t.Errorf("then: %v", got.Counts)
	}
}

func TestImportTellsEachRow(t *testing.T) {
	c := hookstest.New(t)
	provider := c.Provider()
	mine := c.Community(clinic.KindCondition, []*hookstest.Client{provider})
	other := c.Community(clinic.KindCondition, []*hookstest.Client{c.Founder()})
	invite(t, provider, object{"email": "open@mail.example", "role": "patient"})
	file := strings.Join([]string{
		"correo;rol;comunidades;idioma;código",
		"good@mail.example;paciente;" + nameOf(t, c, mine) + ";es;402915",
		"no address;;;;",
		"=1+1@mail.example;;;;",
		";paciente;;;",
		"role@mail.example;jefe;;;",
		"room@mail.example;;Nowhere;;",
		"foreign@mail.example;;" + nameOf(t, c, other) + ";;",
		"speech@mail.example;;;tlh;",
		"code@mail.example;;;;12",
		"",
		provider.Email + ";;;;",
		"OPEN@mail.example;;;;",
		"Good@Mail.Example;;;;",
		"wide@mail.example;;;;;;;",
		"fine@mail.example",
	}, "\r\n")
	want := []string{"2 ok", "3 address_invalid", "4 address_invalid", "5 required", "6 import_role_unknown", "7 import_community_unknown",
		"8 invitation_community_not_yours", "9 import_language_unknown", "10 invitation_code_shape", "12 already_a_member",
		"13 invitation_open_already", "14 import_row_twice", "15 import_row_fields", "16 ok"}
	r := upload(provider, file, nil, "dry_run")
	got := hookstest.Into[imported](r)
	if r.Status != 200 || len(got.Rows) != len(want) {
		t.Fatalf("%d, %d rows: %s", r.Status, len(got.Rows), r.Body)
	}
	for i, row := range got.Rows {
		said := row.Reason.Code
		if row.Status == "ok" {
			said = "ok"
		} else if row.Reason.Message == "" || strings.Contains(row.Reason.Message, "fault.") || strings.Contains(row.Reason.Message, "{{") {
			t.Errorf("line %d: no sentence for %s: %q", row.Line, said, row.Reason.Message)
		}
		if line := fmt.Sprintf("%d %s", row.Line, said); line != want[i] {
			t.Errorf("%s, want %s", line, want[i])
		}
	}
	expect(t, "with problems", upload(provider, file, nil), 422, "import_has_problems")
	r = upload(provider, file, nil, "skip_problems")
	if got := hookstest.Into[imported](r); r.Status != 201 || got.Created != 2 || got.Rows[0].Status != "created" || got.Rows[1].Status != "problem" {
		t.Errorf("without them: %d %s", r.Status, r.Body)
	}
}

func TestImportRefusesFiles(t *testing.T) {
	c := hookstest.New(t)
	provider := c.Provider()
	expect(t, "a guest", upload(c.Guest(), rows(1, ""), nil), 401, "sign_in_required")
	expect(t, "a patient", upload(c.Patient(), rows(1, ""), nil), 403, "not_allowed")
	expect(t, "no form", provider.Post("/invitations/import", object{}), 400, "bad_request")
	expect(t, "no file", provider.Do("POST", "/invitations/import", "--b\r\nContent-Disposition: form-data; name=\"dry_run\"\r\n\r\n1\r\n--b--\r\n",
		http.Header{"Content-Type": {"multipart/form-data; boundary=b"}}), 400, "import_file_missing")
	expect(t, "Latin-1", upload(provider, "email\nmar\xeda@mail.example\n", nil), 400, "import_not_utf8")
	expect(t, "no head", upload(provider, "a@mail.example\n", nil), 400, "import_no_header")
	expect(t, "too many rows", upload(provider, rows(1001, ""), nil), 400, "import_too_many_rows")
	expect(t, "too large", upload(provider, "email\n"+strings.Repeat("x", 1<<20), nil), 413, "import_too_large")
}

// A thousand rows take as long as a person waits without a doubt, and hold nobody else up for longer.
func TestLargestImport(t *testing.T) {
	c := hookstest.New(t)
	provider := c.Provider()
	r := upload(provider, rows(1000, ""), nil)
	if got := hookstest.Into[imported](r); r.Status != 201 || got.Created != 1000 {
		t.Fatalf("%d %.300s", r.Status, r.Body)
	}
	if lines, broken, err := c.House.VerifyAudit(c.App); err != nil || broken != 0 || lines < 1001 {
		t.Errorf("audit: %d lines, broken at %d, %v", lines, broken, err)
	}
}
