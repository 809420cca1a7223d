package mailstest

import (
	"bytes"
	"io"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

type session struct {
	*Catcher
	conn     *smtp.Conn
	from, to string
	signedIn bool
}

var _ smtp.AuthSession = (*session)(nil)

func (c *Catcher) session(conn *smtp.Conn) (smtp.Session, error) {
	if err := c.at(Step{Verb: "EHLO"}, conn.Conn()); err != nil {
		return nil, err
	}
	return &session{Catcher: c, conn: conn}, nil
}

func (s *session) AuthMechanisms() []string { return s.mechanisms }

func (s *session) Auth(mech string) (sasl.Server, error) {
	check := func(user, password string) error {
		if err := s.at(Step{Verb: "AUTH", From: user}, s.conn.Conn()); err != nil {
			return err
		}
		if user != s.user || password != s.password {
			return smtp.ErrAuthFailed
		}
		s.signedIn = true
		return nil
	}
	if mech == sasl.Login {
		return &login{check: check}, nil
	}
	return sasl.NewPlainServer(func(_, user, password string) error { return check(user, password) }), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if s.user != "" && !s.signedIn {
		return smtp.ErrAuthRequired
	}
	s.from = from
	return s.at(Step{Verb: "MAIL", From: from}, s.conn.Conn())
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	return s.at(Step{Verb: "RCPT", From: s.from, To: to}, s.conn.Conn())
}

func (s *session) Data(r io.Reader) error {
	var data bytes.Buffer
	if _, err := io.Copy(&data, r); err != nil {
		return err
	}
	if err := s.at(Step{Verb: "BODY", From: s.from, To: s.to}, s.conn.Conn()); err != nil {
		return err
	}
	s.keep(s.from, s.to, data.Bytes())
	if err := s.at(Step{Verb: "DONE", From: s.from, To: s.to}, s.conn.Conn()); err != nil {
		return err
	}
	return &smtp.SMTPError{Code: 250, EnhancedCode: smtp.EnhancedCode{2, 0, 0}, Message: "queued by mailstest"}
}

func (s *session) Reset()        { s.from, s.to = "", "" }
func (s *session) Logout() error { return nil }

// login is the server's side of AUTH LOGIN, which go-sasl has no more.
type login struct {
	check func(user, password string) error
	user  string
}

func (l *login) Next(response []byte) (challenge []byte, done bool, err error) {
	switch {
	case l.user == "" && len(response) == 0:
		return []byte("Username:"), false, nil
	case l.user == "":
		l.user = string(response)
		return []byte("Password:"), false, nil
	}
	return nil, true, l.check(l.user, string(response))
}
