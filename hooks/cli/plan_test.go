package cli

import (
	"strings"
	"testing"
)

func TestPlan(t *testing.T) {
	for name, c := range map[string]struct {
		doors            doors
		http, https, url string
		encrypted, clear bool
	}{
		"nothing":           {doors{}, "127.0.0.1:8090", "", "http://127.0.0.1:8090", false, false},
		"a domain":          {doors{domains: []string{"a.example.org", "b.example.org"}}, ":80", ":443", "https://a.example.org", true, false},
		"no port 80":        {doors{domains: []string{"a.example.org"}, http: "off"}, "", ":443", "https://a.example.org", true, false},
		"another port":      {doors{domains: []string{"a.example.org"}, https: ":8443"}, ":80", ":8443", "https://a.example.org:8443", true, false},
		"own files":         {doors{tlsCert: "c", tlsKey: "k", https: "192.0.2.1:443"}, ":80", "192.0.2.1:443", "https://192.0.2.1", true, false},
		"behind a proxy":    {doors{publicURL: "https://a.example.org/", http: ":8090"}, ":8090", "", "https://a.example.org", false, false},
		"in the clear":      {doors{http: ":8090"}, ":8090", "", "http://127.0.0.1:8090", false, true},
		"by name":           {doors{http: "localhost:80"}, "localhost:80", "", "http://localhost", false, false},
		"version 6":         {doors{http: "[::1]:80"}, "[::1]:80", "", "http://[::1]", false, false},
		"version 6, a port": {doors{http: "[::]:8090"}, "[::]:8090", "", "http://127.0.0.1:8090", false, true},
	} {
		p, err := c.doors.plan("/data")
		if err != nil || p.http != c.http || p.https != c.https || p.url != c.url || (p.tls != nil) != c.encrypted || p.inTheClear() != c.clear {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
		if p.named != (c.doors.publicURL != "") {
			t.Errorf("%s: who named the public URL? %v", name, p.named)
		}
		if p.tls != nil && p.tls.NoHTTP01 != (p.http == "") {
			t.Errorf("%s: the challenge over HTTP does not fit the ports", name)
		}
	}
}

func TestPlanRefuses(t *testing.T) {
	for want, d := range map[string]doors{
		"needs a domain":         {https: ":443"},
		"nothing to listen on":   {http: "off"},
		"not an address":         {http: "8090"},
		"\":port\" is not an":    {http: ":port"},
		"not a public URL":       {publicURL: "a.example.org"},
		"give scheme and host":   {publicURL: "https://a.example.org/path"},
		"--trusted-proxy takes":  {proxies: []string{"proxy"}},
		"would trust everybody":  {proxies: []string{"0.0.0.0/0"}},
		"--operator takes addre": {operators: []string{"10.0.0.0/99"}},
	} {
		if _, err := d.plan("/data"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, not %q", d, err, want)
		}
	}
}

func TestPortThatTheSystemChose(t *testing.T) {
	p, err := doors{http: "127.0.0.1:0"}.plan("/data")
	if err != nil {
		t.Fatal(err)
	}
	if p.at(4711); p.url != "http://127.0.0.1:4711" {
		t.Error(p.url)
	}
}
