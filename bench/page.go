package main

import (
	"encoding/json"
	"fmt"
	"os/exec"
)

// firstLoad is what a first visit of the sign-in page loads of JavaScript, compressed, in bytes.
type firstLoad struct {
	JavaScript int `json:"javascript"`
	Limit      int `json:"limit"`
}

// measurePage asks the page's own build what it weighs (pb_public/build/size.js): that is what `make test` keeps to its limit.
func (m *measurement) measurePage() error {
	out, err := exec.Command("node", "pb_public/build/size.js", "--json").Output()
	if err != nil {
		return fmt.Errorf("weighing the page, which `make page` builds: %w", err)
	}
	return json.Unmarshal(out, &m.page)
}
