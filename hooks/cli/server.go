package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"kinward/hooks/autotls"
	"kinward/hooks/mails"
	"kinward/hooks/mention"
	"kinward/hooks/notification"
	"kinward/hooks/policy"
	"kinward/hooks/readiness"
)

// Deadlines of the server. Headers and bodies that do not come end a connection; a route that streams lifts its own.
const (
	headerTime = 10 * time.Second
	bodyTime   = time.Minute
	answerTime = 90 * time.Second
	idleTime   = 2 * time.Minute
	maxHeaders = 32 << 10
	// stopTime is how long requests and letters on the wire may take to end once the server is told to stop.
	stopTime = 10 * time.Second
)

// server is an opened practice being served: what serve and demo run.
type server struct {
	*opened
	plan  plan
	out   io.Writer          // where a person is told what is going on
	relay func() mails.Relay // asked before each letter
	// ready, if set, is called once requests are answered, for what comes after the address: the set-up link, demo's sign-ins.
	ready func()

	certificates *autotls.Certificates // nil: plain HTTP, or TLS elsewhere
	requests     *log.Logger           // nil: no access log
	main         *http.Server          // PocketBase's; set before started is closed
	started      chan struct{}
	door         *http.Server // port 80 where main has 443
	socket       *http.Server
	ports        ports
}

// run serves until ctx is done and then stops gracefully: no new requests, those that run come to their end.
func (s *server) run(ctx context.Context, hangUp <-chan os.Signal) error {
	if err := s.prepare(); err != nil {
		return errors.Join(err, s.ports.close())
	}
	defer s.ports.close()
	s.started = make(chan struct{})
	work, stopWork := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWork()
	s.bind(work)
	if s.certificates != nil {
		s.certificates.Start(work)
	}
	failed := make(chan error, 4)
	go func() { failed <- s.serveMain() }()
	go func() { failed <- serveOn(s.door, s.ports.door) }()
	go func() { failed <- serveOn(s.socket, s.ports.socket) }()
	delivered := make(chan error, 1)
	go func() { delivered <- mails.Deliver(work, s.app, mails.Options{Relay: s.relay}) }()
	written := make(chan error, 1)
	go func() { written <- policy.WriteLetters(work, s.app, s.house) }()
	told := make(chan error, 1)
	go func() { told <- notification.Run(work, s.app) }()
	renamed := make(chan error, 1)
	go func() { renamed <- mention.Rename(work, s.app) }()

	err := s.wait(ctx, failed, delivered, hangUp)
	_, _ = daemon.SdNotify(false, daemon.SdNotifyStopping)
	stopErr := s.stop()
	stopWork()
	return errors.Join(err, stopErr, <-delivered, <-written, <-told, <-renamed)
}

// wait returns once the server is told to stop, or a part of it failed. A start that was begun is waited for, since only
// what runs can be stopped.
func (s *server) wait(ctx context.Context, failed, delivered chan error, hangUp <-chan os.Signal) error {
	told, started := ctx.Done(), s.started
	if ctx.Err() == nil {
		started = nil
	}
	for {
		select {
		case <-told:
			told, started = nil, s.started
		case <-started:
			return nil
		case err := <-failed:
			if err != nil { // nil: a door that is not there
				return err
			}
		case err := <-delivered:
			delivered <- nil
			return err
		case <-hangUp:
			s.again()
		}
	}
}

// prepare opens the ports and the socket, and checks what can be checked, before anything answers.
func (s *server) prepare() error {
	var err error
	if s.requests, err = accessLog(s.plan.accessLog); err != nil {
		return err
	}
	if s.ports, err = openPorts(s.plan); err != nil {
		return err
	}
	s.plan.at(portOf(s.ports.main))
	if s.ports.socket, err = listenSocket(s.Dir); err != nil {
		return err
	}
	s.socket = &http.Server{Handler: s.socketRoutes(), ReadHeaderTimeout: headerTime}
	if s.plan.tls == nil {
		return nil
	}
	options := *s.plan.tls
	options.Log = newLog(0)
	options.HTTPSPort = portOf(s.ports.main)
	if s.ports.door != nil {
		options.HTTPPort = portOf(s.ports.door)
	}
	if s.certificates, err = autotls.New(options); err != nil {
		return err
	}
	if s.ports.door != nil {
		s.door = autotls.Door(s.certificates.Challenge(), options.Log)
	}
	return nil
}

