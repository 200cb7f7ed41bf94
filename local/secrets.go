package local

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// secrets are the engines' passwords. They are made once for a data directory and kept in it.
type secrets struct {
	keyFile     string // path of the key that mongod knows itself by
	key         string // what is in it
	user        string // password of mongod's one user
	meilisearch string // master key
}

// openSecrets reads the secrets in folder, making those that are missing.
func openSecrets(folder string) (secrets, error) {
	s := secrets{keyFile: filepath.Join(folder, "mongod.key")}
	for path, value := range map[string]*string{
		s.keyFile:                                &s.key,
		filepath.Join(folder, "mongod.password"): &s.user,
		filepath.Join(folder, "meilisearch.key"): &s.meilisearch,
	} {
		var err error
		if *value, err = openSecret(path); err != nil {
			return secrets{}, explain(fmt.Errorf("open secret: %w", err))
		}
	}
	return s, nil
}

func openSecret(path string) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	if secret := strings.TrimSpace(string(text)); secret != "" {
		return secret, os.Chmod(path, fileMode) // mongod refuses a key that others can read.
	}
	secret := newSecret()
	return secret, writeFile(path, []byte(secret+"\n"))
}

// newSecret returns 256 random bits in hexadecimal digits, which need no escaping in a URI and pass
// for the base64 that mongod wants in its key file.
func newSecret() string {
	bits := make([]byte, 32)
	rand.Read(bits) // It never fails, says its documentation.
	return hex.EncodeToString(bits)
}
