package teaching

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"feltbog/models"
)

// HashOf gives the SHA-256, in hexadecimal, of a hand-in as the API shows it, without hash and takenBackAt,
// in canonical JSON (RFC 8785): UTF-8, no white space, names in order. So whoever has the hand-in can
// compute it again, with jq -jcS 'del(.hash, .takenBackAt)' and sha256sum for one.
func HashOf(h *models.HandIn) (string, error) {
	stripped := *h
	stripped.Hash, stripped.TakenBackAt = "", nil
	b, err := json.Marshal(&stripped)
	if err != nil {
		return "", fmt.Errorf("write hand-in %s: %w", h.ID, err)
	}
	canonical, err := Canonical(b, "hash", "takenBackAt")
	if err != nil {
		return "", fmt.Errorf("hand-in %s: %w", h.ID, err)
	}
	sum := sha256.Sum256(canonical)
	return hex.EncodeToString(sum[:]), nil
}

// Canonical writes a JSON object in the canonical form of RFC 8785, without the members named. Its names
// are ASCII and its numbers whole, as all of a hand-in are: of both, the RFC says more.
func Canonical(object []byte, without ...string) ([]byte, error) {
	var members map[string]any
	d := json.NewDecoder(bytes.NewReader(object))
	d.UseNumber()
	if err := d.Decode(&members); err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	for _, name := range without {
		delete(members, name)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b) // sorts the names of maps, and ends with a newline
	e.SetEscapeHTML(false)
	if err := e.Encode(members); err != nil {
		return nil, fmt.Errorf("write: %w", err)
	}
	out := bytes.TrimSuffix(b.Bytes(), []byte("\n"))
	// encoding/json escapes the two line separators for the sake of JavaScript; the RFC leaves them.
	return unescape(out), nil
}

// unescape writes U+2028 and U+2029 as they are. A backslash before the escape's own would mean that the
// text holds those six characters.
func unescape(b []byte) []byte {
	if !bytes.Contains(b, []byte(`\u202`)) {
		return b
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] != '\\' {
			out = append(out, b[i])
			continue
		}
		switch rest := b[i:]; {
		case bytes.HasPrefix(rest, []byte(`\u2028`)):
			out, i = append(out, "\u2028"...), i+5
		case bytes.HasPrefix(rest, []byte(`\u2029`)):
			out, i = append(out, "\u2029"...), i+5
		default:
			out, i = append(out, b[i], b[i+1]), i+1
		}
	}
	return out
}
