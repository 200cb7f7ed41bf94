package models

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
)

// NewSecret makes what a link carries: 256 random bits, safe in an address. Only HashSecret of it is kept.
func NewSecret() string {
	bits := make([]byte, 32)
	rand.Read(bits) // never fails, says its documentation
	return base64.RawURLEncoding.EncodeToString(bits)
}

// HashSecret is what the store keeps of a secret: SHA-256, in hexadecimal. The secret holds 256 bits that
// nobody can guess, so a plain hash is enough.
func HashSecret(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
