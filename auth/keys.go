package auth

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"fmt"
	"strings"
)

// deriveKey makes the 32-byte key of one purpose out of the server's secret, by HKDF-SHA256
// (RFC 5869), so that no two purposes share a key.
func deriveKey(secret []byte, purpose string) []byte {
	key, err := hkdf.Key(sha256.New, secret, nil, "feltbog "+purpose, 32)
	if err != nil {
		panic(fmt.Sprintf("derive the key of %s: %v", purpose, err)) // only when too long a key is asked for
	}
	return key
}

// mac is the keyed hash (HMAC-SHA256) of a message.
func mac(key []byte, message string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(message))
	return h.Sum(nil)
}

// readable writes bits without the letters and digits that are mistaken for each other.
var readable = base32.NewEncoding("23456789abcdefghjkmnpqrstuvwxyz0").WithPadding(base32.NoPadding)

// grouped writes the first 100 of the bits as four groups of five characters, to be read out and typed.
func grouped(bits []byte) string {
	text := readable.EncodeToString(bits)
	return strings.Join([]string{text[0:5], text[5:10], text[10:15], text[15:20]}, "-")
}

// NewPassword makes a random password of 100 bits that can be read out and typed.
func NewPassword() string {
	bits := make([]byte, 13)
	rand.Read(bits) // never fails, says its documentation
	return grouped(bits)
}

// SetupCode is the code for Options.SetupCode that proves access to the server's log. It depends on
// the server's secret alone, so that every process prints and takes the same one.
func SetupCode(secret []byte) string { return grouped(deriveKey(secret, "setup code")) }

// sameCode compares codes as people type them, in a time that doesn't tell how much was right.
func sameCode(given, wanted string) bool {
	plain := func(s string) []byte {
		sum := sha256.Sum256([]byte(strings.ToLower(strings.NewReplacer("-", "", " ", "").Replace(s))))
		return sum[:]
	}
	return subtle.ConstantTimeCompare(plain(given), plain(wanted)) == 1
}
