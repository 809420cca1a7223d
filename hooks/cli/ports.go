package cli

import (
	"errors"
	"fmt"
	"net"
	"strconv"

	"github.com/coreos/go-systemd/v22/activation"

	"kinward/hooks/autotls"
)

// ports are the listeners of a server.
type ports struct {
	main   net.Listener // the pages and routes
	door   net.Listener // plain HTTP beside TLS; nil for none
	socket net.Listener
}

// openPorts listens where the plan says, or takes the sockets that systemd opened for these ports.
func openPorts(p plan) (ports, error) {
	given, err := activation.Listeners()
	if err != nil {
		return ports{}, fmt.Errorf("the sockets that systemd gave cannot be used: %w", err)
	}
	var opened ports
	main, door := p.http, ""
	if p.https != "" {
		main, door = p.https, p.http
	}
	if opened.main, err = take(given, main); err != nil {
		return opened, err
	}
	if door != "" {
		if opened.door, err = take(given, door); err != nil {
			return opened, errors.Join(err, opened.close())
		}
	}
	return opened, nil
}

func take(given []net.Listener, address string) (net.Listener, error) {
	_, want, _ := net.SplitHostPort(address)
	for _, listener := range given {
		if listener == nil {
			continue
		}
		if _, port, err := net.SplitHostPort(listener.Addr().String()); err == nil && port == want {
			return listener, nil
		}
	}
	return autotls.Listen(address)
}

func portOf(listener net.Listener) int {
	_, text, _ := net.SplitHostPort(listener.Addr().String())
	port, _ := strconv.Atoi(text) // a listener's address always has one
	return port
}

func (p *ports) close() error {
	for _, listener := range []net.Listener{p.main, p.door, p.socket} {
		if listener != nil {
			_ = listener.Close() // mostly closed by its server already
		}
	}
	return nil
}