// bind sets up PocketBase's server. It is the first of the OnServe hooks, so that what follows Next sees all others done.
func (s *server) bind(work context.Context) {
	s.house.Reached(s.plan.url, s.plan.proxies, s.plan.operators)
	if s.plan.named {
		s.house.NamePublicURL()
	}
	mails.Transport(s.app)
	readiness.Add(s.app, "letters", func(ctx context.Context) error { return mails.Overdue(ctx, s.app) })
	if s.certificates != nil {
		readiness.Add(s.app, "certificate", func(context.Context) error {
			if ok, detail := s.certificates.Ready(); !ok {
				return errors.New(detail)
			}
			return nil
		})
	}
	s.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{Id: "kinwardServe", Priority: -9999, Func: func(e *core.ServeEvent) error {
		// PocketBase would cancel what runs as soon as the server is told to stop.
		e.Server.BaseContext = func(net.Listener) context.Context { return work }
		return s.onServe(e)
	}})
}

func (s *server) onServe(e *core.ServeEvent) error {
	e.InstallerFunc = nil                         // it would print a superuser's link; set-up is ours
	e.Router.Unbind(apis.DefaultCorsMiddlewareId) // no other origin has any business here
	e.Listener = s.ports.main
	e.Server.ReadHeaderTimeout, e.Server.ReadTimeout = headerTime, bodyTime
	e.Server.WriteTimeout, e.Server.IdleTimeout = answerTime, idleTime
	e.Server.MaxHeaderBytes = maxHeaders
	e.Server.TLSConfig = nil
	if s.certificates != nil {
		e.Server.TLSConfig = s.certificates.TLSConfig()
	}
	if err := e.Next(); err != nil {
		return err
	}
	e.Server.Handler = logged(autotls.StrictTransport(e.Server.Handler), s.requests)
	s.main = e.Server
	s.tell()
	_, err := daemon.SdNotify(false, daemon.SdNotifyReady)
	close(s.started)
	return err
}

// tell says where the server answers.
func (s *server) tell() {
	fmt.Fprintf(s.out, "Kinward answers at %s\n", s.plan.url)
	if links := s.house.PublicURL(); links != s.plan.url {
		fmt.Fprintf(s.out, "Links in letters begin with %s, as the practice's settings say.\n", links)
	}
	if s.plan.inTheClear() && !strings.HasPrefix(s.house.PublicURL(), "https://") {
		fmt.Fprintln(s.out, "Take care: without a certificate, passwords cross the network in the clear. Give a domain, or put a proxy with TLS before it.")
	}
	if s.certificates != nil {
		if ok, detail := s.certificates.Ready(); !ok && detail != "" {
			fmt.Fprintf(s.out, "Browsers get in once there is a certificate; %s.\n", detail)
		}
	}
	if s.ready != nil {
		s.ready()
	}
}

// serveMain runs PocketBase's server with one address: given two, it would answer on port 80 by itself.
func (s *server) serveMain() error {
	config := apis.ServeConfig{HttpAddr: s.ports.main.Addr().String()}
	if s.certificates != nil {
		config = apis.ServeConfig{HttpsAddr: config.HttpAddr}
	}
	if err := apis.Serve(s.app, config); err != nil {
		return fmt.Errorf("the server ended: %w", err)
	}
	return nil
}

func serveOn(server *http.Server, listener net.Listener) error {
	if server == nil {
		return nil
	}
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// again is what a hang-up signal asks for: certificates are tried at once.
func (s *server) again() {
	if s.certificates != nil {
		s.certificates.TryNow()
	}
}

// stop ends the servers, then PocketBase's own work.
func (s *server) stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTime)
	defer cancel()
	servers := []*http.Server{s.door, s.socket}
	select {
	case <-s.started:
		servers = append(servers, s.main)
	default: // it failed before it served
	}
	for _, server := range servers {
		if server == nil {
			continue
		}
		if err := server.Shutdown(ctx); err != nil {
			_ = server.Close() // what did not end in time is cut off
		}
	}
	event := &core.TerminateEvent{App: s.app}
	return s.app.OnTerminate().Trigger(event, func(*core.TerminateEvent) error { return nil })
}
