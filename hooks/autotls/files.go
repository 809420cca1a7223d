package autotls

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// files serves a certificate of one's own. Both files are looked at on each handshake, which costs two stat calls, so
// that a renewal by whatever tool makes them needs neither a restart nor a signal.
type files struct {
	cert, key string
	log       *slog.Logger

	mu      sync.Mutex
	seen    [2]stamp // of the files as last tried, good or bad
	current *tls.Certificate
	problem string
}

// stamp tells one state of a file from another.
type stamp struct {
	changed time.Time
	size    int64
}

func stampOf(path string) (stamp, error) {
	info, err := os.Stat(path)
	if err != nil {
		return stamp{}, err
	}
	return stamp{info.ModTime(), info.Size()}, nil
}

// load reads the pair for the first time; where that fails the server must not start.
func (f *files) load() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.look()
	if f.current == nil {
		return errors.New(f.problem)
	}
	return nil
}

func (f *files) certificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.look()
	return f.current, nil
}

// look reads the pair again if either file is not what it was. A pair that does not fit, as between the two steps of
// replacing it, leaves the old one in use.
func (f *files) look() {
	now, err := f.stamps()
	if err == nil && now == f.seen {
		return
	}
	var pair tls.Certificate
	if err == nil {
		f.seen = now
		pair, err = tls.LoadX509KeyPair(f.cert, f.key)
	}
	if err == nil && pair.Leaf == nil {
		pair.Leaf, err = x509.ParseCertificate(pair.Certificate[0])
	}
	if err != nil {
		say := fmt.Sprintf("the certificate %s with the key %s cannot be used: %v", f.cert, f.key, err)
		if say != f.problem {
			f.log.Warn(say, "in_use", f.current != nil)
		}
		f.problem = say
		return
	}
	if f.current != nil {
		f.log.Info("certificate files read again", "ends", pair.Leaf.NotAfter)
	}
	f.current, f.problem = &pair, ""
}

func (f *files) stamps() ([2]stamp, error) {
	cert, err := stampOf(f.cert)
	if err != nil {
		return [2]stamp{}, err
	}
	key, err := stampOf(f.key)
	return [2]stamp{cert, key}, err
}

// leaf gives the certificate in use and what is wrong with the files now, if anything.
func (f *files) leaf() (*x509.Certificate, string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.look()
	return f.current.Leaf, f.problem
}
