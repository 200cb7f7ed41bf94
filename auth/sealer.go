package auth

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"

	"feltbog/models"
)

// Sealer hides small values from those who carry them for us (stream positions, list cursors, file
// addresses) and notices when they were changed. It is AES-256-GCM under a key of its purpose, so
// what is sealed for one purpose doesn't open for another. It is safe for concurrent use.
type Sealer struct{ aead cipher.AEAD }

// NewSealer makes the sealer of one purpose from the server's secret.
func NewSealer(secret []byte, purpose string) *Sealer {
	block, err := aes.NewCipher(deriveKey(secret, "seal of "+purpose))
	if err != nil {
		panic(fmt.Sprintf("cipher of %s: %v", purpose, err)) // only for a key of another length
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(fmt.Sprintf("cipher of %s: %v", purpose, err)) // only for a cipher of another kind
	}
	return &Sealer{aead}
}

// Seal gives plain as a text that is safe in a URL and as long for every plain of up to length bytes,
// so that its size tells nothing. It returns an error if plain is longer.
func (s *Sealer) Seal(plain []byte, length int) (string, error) {
	if len(plain) > length || length > 1<<16-1 {
		return "", fmt.Errorf("seal %d bytes in a place for %d", len(plain), length)
	}
	padded := make([]byte, 2+length)
	binary.BigEndian.PutUint16(padded, uint16(len(plain))) //nolint:gosec // bounded just above
	copy(padded[2:], plain)
	return base64.RawURLEncoding.EncodeToString(s.aead.Seal(nil, nil, padded, nil)), nil
}

// Open gives what was sealed. It returns Malformed (seal_broken) for anything that this purpose's
// sealer didn't make.
func (s *Sealer) Open(sealed string) ([]byte, error) {
	// One value has one text only: no stray bits at its end, and no line breaks, which are skipped.
	bits, err := base64.RawURLEncoding.Strict().DecodeString(sealed)
	if err != nil || strings.ContainsAny(sealed, "\r\n") {
		return nil, errSeal().Because(err)
	}
	padded, err := s.aead.Open(nil, nil, bits, nil)
	if err != nil {
		return nil, errSeal().Because(err)
	}
	if len(padded) < 2 || int(binary.BigEndian.Uint16(padded)) > len(padded)-2 {
		return nil, errSeal()
	}
	return padded[2 : 2+binary.BigEndian.Uint16(padded)], nil
}

func errSeal() *models.Error {
	return models.Malformed("seal_broken", "This isn't something we gave out, or it was changed on its way.")
}
