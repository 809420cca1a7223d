package policy_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"kinward/hooks/clinic"
	"kinward/hooks/markdown"
	"kinward/hooks/policy"
	"kinward/policies"
)

const sound = `---
slug: be-well
title: Be well
summary: Short and plain.
audience: patients
position: 3
language: en
class: material
reason: First version.
---
1. Be kind. {#be-kind}
`

func TestParse(t *testing.T) {
	text, err := policy.Parse([]byte(sound))
	if err != nil {
		t.Fatal(err)
	}
	want := policy.Text{Slug: "be-well", Title: "Be well", Summary: "Short and plain.", Audience: "patients", Position: 3,
		Language: "en", Class: "material", Reason: "First version.", Kind: "policy", Body: "1. Be kind. {#be-kind}\n"}
	if !reflect.DeepEqual(text, want) {
		t.Errorf("got %+v", text)
	}
	windows, err := policy.Parse([]byte("\ufeff" + strings.ReplaceAll(sound, "\n", "\r\n")))
	if err != nil || !reflect.DeepEqual(windows, want) {
		t.Errorf("saved by Notepad: %+v %v", windows, err)
	}
}

func TestParseRefuses(t *testing.T) {
	swap := func(old, new string) string { return strings.Replace(sound, old, new, 1) }
	for name, c := range map[string]struct {
		source string
		want   *clinic.Fault
	}{
		"nothing":             {"", policy.Unreadable},
		"no front matter":     {"1. Be kind. {#be-kind}\n", policy.Unreadable},
		"front matter open":   {"---\nslug: a\n", policy.Unreadable},
		"a name unknown":      {swap("position:", "positon:"), policy.Unreadable},
		"a name twice":        {swap("position: 3", "position: 3\nposition: 4"), policy.Unreadable},
		"broken yaml":         {swap("title: Be well", "title: [Be"), policy.Unreadable},
		"a slug with spaces":  {swap("be-well", "be well"), policy.Unreadable},
		"a slug with slashes": {swap("be-well", "../well"), policy.Unreadable},
		"no title":            {swap("title: Be well\n", ""), policy.Unreadable},
		"an unknown audience": {swap("patients", "doctors"), policy.Unreadable},
		"an unknown language": {swap("language: en", "language: de"), policy.NoSuchLanguage},
		"an unknown class":    {swap("class: material", "class: big"), policy.Unreadable},
		"no reason":           {swap("reason: First version.\n", ""), policy.Unreadable},
		"no words":            {swap("1. Be kind. {#be-kind}\n", "  \n"), policy.NothingToSay},
		"a clause twice":      {sound + "\n2. Be kind. {#be-kind}\n", policy.ClauseTwice},
		"not UTF-8":           {sound + "\xff", policy.Unreadable},
		"a NUL":               {sound + "\x00", policy.Unreadable},
		"a megabyte":          {sound + strings.Repeat("word ", 200_000), clinic.TooLong},
		"an alias bomb":       {swap("title: Be well", "title: &a [x,x]\nsummary: *a"), policy.Unreadable},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := policy.Parse([]byte(c.source)); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

// The parser faces whatever a practice's editor saves: it never panics, and what it accepts is sound.
func FuzzParse(f *testing.F) {
	f.Add([]byte(sound)) // short seeds: the engine shrinks what it finds, byte by byte
	f.Add([]byte(checked))
	f.Add([]byte("---\nslug: a\ntitle: >-\n  A\n  b\n---\n1. A {#a}\n2. B {#a}\n"))
	f.Add([]byte("---\n{slug: a, title: &x [*x]}\n---\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		text, err := policy.Parse(raw)
		if err != nil {
			return
		}
		if text.Validate() != nil || text.Slug == "" || strings.TrimSpace(text.Body) == "" {
			t.Errorf("accepted %+v", text)
		}
		ids := policy.Clauses(text.Body)
		slices.Sort(ids)
		if len(slices.Compact(slices.Clone(ids))) != len(ids) {
			t.Errorf("accepted the ids %v", ids)
		}
	})
}

func TestFill(t *testing.T) {
	practice := policy.Practice{Name: "Care *&* Co", Phone: " (555) 010-0100 ", Hours: "Mon to Fri, 8 to 5\r\nSat, 9 to 12.", Emergency: "Call 911."}
	for _, c := range []struct{ language, body, want string }{
		{"en", "Call {{phone}}.", "Call [(555) 010-0100](tel:5550100100)."},
		{"en", "{{ practice }} is open: {{hours}}.", `Care \*\&\* Co is open: Mon to Fri, 8 to 5; Sat, 9 to 12.`},
		{"en", "Call {{emergency}} or {{crisis_line}}.", "Call [911](tel:911) or [988](tel:988)."},
		{"en", "[Call us at {{phone}}](tel:{{phone}})", "[Call us at (555) 010-0100](tel:5550100100)"},
		{"es", "Llame\nal {{ emergency }}", "Llame\nal [911](tel:911)"},
		{"en", "{{nobody}} knows {{Phone}}.", "{{nobody}} knows {{Phone}}."},
	} {
		if got := practice.Fill(c.body, c.language); got != c.want {
			t.Errorf("%q: got %q, want %q", c.body, got, c.want)
		}
	}
	if got := practice.FillPlain("{{practice}}", "en"); got != "Care *&* Co" {
		t.Errorf("plain text was escaped: %q", got)
	}
	said := policy.Practice{Emergency: "112", CrisisLine: "+34 024"}
	if got := said.FillPlain("{{emergency}} {{crisis_line}}", "es"); got != "112 +34 024" {
		t.Errorf("numbers of another country: %q", got)
	}
	if got := (policy.Practice{}).Fill("{{practice}}: {{phone}}, {{hours}}", "es"); got != "la clínica: el número de teléfono de la clínica, pregúntenos por teléfono" {
		t.Errorf("a practice that said nothing: %q", got)
	}
}

func TestTheEmergencyNumberIsFoundInItsSentence(t *testing.T) {
	for said, want := range map[string]string{
		"": "911", "911": "911", "Call 911.": "911", "In a crisis call or text 988. In an emergency call 911.": "911",
		"Call 555-0100 or, if a life is in danger, 112.": "112", "Call the desk: 555-0100.": "555-0100", "Crisis: 988": "911",
		"Go to the nearest hospital.": "911", "Open 24 hours: 911": "911",
	} {
		if got := (policy.Practice{Emergency: said}).FillPlain("{{emergency}}", "en"); got != want {
			t.Errorf("%q: %s, want %s", said, got, want)
		}
	}
}

// A practice's name is words, whatever is in it: it makes no link, heading, list or clause.
func TestAValueNeverActsAsMarkdown(t *testing.T) {
	html := markdown.Document(policy.Practice{Phone: "(555) 010-0100 *2"}.Fill("{{phone}}", "en"), true)
	if !strings.Contains(html, `<a href="tel:5550100100"`) || !strings.Contains(html, ">(555) 010-0100 *2</a>") {
		t.Errorf("a phone number became %s", html)
	}
	for _, name := range []string{"[x](/y)", "=== x", "+ x", "4) x", "# Big", "- item", "3. item", "<b>x</b>", "`code`", "**x**", "a {#clause}", "~~x~~", "> x", "&lt;"} {
		html := markdown.Document(policy.Practice{Name: name}.Fill("{{practice}}", "en"), true)
		inner, ok := strings.CutPrefix(strings.TrimSpace(html), "<p>")
		inner, closed := strings.CutSuffix(inner, "</p>")
		if !ok || !closed || strings.Contains(inner, "<") {
			t.Errorf("%q became %s", name, html)
		}
	}
}

func TestShippedPoliciesParseAndAnchorEveryClause(t *testing.T) {
	for _, language := range clinic.Languages {
		entries, err := policies.FS.ReadDir(language)
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range entries {
			raw, err := policies.FS.ReadFile(language + "/" + entry.Name())
			if err != nil {
				t.Fatal(err)
			}
			text, err := policy.Parse(raw)
			if err != nil {
				t.Fatalf("%s: %v", entry.Name(), err)
			}
			html := markdown.Document(policy.Practice{Name: "Riverside"}.Fill(text.Body, language), true)
			for _, id := range policy.Clauses(text.Body) {
				if !strings.Contains(html, ` id="`+markdown.ClausePrefix+id+`"`) {
					t.Errorf("%s/%s: no anchor for %s", language, entry.Name(), id)
				}
			}
			if strings.Contains(html, "{#") || strings.Contains(html, "{{") {
				t.Errorf("%s/%s: a marker or a placeholder shows", language, entry.Name())
			}
		}
	}
}
