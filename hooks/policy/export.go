package policy

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"kinward/hooks/access"
)

// exportReport gives a version's report as CSV (RFC 4180): everyone whom it concerns today, and what they said.
func exportReport(e *access.Event) error {
	policy, r, err := asked(e)
	if err != nil {
		return err
	}
	rows, err := r.rows("", [2]string{}, 0)
	if err != nil {
		return err
	}
	items, err := itemsOf(e, rows)
	if err != nil {
		return err
	}
	slug := policy.GetString("slug")
	err = e.House.Audit(e.App, e.Actor().Audited(), "policy.export", "policies/"+policy.Id, fmt.Sprintf("%s version %d, %d lines", slug, r.number, len(items)))
	if err != nil {
		return err
	}
	header := e.Response.Header()
	header.Set("Content-Type", "text/csv; charset=utf-8; header=present")
	header.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s-version-%d.csv"`, slug, r.number))
	header.Set("Cache-Control", "private, no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	e.Response.WriteHeader(http.StatusOK)
	return writeCSV(e, items)
}

func writeCSV(e *access.Event, items []reportItem) error {
	out := csv.NewWriter(e.Response)
	out.UseCRLF = true
	lines := [][]string{{"member", "name", "role", "state", "version", "language", "method", "at", "sha256", "witness", "note"}}
	for _, item := range items {
		at, witness, number := "", "", ""
		if item.At != nil {
			at = item.At.UTC().Format("2006-01-02T15:04:05Z")
		}
		if item.Witness != nil {
			witness = item.Witness.Name
		}
		if item.Number > 0 {
			number = strconv.Itoa(item.Number)
		}
		lines = append(lines, []string{item.Member.ID, item.Member.Name, string(item.Member.Role), item.State, number, item.Language, item.Method, at,
			item.SHA256, witness, item.Note})
	}
	for _, line := range lines {
		for i := range line {
			line[i] = harmless(line[i])
		}
		if err := out.Write(line); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// harmless keeps a spreadsheet from running a cell as a formula (OWASP, CSV injection): one that begins so gets an apostrophe. A
// member chooses their own name, and a note is anybody's words.
func harmless(cell string) string {
	if begins := strings.TrimLeft(cell, " \u00a0"); begins != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(begins)[0]) {
		return "'" + cell
	}
	return cell
}
