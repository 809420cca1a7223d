package backup

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"filippo.io/age"
)

// What can be wrong with the keys to an encrypted archive.
var (
	ErrEncrypted = errors.New("the archive is encrypted: say with --identity FILE where its key is, " +
		"or set KINWARD_BACKUP_PASSPHRASE")
	ErrWrongIdentity = errors.New("the archive was encrypted for another key or with another passphrase")
)

// ageHeader begins every file that age encrypted (age-encryption.org/v1).
const ageHeader = "age-encryption.org/"

// Recipients tells whom an archive is encrypted for: age public keys ("age1…", several separated by commas or spaces) or a
// passphrase. With neither it returns none: the archive stays plain. Age allows no other recipient beside a passphrase.
func Recipients(keys, passphrase string) ([]age.Recipient, error) {
	keys = strings.Join(strings.FieldsFunc(keys, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' || r == '\t' }), "\n")
	switch {
	case keys != "" && passphrase != "":
		return nil, errors.New("encrypt the backup for a key or with a passphrase, not both")
	case keys != "":
		recipients, err := age.ParseRecipients(strings.NewReader(keys))
		if err != nil {
			return nil, fmt.Errorf("a recipient is an age public key that begins with age1: %w", err)
		}
		return recipients, nil
	case passphrase != "":
		recipient, err := age.NewScryptRecipient(passphrase)
		return []age.Recipient{recipient}, err
	}
	return nil, nil
}

// Identities reads what opens an encrypted archive: the file of an age identity, a passphrase, both or neither.
func Identities(file, passphrase string) ([]age.Identity, error) {
	var all []age.Identity
	if file != "" {
		opened, err := os.Open(file)
		if err != nil {
			return nil, fmt.Errorf("the identity cannot be read: %w", err)
		}
		defer opened.Close()
		if all, err = age.ParseIdentities(opened); err != nil {
			return nil, fmt.Errorf("%s holds no age identity: %w", file, err)
		}
	}
	if passphrase != "" {
		identity, err := age.NewScryptIdentity(passphrase)
		if err != nil {
			return nil, err
		}
		all = append(all, identity)
	}
	return all, nil
}

// NewIdentity makes a key pair for backups: the text of an identity file, and the public key that archives are encrypted for.
func NewIdentity() (text, recipient string, err error) {
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return "", "", err
	}
	recipient = identity.Recipient().String()
	return "# public key: " + recipient + "\n" + identity.String() + "\n", recipient, nil
}

// Decrypt returns the plain archive that r holds, encrypted or not, and whether it was encrypted.
func Decrypt(r io.Reader, identities []age.Identity) (plain io.Reader, encrypted bool, err error) {
	buffered := bufio.NewReaderSize(r, 64<<10)
	start, err := buffered.Peek(len(ageHeader))
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, false, err
	}
	if string(start) != ageHeader {
		return buffered, false, nil
	}
	if len(identities) == 0 {
		return nil, true, ErrEncrypted
	}
	decrypted, err := age.Decrypt(buffered, identities...)
	var none *age.NoIdentityMatchError
	switch {
	case errors.As(err, &none):
		return nil, true, ErrWrongIdentity
	case err != nil:
		return nil, true, fmt.Errorf("%w (%w)", ErrDamaged, err)
	}
	return &authenticated{decrypted}, true, nil
}

// authenticated makes age's own words for a changed or cut file ours.
type authenticated struct{ io.Reader }

func (a *authenticated) Read(p []byte) (int, error) {
	n, err := a.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("%w (%w)", ErrDamaged, err)
	}
	return n, err
}
