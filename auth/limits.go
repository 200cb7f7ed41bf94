package auth

import (
	"crypto/sha256"
	"net/netip"
	"sync"
	"time"

	"feltbog/models"
)

// maxBuckets bounds the memory of a limiter to about 2 MB.
const maxBuckets = 20_000

// limiter keeps a bucket of tokens per key: full with burst tokens, and one more each interval. It
// differs from x/time/rate in what this package needs: a token can be given back, and one can be
// spent without being there. Limits are per process.
type limiter struct {
	burst float64
	every time.Duration

	mu      sync.Mutex
	buckets map[[32]byte]bucket
}

// bucket holds tokens as they were at a time. An absent bucket is full.
type bucket struct {
	tokens float64
	at     time.Time
}

// Limiter bounds how often each of many does something. It is safe for concurrent use, and bounds what
// reaches one process.
type Limiter struct{ buckets *limiter }

// NewLimiter lets each do something burst times at once, and once more each interval.
func NewLimiter(burst int, every time.Duration) *Limiter { return &Limiter{newLimiter(burst, every)} }

// Take takes a turn for key, or says how long to wait for one.
func (l *Limiter) Take(key string) time.Duration { return l.buckets.take(key, time.Now()) }

func newLimiter(burst int, every time.Duration) *limiter {
	return &limiter{burst: float64(burst), every: every, buckets: map[[32]byte]bucket{}}
}

// wait says how long key has to wait for a token; zero if there is one.
func (l *limiter) wait(key string, now time.Time) time.Duration {
	return l.spend(key, now, func(float64) float64 { return 0 })
}

// take takes a token, or says how long to wait for one.
func (l *limiter) take(key string, now time.Time) time.Duration {
	return l.spend(key, now, func(there float64) float64 {
		if there < 1 {
			return 0
		}
		return 1
	})
}

// charge takes a token even if there is none, down to a debt as large as the burst: attempts that
// ran side by side before the first failed are paid for afterwards.
func (l *limiter) charge(key string, now time.Time) {
	l.spend(key, now, func(float64) float64 { return 1 })
}

// refund gives a token back.
func (l *limiter) refund(key string, now time.Time) {
	l.spend(key, now, func(float64) float64 { return -1 })
}

// spend takes as many tokens as price says of those that are there. It gives the time that was left
// to wait for one token before that.
func (l *limiter) spend(key string, now time.Time, price func(there float64) float64) time.Duration {
	hash := sha256.Sum256([]byte(key))
	l.mu.Lock()
	defer l.mu.Unlock()
	before := l.buckets[hash]
	if now.Before(before.at) {
		now = before.at
	}
	there := l.there(before, now)
	tokens := min(max(there-price(there), -l.burst), l.burst)
	if tokens == l.burst {
		delete(l.buckets, hash)
		return 0
	}
	if len(l.buckets) >= maxBuckets {
		l.sweep(now)
	}
	l.buckets[hash] = bucket{tokens, now}
	return time.Duration(max(1-there, 0) * float64(l.every))
}

func (l *limiter) there(b bucket, now time.Time) float64 {
	if b.at.IsZero() {
		return l.burst
	}
	return min(b.tokens+float64(now.Sub(b.at))/float64(l.every), l.burst)
}

// sweep forgets full buckets, and if those are few, others as they come: whoever fills a limiter with
// this many keys in one refill has paid a password hash for each.
func (l *limiter) sweep(now time.Time) {
	for key, b := range l.buckets {
		if l.there(b, now) == l.burst {
			delete(l.buckets, key)
		}
	}
	for key := range l.buckets {
		if len(l.buckets) < maxBuckets*9/10 {
			return
		}
		delete(l.buckets, key)
	}
}

// addressKey is what failures are counted by: an IPv4 address, or the /64 that one IPv6 customer has.
func addressKey(a netip.Addr) string {
	a = a.Unmap().WithZone("")
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}

func errTooMany(wait time.Duration) error {
	seconds := int(wait/time.Second) + 1
	return models.TooMany("attempts_too_many", "That were too many attempts. Wait a little and try again.", seconds)
}
