package auth

import (
	"cmp"
	"context"
	_ "embed" // the list of common passwords
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"feltbog/models"
)

// The bounds of a password, in code points. NIST SP 800-63B asks for 8 at least, and for no rules of
// composition.
const (
	minPassword = 10
	maxPassword = 200
)

// defaultHashing is the second of the equal choices in the OWASP Password Storage Cheat Sheet: the
// one with the least memory but two, so that a small machine can hash for a full lecture hall.
var defaultHashing = argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// hasher hashes passwords, a few at once: each takes 19 MiB and a core for some 20 ms.
type hasher struct {
	params  argon2id.Params
	nobody  string
	slots   chan struct{}
	waiting atomic.Int64
	queue   int64
	count   atomic.Int64
}

func newHasher(params argon2id.Params, slots, queue int) *hasher {
	zeros := func(n uint32) string { return base64.RawStdEncoding.EncodeToString(make([]byte, n)) }
	return &hasher{
		params: params, slots: make(chan struct{}, slots), queue: int64(queue),
		// A hash that costs as much as a real one and that no password has.
		nobody: fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s", params.Memory, params.Iterations, params.Parallelism,
			zeros(params.SaltLength), zeros(params.KeyLength)),
	}
}

// hash makes the hash of a password.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	if err := h.enter(ctx); err != nil {
		return "", err
	}
	defer h.leave()
	hash, err := argon2id.CreateHash(password, &h.params)
	if err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	return hash, nil
}

// verify says whether a hash is of a password, and whether it was made at another cost than today's.
// Without a hash the answer is no, after as much work.
func (h *hasher) verify(ctx context.Context, password, hash string) (ok, outdated bool, err error) {
	if err := h.enter(ctx); err != nil {
		return false, false, err
	}
	defer h.leave()
	match, params, err := argon2id.CheckHash(password, cmp.Or(hash, h.nobody))
	if err != nil {
		return false, false, fmt.Errorf("check a password: %w", err)
	}
	return match && hash != "", *params != h.params, nil
}

// enter waits for a slot, unless too many wait already.
func (h *hasher) enter(ctx context.Context) error {
	if h.waiting.Add(1) > h.queue+int64(cap(h.slots)) {
		h.waiting.Add(-1)
		return errBusy(nil)
	}
	select {
	case h.slots <- struct{}{}:
		h.count.Add(1)
		return nil
	case <-ctx.Done():
		h.waiting.Add(-1)
		return errBusy(ctx.Err())
	}
}

func (h *hasher) leave() {
	<-h.slots
	h.waiting.Add(-1)
}

func errBusy(cause error) error {
	e := models.Unavailable("busy", "Many people are signing in just now. Try again in a few seconds.", cause)
	e.RetryAfter = 5
	return e
}

//go:embed common-passwords.txt
var commonPasswords string

var common = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{}
	for word := range strings.Lines(commonPasswords) {
		all[strings.TrimSpace(word)] = true
	}
	return all
})

// checkPassword finds what is wrong with a new password of an account.
func checkPassword(f *faults, password, email, name string) {
	folded := strings.ToLower(password)
	local, _, _ := strings.Cut(email, "@")
	switch n := utf8.RuneCountInString(password); {
	case n < minPassword:
		f.add("/password", "password_too_short", fmt.Sprintf("A password has at least %d characters.", minPassword))
	case n > maxPassword:
		f.add("/password", "password_too_long", fmt.Sprintf("A password has at most %d characters.", maxPassword))
	case slices.Contains([]string{EmailKey(email), EmailKey(local), strings.ToLower(name)}, folded):
		f.add("/password", "password_is_name", "Choose a password that isn't your name or e-mail.")
	case common()[folded] || trivial(folded):
		f.add("/password", "password_too_common", "This password is one of the first that others would try. Choose another, such as four words that have nothing to do with each other.")
	}
}

// trivial says whether a password is a repetition of few characters or a run such as 1234567890.
func trivial(password string) bool {
	runes := []rune(password)
	distinct := map[rune]bool{}
	var up, down int
	for i, r := range runes {
		distinct[r] = true
		if i == 0 {
			continue
		}
		switch before := runes[i-1]; {
		case r == before+1, before == '9' && r == '0':
			up++
		case r == before-1, before == '0' && r == '9':
			down++
		}
	}
	return len(distinct) < 5 || max(up, down) == len(runes)-1
}
