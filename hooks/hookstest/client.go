package hookstest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"github.com/pocketbase/pocketbase/core"
)

// Client asks the server as one member, or as a guest.
type Client struct {
	// ID is the member's, empty for a guest; Token the session's.
	ID, Email, Token string

	c *Clinic
}

// Guest is nobody: not signed in.
func (c *Clinic) Guest() *Client { return &Client{c: c} }

// SignedIn is a member who was made before, signed in anew.
func (c *Clinic) SignedIn(member string) *Client {
	c.t.Helper()
	record, err := c.App.FindRecordById("users", member)
	c.must(err)
	return c.client(record)
}

// Keep signs a member in anew if no session of theirs is left.
func (c *Clinic) Keep(m *Client) {
	c.t.Helper()
	left, err := c.House.Sessions(c.App, m.ID)
	c.must(err)
	if len(left) == 0 {
		m.Token = c.SignedIn(m.ID).Token
	}
}

func (c *Clinic) client(member *core.Record) *Client {
	c.t.Helper()
	_, token, err := c.House.Issue(c.App, member, "a test")
	c.must(err)
	return &Client{ID: member.Id, Email: member.Email(), Token: token, c: c}
}

// Response is an answer, read whole.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// Do asks for a path ("/me" is under /api/clinic, "/api/health" is not) with a JSON body, or none if body is nil. A string
// body is sent as it is.
func (m *Client) Do(method, path string, body any, headers ...http.Header) *Response {
	m.c.t.Helper()
	if !strings.HasPrefix(path, "/api/") && !strings.HasPrefix(path, "/_/") {
		path = "/api/clinic" + path
	}
	request, err := http.NewRequest(method, m.c.URL+path, reader(body))
	m.c.must(err)
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if m.Token != "" {
		request.Header.Set("Authorization", "Bearer "+m.Token)
	}
	for _, header := range headers {
		for name, values := range header {
			request.Header[name] = values
		}
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	m.c.must(err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	m.c.must(err)
	return &Response{response.StatusCode, response.Header, text}
}

func reader(body any) io.Reader {
	switch b := body.(type) {
	case nil:
		return nil
	case string:
		return strings.NewReader(b)
	}
	text, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return bytes.NewReader(text)
}

// Get, Post, Put, Patch and Delete are Do with that method.
func (m *Client) Get(path string) *Response             { return m.Do("GET", path, nil) }
func (m *Client) Post(path string, body any) *Response  { return m.Do("POST", path, body) }
func (m *Client) Put(path string, body any) *Response   { return m.Do("PUT", path, body) }
func (m *Client) Patch(path string, body any) *Response { return m.Do("PATCH", path, body) }
func (m *Client) Delete(path string) *Response          { return m.Do("DELETE", path, nil) }

// Into reads the answer's JSON; an answer that is none gives an empty T.
func Into[T any](r *Response) T {
	var out T
	_ = json.Unmarshal(r.Body, &out) // a wrong shape shows in what the test then compares
	return out
}

// Code is the fault's code, at data.error or at a field as "field:code"; empty if the answer is no fault.
func (r *Response) Code() string {
	fault := Into[struct {
		Data map[string]struct{ Code string }
	}](r)
	if at, ok := fault.Data["error"]; ok {
		return at.Code
	}
	for field, at := range fault.Data {
		return field + ":" + at.Code
	}
	return ""
}
