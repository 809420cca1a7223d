package main

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// server is one of the systems, in a process of its own on loopback.
type server struct {
	name, base string
	command    func(address string) *exec.Cmd
	healthy    string // a path that answers 200 once it serves
	process    *exec.Cmd
}

var transport = &http.Transport{MaxIdleConnsPerHost: 256, DisableCompression: true}

// start starts the process and returns how long it took until the first 200.
func (s *server) start() (time.Duration, error) {
	address, err := freeAddress()
	if err != nil {
		return 0, err
	}
	s.base = "http://" + address
	s.process = s.command(address)
	s.process.Stderr = os.Stderr
	begun := time.Now()
	if err := s.process.Start(); err != nil {
		return 0, err
	}
	for time.Since(begun) < time.Minute {
		answer, err := transport.RoundTrip(mustRequest("GET", s.base+s.healthy, ""))
		if err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return time.Since(begun), nil
			}
		}
		time.Sleep(time.Millisecond)
	}
	return 0, errors.Join(fmt.Errorf("%s did not answer within a minute", s.name), s.stop())
}

func (s *server) stop() error {
	if s.process == nil {
		return nil
	}
	if err := s.process.Process.Signal(os.Interrupt); err != nil {
		return err
	}
	err := s.process.Wait()
	s.process = nil
	transport.CloseIdleConnections()
	var exit *exec.ExitError
	if errors.As(err, &exit) { // by the signal
		return nil
	}
	return err
}

// freeAddress is one that nobody listens at now.
func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer listener.Close()
	return listener.Addr().String(), nil
}

// ticksPerSecond is the unit of /proc/PID/stat, which Linux fixes at 100 for every program (man 5 proc, USER_HZ).
const ticksPerSecond = 100

// processorTime is what the process has used so far, in user and in system mode.
func (s *server) processorTime() (time.Duration, error) {
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(s.process.Process.Pid), "stat"))
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:])) // field 3 is the first of them
	user, userErr := strconv.ParseInt(fields[14-3], 10, 64)
	system, systemErr := strconv.ParseInt(fields[15-3], 10, 64)
	return time.Duration(user+system) * time.Second / ticksPerSecond, errors.Join(userErr, systemErr)
}

// memory is what the process holds now, in MB: VmRSS; most is the highest so far, VmHWM.
func (s *server) memory() (now, most float64, err error) {
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(s.process.Process.Pid), "status"))
	if err != nil {
		return 0, 0, err
	}
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(line, ":")
		kilobytes, _ := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 64)
		switch name {
		case "VmRSS":
			now = kilobytes / 1024
		case "VmHWM":
			most = kilobytes / 1024
		}
	}
	return now, most, nil
}

// build compiles the programs that are measured.
func build(dir string) error {
	for name, source := range map[string]string{"kinward": ".", "floor": "./bench/floor", "bare": "./bench/bare"} {
		command := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", filepath.Join(dir, name), source)
		command.Env = append(os.Environ(), "CGO_ENABLED=0")
		command.Stderr = os.Stderr
		if err := command.Run(); err != nil {
			return fmt.Errorf("building %s: %w", source, err)
		}
	}
	return nil
}

func mustRequest(method, url, body string) *http.Request {
	request, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		panic(err) // the addresses are made here
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	return request
}
