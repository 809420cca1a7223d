package clinic

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// Key is the practice's secret, kept in a file outside the data folder, so that a copy of the database alone
// neither opens a queued letter nor forges anything. The zero Key is unusable.
type Key struct{ secret []byte }

// ErrSealed says that something sealed could not be opened: it was changed, belongs elsewhere, or was sealed with another key.
var ErrSealed = errors.New("this was sealed with another key, or it was changed")

// NewKey makes a Key from 32 random bytes.
func NewKey() Key {
	secret := make([]byte, 32)
	rand.Read(secret) // never fails, crypto/rand
	return Key{secret}
}

// LoadKey reads the key file at path. With create it makes the file (mode 0600) when there is none; otherwise a missing
// file is an error, since a fresh key would leave every sealed letter unreadable.
func LoadKey(path string, create bool) (Key, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && create {
		key := NewKey()
		return key, writeKey(path, key)
	}
	if err != nil {
		return Key{}, fmt.Errorf("the key file cannot be read: %w", err)
	}
	key, err := ParseKey(text)
	if err != nil {
		return Key{}, fmt.Errorf("the key file %s is damaged: it must hold 32 bytes in base64", path)
	}
	return key, nil
}

// ParseKey reads what a key file holds, for instance one that came with a backup.
func ParseKey(text []byte) (Key, error) {
	secret, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(secret) != 32 {
		return Key{}, errors.New("a key is 32 bytes in base64")
	}
	return Key{secret}, nil
}

// writeKey makes the key file and waits until it is on the disk: what is sealed later must not outlive its key.
func writeKey(path string, key Key) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("the key file cannot be made: %w", err)
	}
	_, err = file.WriteString(base64.StdEncoding.EncodeToString(key.secret) + "\n")
	return errors.Join(err, file.Sync(), file.Close())
}

// Derive returns 32 bytes that depend on the key and a purpose (HKDF, RFC 5869), the same each time.
func (k Key) Derive(purpose string) []byte {
	out, err := hkdf.Key(sha256.New, k.secret, nil, "kinward "+purpose, 32)
	if err != nil {
		panic(err) // only for a length beyond 255 hashes
	}
	return out
}

// Seal encrypts plain with AES-256-GCM. What is sealed in one context cannot be opened in another.
func (k Key) Seal(plain []byte, context string) []byte {
	return k.aead().Seal(nil, nil, plain, []byte(context))
}

// Open decrypts what Seal made, or returns ErrSealed.
func (k Key) Open(sealed []byte, context string) ([]byte, error) {
	plain, err := k.aead().Open(nil, nil, sealed, []byte(context))
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}

func (k Key) aead() cipher.AEAD {
	block, err := aes.NewCipher(k.Derive("seal"))
	if err != nil {
		panic(err) // only for a key of the wrong length
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err)
	}
	return aead
}

// Token returns the token that belongs to a purpose, the same each time, so that a page can show it without keeping it.
func (k Key) Token(purpose string) string {
	return base64.RawURLEncoding.EncodeToString(k.Derive("token " + purpose))
}

// NewToken returns 256 random bits in URL-safe base64, 43 characters.
func NewToken() string {
	b := make([]byte, 32)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

// Hash returns the hexadecimal SHA-256 of a token: what the database keeps of it. Tokens have 256 bits of their own,
// so no salt and no slow hash is needed.
func Hash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
