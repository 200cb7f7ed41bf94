package auth

import (
	"strconv"
	"time"
)

// AccessKey is the key of access tokens, for tests that forge them.
func AccessKey(secret []byte) []byte { return deriveKey(secret, "access tokens") }

// FillLimiter lets a limiter count so many keys at once, and says how many it keeps.
func FillLimiter(keys int) int {
	l := newLimiter(10, time.Minute)
	for i := range keys {
		l.take(strconv.Itoa(i), time.Now())
	}
	return len(l.buckets)
}
